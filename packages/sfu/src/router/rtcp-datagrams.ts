// RTCP messages as datagrams that no path has to cut in pieces.

import type { RtcpPacket } from '../rtcp/rtcp-packet.js';
import { writeRtcp } from '../rtcp/write-rtcp.js';

/** Longest datagram, in bytes: 1,280 of any IPv6 path less IP, UDP and SRTCP, with some room. */
const MAX_LENGTH = 1_180;

/**
 * Sends messages in as few datagrams as they fit in. What is first of all, a report and its source description, makes the
 * first of them a compound packet (RFC 3550, section 6.1); further ones are of reduced size (RFC 5506).
 */
export function sendRtcp(messages: readonly RtcpPacket[], send: (datagram: Buffer) => unknown): void {
  if (messages.length === 0) return;
  const whole = writeRtcp(messages);
  if (whole.length <= MAX_LENGTH || messages.length === 1) {
    send(whole);
    return;
  }
  const half = (messages.length + 1) >> 1;
  sendRtcp(messages.slice(0, half), send);
  sendRtcp(messages.slice(half), send);
}
