// One room's page: lobby, call, and what comes after, for as long as the address names this room.

import { checkSupport } from '@maru/client';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Left } from '../errors/left.js';
import { Unsupported } from '../errors/unsupported.js';
import { noteRoom } from '../home/recent-rooms.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { createJoinWish } from '../lobby/join-wish.js';
import { Joining } from '../lobby/joining.js';
import { Lobby } from '../lobby/lobby.js';
import { lazy } from '../ui/lazy.js';
import { dimLights } from './lights.js';
import { suggestName } from './names.js';
import type { RoomWishes } from './route.js';
import { createSession } from './session.js';

const call = lazy(() => import('../call/call-screen.js').then((module) => module.CallScreen));

interface RoomPageProps {
  readonly room: string;
  readonly wishes: RoomWishes;
}

/** What one visit starts with; joining again is another visit. */
interface VisitStart extends RoomWishes {
  readonly number: number;
}

export function RoomPage({ room, wishes }: RoomPageProps) {
  const [start, setStart] = useState<VisitStart>({ ...wishes, number: 0 });
  const unsupported = useMemo(checkSupport, []);
  // An insecure page can still join without devices; without WebRTC there is nothing to join.
  if (unsupported?.code === 'webrtc-missing') return <Unsupported error={unsupported} />;
  return (
    <Visit
      key={start.number}
      room={room}
      start={start}
      onAgain={(next) => setStart({ ...next, number: start.number + 1 })}
    />
  );
}

interface VisitProps {
  readonly room: string;
  readonly start: VisitStart;
  readonly onAgain: (wishes: RoomWishes) => void;
}

function Visit({ room, start, onAgain }: VisitProps) {
  const { mic, camera, topology } = start;
  const [session] = useState(() => createSession({ room, mic, camera, topology }));
  const [wish] = useState(() => createJoinWish(session));
  const [skipLobby, setSkipLobby] = useState(start.join);
  const name = suggestName(start.name);
  const snapshot = session.roomState.value;
  const joined = snapshot.phase === 'joined';
  const devices = useRef({ mic: start.mic, camera: start.camera });
  if (joined) {
    const { microphone, camera } = session.mediaState.value;
    devices.current = { mic: microphone.wanted, camera: camera.wanted };
  }

  useEffect(() => {
    if (start.join) wish.want(name ?? t('guest'));
    return () => {
      wish.close();
      session.close();
    };
  }, []);
  useEffect(() => {
    // Coming back through the back/forward cache finds a closed room (HTML, `pageshow`): begin anew.
    const begin = (event: PageTransitionEvent) => event.persisted && onAgain({ ...start, join: false });
    addEventListener('pageshow', begin);
    return () => removeEventListener('pageshow', begin);
  }, [onAgain, start]);
  useEffect(() => {
    // The call's own code comes while the person is busy with their hair: pressing Join needs no download.
    if (snapshot.ready) call.prefetch();
  }, [snapshot.ready]);
  useEffect(() => {
    if (!joined) return;
    noteRoom(room);
    return dimLights();
  }, [joined, room]);

  switch (snapshot.phase) {
    case 'lobby':
    case 'joining':
      if (skipLobby && wish.refusal.value === null) {
        return <Joining session={session} wish={wish} onLobby={leaveQueue} />;
      }
      return <Lobby session={session} wish={wish} name={name ?? ''} />;
    case 'joined':
      return <call.Component session={session} />;
    case 'left':
      return <Left room={room} error={snapshot.error} onRejoin={rejoin} />;
  }

  function leaveQueue(): void {
    wish.giveUp();
    setSkipLobby(false);
  }

  function rejoin(): void {
    // As the person was when they left: the same name, the same devices on.
    onAgain({ ...start, name: wish.name.value ?? start.name, ...devices.current, join: true });
  }
}
