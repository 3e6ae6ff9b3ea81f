// What a tile says while the link to its person is not there, and the button where one helps.

import { MaruError, type PeerSnapshot } from '@maru/client';
import { errorText } from '../../i18n/messages/errors.js';
import { Button } from '../../ui/button.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import type { PeerCondition } from './peer-condition.js';

type StepWords = 'stepSignalling' | 'stepRestart' | 'stepRelay' | 'stepRebuild';

/** What is being done about a path, where it is more than to wait for it. */
const STEP_WORDS: Readonly<Partial<Record<PeerSnapshot['step'], StepWords>>> = {
  signalling: 'stepSignalling',
  ask: 'stepRestart',
  restart: 'stepRestart',
  relay: 'stepRelay',
  rebuild: 'stepRebuild',
};

interface ConditionWordsProps {
  readonly peer: PeerSnapshot;
  readonly condition: PeerCondition;
}

export function ConditionWords({ peer, condition }: ConditionWordsProps) {
  const { session } = useCall();
  switch (condition) {
    case 'live':
      return null;
    case 'connecting':
    case 'reconnecting': {
      const step = STEP_WORDS[peer.step];
      return (
        <p class="tile-words">
          {t(condition)}
          {step && <small class="tile-words-long">{t(step)}</small>}
        </p>
      );
    }
    case 'failed':
      return (
        <div class="tile-words">
          <p class="tile-words-long">{errorText(new MaruError(peer.reason ?? 'no-path'), peer.name)}</p>
          <p class="tile-words-short">{t('noPathShort')}</p>
          <Button rank="soft" onClick={() => session.room.retry(peer.id)}>
            {t('retry')}
          </Button>
        </div>
      );
  }
}
