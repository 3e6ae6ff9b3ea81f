// Home: one sentence, one field, one alternative; the rooms of lately below.

import { roomPath } from '../app/route.js';
import { navigate } from '../app/router.js';
import { useTitle } from '../app/title.js';
import { translator } from '../i18n/i18n.js';
import { homeMessages } from '../i18n/messages/home.js';
import { Button } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { Floor } from './floor.js';
import { RecentRooms } from './recent-list.js';
import { RoomForm } from './room-form.js';
import { randomRoomName } from './room-names.js';
import './home.css';

const t = translator(homeMessages);

export function Home() {
  useTitle(null);
  return (
    <Page
      tools={
        <a class="page-link" href="/lab">
          {t('howItWorks')}
        </a>
      }
      footer={
        <>
          <span>{t('footer')}</span>
          <span>{t('openSource')}</span>
        </>
      }
    >
      <div class="home">
        <div class="home-words">
          <h1 class="home-title">
            {t('titleStart')}
            <br />
            {t('titleEnd')}
          </h1>
          <p class="home-lead">{t('lead')}</p>
          <RoomForm />
          <p class="home-or">
            <span>{t('or')}</span>
            <Button rank="outline" onClick={() => navigate(roomPath(randomRoomName()) ?? '/')}>
              {t('newRoom')}
            </Button>
          </p>
          <RecentRooms />
          <Promises />
        </div>
        <Floor title={t('picture')} />
      </div>
    </Page>
  );
}

function Promises() {
  const promises = [
    [t('directTitle'), t('directText')],
    [t('installTitle'), t('installText')],
    [t('accountTitle'), t('accountText')],
  ] as const;
  return (
    <ul class="home-promises">
      {promises.map(([title, text]) => (
        <li key={title}>
          <strong>{title}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
