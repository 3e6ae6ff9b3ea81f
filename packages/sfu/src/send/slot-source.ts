// One incoming stream, as the slots that show it see it.

import type { ExtensionIds } from '../sdp/link-plan.js';
import type { PacketCache } from './packet-cache.js';

/** How the RTP clock of a stream runs beside the SFU's own, learnt from its sender reports. */
export interface SlotClock {
  /** When that timestamp was sampled, in milliseconds on the SFU's clock; null as long as that is not known. */
  toLocalMs(rtpTimestamp: number): number | null;
  /** The timestamp of that moment, 32 bits; null as long as that is not known. */
  rtpAt(localMs: number): number | null;
}

export interface SlotSource {
  /** Its last packets; everything offered to a slot is put in here first. */
  readonly cache: PacketCache;
  /** In Hz. */
  readonly clockRate: number;
  /** As in SDP: 'opus', 'VP8'. Letter case does not matter (RFC 4855, section 3). */
  readonly codecName: string;
  /** How header extensions are numbered on the link that the stream came by. */
  readonly extensions: ExtensionIds;
  readonly clock: SlotClock;
}
