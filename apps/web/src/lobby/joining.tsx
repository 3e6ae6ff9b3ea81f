// Shown instead of the lobby when the link says `?join`: what is waited for, and the way to the lobby.

import type { Session } from '../app/session.js';
import { useTitle } from '../app/title.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { Button } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { entryOf } from './entry.js';
import type { JoinWish } from './join-wish.js';
import { Readiness } from './readiness.js';
import './lobby.css';

interface JoiningProps {
  readonly session: Session;
  readonly wish: JoinWish;
  readonly onLobby: () => void;
}

export function Joining({ session, wish, onLobby }: JoiningProps) {
  const room = session.roomState.value;
  useTitle(room.room);
  return (
    <Page>
      <div class="joining">
        <h1>{t('joiningRoom', { room: room.room })}</h1>
        <Readiness session={session} entry={entryOf(room)} waiting refusal={wish.refusal.value} />
        <Button rank="outline" onClick={onLobby}>
          {t('toLobby')}
        </Button>
      </div>
    </Page>
  );
}
