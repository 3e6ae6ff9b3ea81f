// The browser has no WebRTC: nothing on a room's page could work.

import type { MaruError } from '@maru/client';
import { MonitorX } from 'lucide';
import { common } from '../i18n/messages/common.js';
import { errorText } from '../i18n/messages/errors.js';
import { screens as t } from '../i18n/messages/screens.js';
import { Button } from '../ui/button.js';
import { copyLink } from '../ui/copy-link.js';
import { Notice } from './notice.js';

interface UnsupportedProps {
  readonly error: MaruError;
}

/** The way out is another browser: the button takes the link there. */
export function Unsupported({ error }: UnsupportedProps) {
  return (
    <Notice icon={MonitorX} title={t('unsupportedTitle')} text={errorText(error)}>
      <Button rank="main" onClick={() => void copyLink(location.href)}>
        {common('copyLink')}
      </Button>
    </Notice>
  );
}
