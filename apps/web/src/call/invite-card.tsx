// Alone in a room: the link to share, large, where the others will be.

import { Check, Link, Share2 } from 'lucide';
import { common } from '../i18n/messages/common.js';
import { Button } from '../ui/button.js';
import { shareLink, useCopyLink } from '../ui/copy-link.js';
import { useCall } from './call-model.js';
import { t } from './messages.js';

export function InviteCard() {
  const { session } = useCall();
  const { copied, copy } = useCopyLink(session.link);
  return (
    <section class="tile invite" data-tile="invite" aria-label={t('roomLink')}>
      <div class="invite-body">
        <h2>
          {t('aloneTitle')} <span>{t('aloneBody')}</span>
        </h2>
        <input
          class="invite-link"
          readOnly
          aria-label={t('roomLink')}
          value={readable(session.link)}
          onFocus={(event) => event.currentTarget.select()}
          onCopy={(event) => {
            // What is read is not what a messenger makes a link of: spaces and other scripts stay encoded there.
            event.clipboardData?.setData('text/plain', session.link);
            event.preventDefault();
          }}
        />
        <div class="invite-actions">
          <Button rank="main" icon={copied ? Check : Link} onClick={copy}>
            {copied ? common('linkCopied') : common('copyLink')}
          </Button>
          {'share' in navigator && (
            <Button rank="outline" icon={Share2} onClick={() => void shareLink(session.link)}>
              {t('shareLink')}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

/** A link as a person reads it: without the scheme, and names in their own script (RFC 3987). */
function readable(link: string): string {
  const url = new URL(link);
  return url.host + decodeURIComponent(url.pathname);
}
