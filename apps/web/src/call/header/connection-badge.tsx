// What may be claimed about the way of pictures and sound, and nothing before it is known.

import type { PeerSnapshot } from '@maru/client';
import { t } from '../messages.js';
import { pathClaim } from './path-claim.js';

interface ConnectionBadgeProps {
  readonly peers: readonly PeerSnapshot[];
  readonly topology: 'mesh' | 'sfu' | undefined;
}

export function ConnectionBadge({ peers, topology }: ConnectionBadgeProps) {
  const claim = pathClaim(peers, topology);
  switch (claim) {
    case 'server':
      return (
        <p class="badge" title={t('throughServerHint')} data-claim={claim}>
          <span class="badge-dot" />
          <span>
            {t('throughServer')}
            <span class="badge-detail"> · {t('throughServerDetail')}</span>
          </span>
        </p>
      );
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
