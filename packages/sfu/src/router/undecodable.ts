// Which links send what a newcomer's client cannot decode: those must negotiate anew, without that codec.

import type { VideoCodec } from '../codec/codec.js';
import type { LinkPlan } from '../sdp/link-plan.js';
import type { SfuLink } from './sfu-link.js';

/** Whether a client can show a codec. One that shows no pictures at all has no say in it. */
export function decodes({ videoSlots, receives }: LinkPlan, codec: string): boolean {
  return videoSlots.length === 0 || receives.includes(codec);
}

/** The codecs that the clients of all these links can show, in the order given; VP8 is always one of them. */
export function commonCodecs(codecs: readonly VideoCodec[], links: Iterable<SfuLink>): readonly VideoCodec[] {
  const plans = [...links].map(({ plan }) => plan);
  return codecs.filter((codec) => codec === 'VP8' || plans.every((plan) => decodes(plan, codec)));
}

/**
 * Whether a link sends what a newcomer cannot show, or will: browsers send what stands first in the answer. What was
 * negotiated besides is not used, and no reason to disturb anybody.
 */
export function sendsUndecodable({ plan, uplink }: SfuLink, newcomer: LinkPlan): boolean {
  for (const { kind, codecs } of plan.lines) {
    const first = codecs[0];
    if (kind === 'video' && first && !decodes(newcomer, first.name)) return true;
  }
  for (const stream of uplink.streams) {
    if (stream.picture && !decodes(newcomer, stream.codecName)) return true;
  }
  return false;
}
