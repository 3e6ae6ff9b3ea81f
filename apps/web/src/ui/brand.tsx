// Maru's mark and name, which lead home.

import { common } from '../i18n/messages/common.js';
import './brand.css';

export function Brand() {
  return (
    <a href="/" class="brand">
      <Mark />
      <span>{common('maru')}</span>
    </a>
  );
}

/** Three floor boards with two people's places on the middle one. */
function Mark() {
  return (
    <svg class="brand-mark" viewBox="0 0 28 18" width="28" height="18" aria-hidden="true" focusable="false">
      <rect class="brand-wood" width="28" height="18" rx="4" />
      <path class="brand-joint" d="M0 6h28M0 12h28M9 0v6M19 12v6" />
      <rect class="brand-seat" x="7.5" y="6.9" width="5" height="4.2" rx="1.3" />
      <rect class="brand-seat-2" x="15.5" y="6.9" width="5" height="4.2" rx="1.3" />
    </svg>
  );
}
