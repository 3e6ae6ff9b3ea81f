// After the room: left by will, continued elsewhere, or put out with a reason.

import type { MaruError } from '@maru/client';
import { DoorOpen, MonitorSmartphone, TriangleAlert } from 'lucide';
import { errorText } from '../i18n/messages/errors.js';
import { screens as t } from '../i18n/messages/screens.js';
import { Button, LinkButton } from '../ui/button.js';
import { Notice } from './notice.js';
import { remedyFor } from './remedy.js';

interface LeftProps {
  readonly room: string;
  /** Null when the person left by will. */
  readonly error: MaruError | null;
  readonly onRejoin: () => void;
}

export function Left({ room, error, onRejoin }: LeftProps) {
  if (error === null) {
    return (
      <Notice icon={DoorOpen} title={t('leftTitle', { room })} text={t('leftText')}>
        <Rejoin label={t('rejoin')} onRejoin={onRejoin} />
      </Notice>
    );
  }
  if (error.code === 'replaced-elsewhere') {
    return (
      <Notice icon={MonitorSmartphone} title={t('elsewhereTitle')} text={errorText(error)}>
        <Rejoin label={t('joinHere')} onRejoin={onRejoin} />
      </Notice>
    );
  }
  const reload = remedyFor(error) === 'reload';
  return (
    <Notice icon={TriangleAlert} title={t('endedTitle', { room })} text={errorText(error)}>
      <Rejoin
        label={reload ? t('reloadPage') : t('rejoin')}
        onRejoin={reload ? () => location.reload() : onRejoin}
      />
    </Notice>
  );
}

function Rejoin({ label, onRejoin }: { readonly label: string; readonly onRejoin: () => void }) {
  return (
    <>
      <Button rank="main" onClick={onRejoin}>
        {label}
      </Button>
      <LinkButton href="/" rank="outline">
        {t('toHome')}
      </LinkButton>
    </>
  );
}
