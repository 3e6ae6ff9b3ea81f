// RTCP datagrams read: compound packets (RFC 3550, section 6.1) and reduced-size ones (RFC 5506).
import { readFullIntraRequest } from './full-intra-request.js';
import { readGenericNack } from './generic-nack.js';
import { readGoodbye } from './goodbye.js';
import {
  FORMAT_APPLICATION,
  FORMAT_FULL_INTRA,
  FORMAT_GENERIC_NACK,
  FORMAT_PICTURE_LOSS,
  FORMAT_TRANSPORT_FEEDBACK,
  GOODBYE,
  PAYLOAD_SPECIFIC_FEEDBACK,
  RECEIVER_REPORT,
  RTCP_HEADER_LENGTH,
  SENDER_REPORT,
  SOURCE_DESCRIPTION,
  TRANSPORT_LAYER_FEEDBACK,
} from './packet-type.js';
import { readPictureLossIndication } from './picture-loss-indication.js';
import { readReceiverReport } from './receiver-report.js';
import { readRemb } from './remb.js';
import type { RtcpPacket } from './rtcp-packet.js';
import { readSenderReport } from './sender-report.js';
import { readSourceDescription } from './source-description.js';
import { MAX_STATUSES, readTransportFeedback } from './transport-feedback.js';

/** Packet types that share no value with RTP's second byte (RFC 5761, section 4). */
const FIRST_TYPE = 192;
const LAST_TYPE = 223;

/**
 * Reads all packets of a datagram, in order; null when its framing is broken: version, packet type, a length that
 * does not fit, wrong padding. A packet whose content is malformed is 'other', and does not spoil its neighbours.
 */
export function readRtcp(bytes: Buffer): RtcpPacket[] | null {
  const packets: RtcpPacket[] = [];
  let statuses = MAX_STATUSES;
  let offset = 0;
  do {
    if (offset + RTCP_HEADER_LENGTH > bytes.length) return null;
    const first = bytes[offset] as number;
    const packetType = bytes[offset + 1] as number;
    const length = (bytes.readUInt16BE(offset + 2) + 1) * 4;
    const next = offset + length;
    if (first >> 6 !== 2 || packetType < FIRST_TYPE || packetType > LAST_TYPE) return null;
    if (next > bytes.length) return null;
    let end = next;
    if (first & 0x20) {
      // The RFC would have padding only on the last packet and by fours. libwebrtc pads transport-wide feedback
      // by one to three bytes, and sends several of them in one datagram: so it is taken as it comes.
      const padding = bytes[next - 1] as number;
      if (padding === 0 || padding > length - RTCP_HEADER_LENGTH) return null;
      end -= padding;
    }
    const format = first & 0x1f;
    const packet = readPacket(bytes, offset, end, packetType, format, statuses);
    if (packet?.kind === 'transport-feedback') statuses -= packet.arrivals.length;
    packets.push(packet ?? { kind: 'other', packetType, format, length });
    offset = next;
  } while (offset < bytes.length);
  return packets;
}

function readPacket(
  bytes: Buffer,
  offset: number,
  end: number,
  packetType: number,
  format: number,
  statuses: number,
): RtcpPacket | null {
  switch (packetType) {
    case SENDER_REPORT:
      return readSenderReport(bytes, offset, end, format);
    case RECEIVER_REPORT:
      return readReceiverReport(bytes, offset, end, format);
    case SOURCE_DESCRIPTION:
      return readSourceDescription(bytes, offset, end, format);
    case GOODBYE:
      return readGoodbye(bytes, offset, end, format);
    case TRANSPORT_LAYER_FEEDBACK:
      if (format === FORMAT_GENERIC_NACK) return readGenericNack(bytes, offset, end);
      if (format === FORMAT_TRANSPORT_FEEDBACK) return readTransportFeedback(bytes, offset, end, statuses);
      return null;
    case PAYLOAD_SPECIFIC_FEEDBACK:
      if (format === FORMAT_PICTURE_LOSS) return readPictureLossIndication(bytes, offset, end);
      if (format === FORMAT_FULL_INTRA) return readFullIntraRequest(bytes, offset, end);
      if (format === FORMAT_APPLICATION) return readRemb(bytes, offset, end);
      return null;
    default:
      return null;
  }
}
