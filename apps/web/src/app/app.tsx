// The whole page: which screen is shown, and what lies over every screen.

import { useEffect } from 'preact/hooks';
import { WrongLink } from '../errors/wrong-link.js';
import { Home } from '../home/home.js';
import { language } from '../i18n/language.js';
import { Announcer } from '../ui/announcer.js';
import { lazy } from '../ui/lazy.js';
import { Toaster } from '../ui/toast.js';
import { RoomPage } from './room-page.js';
import { route } from './router.js';

const doctor = lazy(() => import('../doctor/doctor.js').then((module) => module.Doctor));
const lab = lazy(() => import('../lab/lab.js').then((module) => module.Lab));

export function App() {
  const lang = language.value;
  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);
  return (
    <>
      <Screen />
      <Toaster />
      <Announcer />
    </>
  );
}

function Screen() {
  const now = route.value;
  switch (now.screen) {
    case 'home':
      return <Home />;
    case 'doctor':
      return <doctor.Component />;
    case 'lab':
      return <lab.Component />;
    case 'room':
      // Another room is another visit: the key makes everything of the former one go.
      return <RoomPage key={now.room} room={now.room} wishes={now.wishes} />;
    case 'wrong-link':
      return <WrongLink />;
  }
}
