// The SSRCs that an offer declares (RFC 5576), and fresh ones for what the SFU sends.

import type { MediaDescription } from 'sdp-transform';
import type { SendingLine } from './link-plan.js';
import type { OfferedSection } from './offered-section.js';

const MAX_SSRC = 0xffff_ffff;

/** Streams of one line that a plan keeps; without RIDs it has one. */
const MAX_STREAMS = 4;

function isSsrc(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= MAX_SSRC;
}

/** Each stream of an m-line with that of its retransmissions: a group of semantics FID (RFC 4588, section 8.8). */
export function declaredStreams(media: MediaDescription): SendingLine['ssrcs'] {
  const declared = new Set((media.ssrcs ?? []).map(({ id }) => id).filter(isSsrc));
  const repairs = new Map<number, number>();
  const repairing = new Set<number>();
  for (const { semantics, ssrcs } of media.ssrcGroups ?? []) {
    const [ssrc = 0, rtxSsrc = 0] = String(ssrcs).split(' ').map(Number);
    if (semantics !== 'FID' || ssrc === rtxSsrc || !declared.has(ssrc) || !declared.has(rtxSsrc)) continue;
    repairs.set(ssrc, rtxSsrc);
    repairing.add(rtxSsrc);
  }
  return [...declared]
    .filter((ssrc) => !repairing.has(ssrc))
    .slice(0, MAX_STREAMS)
    .map((ssrc) => ({ ssrc, rtxSsrc: repairs.get(ssrc) ?? null }));
}

/** Gives out SSRCs, counted up from one picked at random, that differ from each other and from those of the offer. */
export function freshSsrcs(first: number, sections: readonly OfferedSection[]): () => number {
  const taken = new Set(sections.flatMap(({ media }) => (media.ssrcs ?? []).map(({ id }) => id)));
  taken.add(0);
  let next = first >>> 0;
  return () => {
    while (taken.has(next)) next = (next + 1) >>> 0;
    taken.add(next);
    return next;
  };
}
