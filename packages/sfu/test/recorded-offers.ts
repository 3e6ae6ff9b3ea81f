// Offers for the tests of SDP. Chromium's and Firefox's were recorded from the browsers themselves: four sending lines, ten
// audio and fourteen video slots, one negotiated data channel. Safari's is written after the shape it is known to have.

import { readFileSync } from 'node:fs';
import type { LinkPlan, SdpPolicy } from '../src/sdp/link-plan.js';
import { planLink } from '../src/sdp/plan-link.js';

function recorded(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.sdp`, import.meta.url), 'utf8');
}

export const OFFERS = {
  chromium: recorded('chromium-156'),
  firefox: recorded('firefox-153'),
  safari: recorded('safari-18-shape'),
} as const;
export type Recorded = keyof typeof OFFERS;
export const RECORDED = Object.keys(OFFERS) as readonly Recorded[];

export const POLICY: SdpPolicy = {
  videoCodecs: ['VP8', 'VP9', 'H264', 'AV1'],
  firstSsrc: () => 1_000,
  maxAudioSlots: 16,
  maxVideoSlots: 32,
};

/** A plan that must come about. */
export function planned(offer: string, policy: Partial<SdpPolicy> = {}): LinkPlan {
  const result = planLink(offer, { ...POLICY, ...policy });
  if (!result.ok) throw new Error(result.reason);
  return result.plan;
}

/** Why an offer is refused; null where it is not. */
export function refusal(offer: string, policy: Partial<SdpPolicy> = {}): string | null {
  const result = planLink(offer, { ...POLICY, ...policy });
  return result.ok ? null : result.reason;
}

/** The m-line at a position changed by `change`, which gets its lines as one text. */
export function changeSection(offer: string, position: number, change: (section: string) => string): string {
  const parts = offer.split(/(?=^m=)/m);
  return parts.map((part, index) => (index === position + 1 ? change(part) : part)).join('');
}

export const TRANSPORT = {
  usernameFragment: 'abcd',
  password: 'abcdefghijklmnopqrstuv',
  fingerprint: { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') },
  candidates: [
    { address: '203.0.113.7', port: 40_000 },
    { address: '2001:db8::7', port: 40_000 },
  ],
  sctp: { sctpPort: 5_000, maxMessageSize: 262_144 },
} as const;
