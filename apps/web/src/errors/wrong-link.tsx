// The address leads to no screen, or names a room that cannot be.

import { Unlink } from 'lucide';
import { screens as t } from '../i18n/messages/screens.js';
import { LinkButton } from '../ui/button.js';
import { Notice } from './notice.js';

export function WrongLink() {
  return (
    <Notice icon={Unlink} title={t('wrongLinkTitle')} text={t('wrongLinkText')}>
      <LinkButton href="/" rank="main">
        {t('toHome')}
      </LinkButton>
    </Notice>
  );
}
