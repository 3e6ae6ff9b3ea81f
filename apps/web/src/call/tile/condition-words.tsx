// What a tile says while the link to its person is not there, and the button where one helps.

import type { PeerSnapshot } from '@maru/client';
import { Button } from '../../ui/button.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import type { PeerCondition } from './peer-condition.js';

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
    case 'reconnecting':
      return <p class="tile-words">{t(condition)}</p>;
    case 'failed':
      return (
        <div class="tile-words">
          <p class="tile-words-long">{t('noPath', { name: peer.name })}</p>
          <p class="tile-words-short">{t('noPathShort')}</p>
          <Button rank="soft" onClick={() => session.room.retry(peer.id)}>
            {t('retry')}
          </Button>
        </div>
      );
  }
}
