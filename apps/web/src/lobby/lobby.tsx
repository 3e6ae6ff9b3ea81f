// The lobby: how you look and sound, who is inside, your name, one big button.

import { useSignal } from '@preact/signals';
import { Link2, SlidersHorizontal } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../app/session.js';
import { useTitle } from '../app/title.js';
import { DeviceSelects } from '../devices/device-selects.js';
import { common } from '../i18n/messages/common.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { Button } from '../ui/button.js';
import { copyLink } from '../ui/copy-link.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { Page } from '../ui/page.js';
import { JoinForm } from './join-form.js';
import type { JoinWish } from './join-wish.js';
import { Picture } from './picture.js';
import { WhoIsInside } from './who-is-inside.js';
import './lobby.css';
import './picture.css';

interface LobbyProps {
  readonly session: Session;
  readonly wish: JoinWish;
  readonly name: string;
}

export function Lobby({ session, wish, name }: LobbyProps) {
  const { room, occupancy, signalling } = session.roomState.value;
  const typedName = useSignal(name);
  useTitle(room);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <Page
      tools={
        <Button icon={Link2} onClick={() => void copyLink(session.link)}>
          {common('copyLink')}
        </Button>
      }
    >
      <div class="lobby">
        <div class="lobby-left">
          <Picture session={session} name={typedName.value} />
          <div class="lobby-chips">
            <DeviceSelects session={session} look="chips" />
          </div>
          <DevicesButton session={session} />
        </div>
        <div class="lobby-right">
          <h1 ref={heading} tabindex={-1} class="lobby-room">
            {room}
          </h1>
          {/* Without the server nobody knows who is inside now. */}
          <WhoIsInside occupancy={signalling === 'open' ? occupancy : null} />
          <JoinForm session={session} wish={wish} name={typedName} />
        </div>
      </div>
    </Page>
  );
}

/** On a phone the devices are behind one button (LOOK, "Screens"). */
function DevicesButton({ session }: { readonly session: Session }) {
  const open = useSignal(false);
  return (
    <div class="lobby-devices">
      <button
        type="button"
        class="picture-corner"
        aria-label={t('devices')}
        title={t('devices')}
        onClick={() => {
          open.value = true;
        }}
      >
        <Icon of={SlidersHorizontal} />
      </button>
      {open.value && (
        <Dialog
          title={t('devices')}
          onClose={() => {
            open.value = false;
          }}
        >
          <div class="lobby-device-list">
            <DeviceSelects session={session} look="rows" />
          </div>
        </Dialog>
      )}
    </div>
  );
}
