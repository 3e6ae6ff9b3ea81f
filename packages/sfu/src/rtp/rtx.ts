// Retransmissions (RFC 4588): the original packet seen inside an RTX packet, without copying it.
import type { RtpPacket } from './rtp-packet.js';

/** The original sequence number (OSN) in front of the original payload. */
export const RTX_HEADER_LENGTH = 2;

/**
 * The packet that an RTX packet repeats, as it was in the stream `ssrc` with `payloadType` (RFC 4588, section 4).
 * Null for a packet of padding alone, as congestion control sends on RTX streams, and for one too short.
 *
 * The result shares `bytes` with the RTX packet: its fields are the original's, the header in `bytes` is not,
 * and its header extension is the retransmission's own.
 */
export function unwrapRtx(packet: RtpPacket, ssrc: number, payloadType: number): RtpPacket | null {
  if (packet.payloadLength < RTX_HEADER_LENGTH) return null;
  const { bytes, payloadOffset } = packet;
  return {
    bytes,
    marker: packet.marker,
    payloadType,
    sequenceNumber: ((bytes[payloadOffset] as number) << 8) | (bytes[payloadOffset + 1] as number),
    timestamp: packet.timestamp,
    ssrc,
    extensionOffset: packet.extensionOffset,
    extensionLength: packet.extensionLength,
    extensionProfile: packet.extensionProfile,
    payloadOffset: payloadOffset + RTX_HEADER_LENGTH,
    payloadLength: packet.payloadLength - RTX_HEADER_LENGTH,
  };
}
