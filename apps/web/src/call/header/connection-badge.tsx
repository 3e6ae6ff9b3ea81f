// What may be claimed about the way of pictures and sound, and nothing before it is known.

import type { PeerSnapshot } from '@maru/client';
import { t } from '../messages.js';
import { pathClaim } from './path-claim.js';

export function ConnectionBadge({ peers }: { readonly peers: readonly PeerSnapshot[] }) {
  const claim = pathClaim(peers);
  switch (claim) {
    case 'direct':
      return (
        <p class="badge" title={t('directHint')} data-claim={claim}>
          <span class="badge-dot" />
          <span>
            {t('direct')}
            <span class="badge-detail"> · {t('directDetail')}</span>
          </span>
        </p>
      );
    case 'relayed':
      return (
        <p class="badge" title={t('relayedHint')} data-claim={claim}>
          <span class="badge-dot" />
          <span>{t('relayed')}</span>
        </p>
      );
    case null:
      return null;
  }
}
