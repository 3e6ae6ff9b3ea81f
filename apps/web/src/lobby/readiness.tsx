// The line under the big button: the connection is ready, or what is not and what can be done.

import { MaruError } from '@maru/client';
import { Check } from 'lucide';
import type { Session } from '../app/session.js';
import { common } from '../i18n/messages/common.js';
import { errorText } from '../i18n/messages/errors.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import type { Entry } from './entry.js';

interface ReadinessProps {
  readonly session: Session;
  readonly entry: Entry;
  /** True while Join was pressed and is waited for. */
  readonly waiting: boolean;
  /** Why the last try was refused; null when it was not. */
  readonly refusal: MaruError | null;
}

export function Readiness({ session, entry, waiting, refusal }: ReadinessProps) {
  return (
    <div class="readiness" role="status">
      <Words session={session} entry={entry} waiting={waiting} refusal={refusal} />
    </div>
  );
}

function Words({ session, entry, waiting, refusal }: ReadinessProps) {
  if (refusal !== null) return <p class="readiness-bad">{errorText(refusal)}</p>;
  switch (entry.state) {
    case 'connecting':
      return <p class="readiness-wait">{t('connecting')}</p>;
    case 'joining':
      return <p class="readiness-wait">{t('joining')}</p>;
    case 'ready':
      return (
        <p class="readiness-good">
          <Icon of={Check} size={16} />
          {t('ready')}
        </p>
      );
    case 'full':
      return (
        <p class="readiness-bad">
          {waiting
            ? t('waitFull', { limit: entry.limit })
            : errorText(new MaruError('room-full', { limit: entry.limit }))}
        </p>
      );
    case 'locked':
      return (
        <p class="readiness-bad">{waiting ? t('waitLocked') : errorText(new MaruError('room-locked'))}</p>
      );
    case 'unreachable':
      return (
        <>
          <p class="readiness-bad">{waiting ? t('waitServer') : t('unreachable')}</p>
          <Button onClick={() => session.room.retry()}>{t('tryNow')}</Button>
        </>
      );
    case 'refused':
      return (
        <>
          <p class="readiness-bad">{errorText(entry.error)}</p>
          {entry.error.retry ? (
            <Button onClick={() => session.room.retry()}>{common('retry')}</Button>
          ) : (
            <Button onClick={() => location.reload()}>{common('reload')}</Button>
          )}
        </>
      );
  }
}
