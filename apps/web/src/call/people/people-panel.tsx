// Who is in the room, how it stands with each, and whether the door is open.

import type { PeerSnapshot } from '@maru/client';
import type { IconNode } from 'lucide';
import { Hand, Link, LockKeyhole, LockKeyholeOpen, Mic, MicOff, VideoOff } from 'lucide';
import { common } from '../../i18n/messages/common.js';
import { Button } from '../../ui/button.js';
import { useCopyLink } from '../../ui/copy-link.js';
import { Icon } from '../../ui/icon.js';
import { Initial } from '../../ui/initial.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import { Panel } from '../panel.js';
import { type PeerCondition, peerCondition } from '../tile/peer-condition.js';
import { toggleLock } from './lock.js';

export function PeoplePanel() {
  const { session } = useCall();
  const { self, peers, info } = session.roomState.value;
  const { copied, copy } = useCopyLink(session.link);
  const locked = info?.locked === true;
  return (
    <Panel title={t('people')}>
      <ul class="people">
        {peers.map((peer) => (
          <Person key={peer.id} name={peer.name} state={peer.state} condition={peerCondition(peer)} />
        ))}
        {self && <Person name={self.name} own state={self.state} condition="live" />}
      </ul>
      <div class="panel-foot">
        {locked && <p class="panel-hint">{t('lockHint')}</p>}
        <Button icon={Link} onClick={copy}>
          {copied ? common('linkCopied') : common('copyLink')}
        </Button>
        <Button icon={locked ? LockKeyholeOpen : LockKeyhole} onClick={() => void toggleLock(session.room)}>
          {t(locked ? 'unlock' : 'lock')}
        </Button>
      </div>
    </Panel>
  );
}

interface PersonProps {
  readonly name: string;
  readonly own?: boolean;
  readonly state: PeerSnapshot['state'];
  readonly condition: PeerCondition;
}

function Person({ name, own = false, state, condition }: PersonProps) {
  return (
    <li class="person">
      <Initial name={name} />
      <p class="person-name">
        <span>{own ? t('you', { name }) : name}</span>
        {condition !== 'live' && (
          <span class="person-words">{condition === 'failed' ? t('noPathShort') : t(condition)}</span>
        )}
      </p>
      {state.hand && <Mark icon={Hand} words={t('handUp')} look="hand" />}
      {!state.camera && <Mark icon={VideoOff} words={t('cameraOff')} look="off" />}
      {state.mic ? (
        <Mark icon={Mic} words={t('micOn')} look="on" />
      ) : (
        <Mark icon={MicOff} words={t('muted')} look="muted" />
      )}
    </li>
  );
}

interface MarkProps {
  readonly icon: IconNode;
  readonly words: string;
  readonly look: 'hand' | 'off' | 'on' | 'muted';
}

function Mark({ icon, words, look }: MarkProps) {
  return (
    <span class={`mark mark-${look}`} title={words}>
      <Icon of={icon} size={18} />
      <span class="visually-hidden">{words}</span>
    </span>
  );
}
