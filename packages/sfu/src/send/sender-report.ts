// The sender report of a slot (RFC 3550, section 6.4.1): by it a receiver keeps a person's audio and video together.

import { ntpFractionAt, ntpSecondsAt } from '../rtcp/ntp-time.js';
import type { SenderReport } from '../rtcp/sender-report.js';

/**
 * `timestamp`: where the slot's RTP clock stands at `wallClockMs`, Unix time in milliseconds, which must be one clock
 * for all slots of a link. Counts wrap at 32 bits.
 */
export function slotSenderReport(
  ssrc: number,
  wallClockMs: number,
  timestamp: number,
  packetCount: number,
  octetCount: number,
): SenderReport {
  return {
    kind: 'sr',
    ssrc,
    ntpSeconds: ntpSecondsAt(wallClockMs),
    ntpFraction: ntpFractionAt(wallClockMs),
    rtpTimestamp: timestamp >>> 0,
    packetCount: packetCount >>> 0,
    octetCount: octetCount >>> 0,
    blocks: [],
  };
}
