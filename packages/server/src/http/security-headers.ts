// The headers that keep the page to itself: what it may load, who may embed it, which devices it may use.

import type { Origination } from './trusted-proxies.js';

export interface HeaderOptions {
  readonly frameAncestors: readonly string[];
  /** True when the certificate is one that browsers accept: only then may they be told to insist on HTTPS. */
  readonly hsts: boolean;
}

// A host with or without port, and nothing that could add a directive to the policy.
const PLAIN_HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/;
const ONE_YEAR_S = 31_536_000;

/** Headers for every response (CSP Level 3, Permissions Policy, RFC 6797). */
export function securityHeaders(options: HeaderOptions, origination: Origination): Record<string, string> {
  const headers: Record<string, string> = {
    'content-security-policy': contentSecurityPolicy(options.frameAncestors, origination),
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), autoplay=(self), fullscreen=(self), picture-in-picture=(self), screen-wake-lock=(self), geolocation=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  };
  if (options.hsts && origination.secure) {
    headers['strict-transport-security'] = `max-age=${ONE_YEAR_S}`;
  }
  return headers;
}

function contentSecurityPolicy(frameAncestors: readonly string[], { host, secure }: Origination): string {
  // Safari before 15.4 does not take 'self' to mean the same host's WebSocket, so it is named.
  const socket = host !== null && PLAIN_HOST.test(host) ? ` ${secure ? 'wss' : 'ws'}://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob: mediastream:",
    `connect-src 'self'${socket}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ].join('; ');
}
