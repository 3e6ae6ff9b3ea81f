// RTP header extension elements (RFC 8285), found and read where they lie in a packet.
// What is not as its specification says is as if it were not there.
import type { RtpPacket } from './rtp-packet.js';

/** "Defined by profile" bits of a block of one-byte elements (RFC 8285, section 4.2). */
export const ONE_BYTE_PROFILE = 0xbede;

/** The same of two-byte elements, with the four application bits 0 (section 4.3). */
export const TWO_BYTE_PROFILE = 0x1000;

/** Whether a block holds two-byte elements: 0x1000, the last four bits being the application's. */
export function isTwoByteProfile(profile: number): boolean {
  return (profile & 0xfff0) === TWO_BYTE_PROFILE;
}

/**
 * Where the data of the first element with this id begins, -1 when there is none.
 * Ids are 1 to 14 in the one-byte form, 1 to 255 in the two-byte form; 0, "not negotiated", is never found.
 */
export function findExtension(packet: RtpPacket, id: number): number {
  if (id <= 0 || packet.extensionLength === 0) return -1;
  if (packet.extensionProfile === ONE_BYTE_PROFILE) return findOneByte(packet, id);
  if (isTwoByteProfile(packet.extensionProfile)) return findTwoByte(packet, id);
  return -1;
}

function findOneByte(packet: RtpPacket, id: number): number {
  const bytes = packet.bytes;
  const end = packet.extensionOffset + packet.extensionLength;
  let offset = packet.extensionOffset;
  while (offset < end) {
    const head = bytes[offset] as number;
    offset += 1;
    if (head === 0) continue;
    const elementId = head >> 4;
    // "Processing of the entire extension MUST terminate": id 0 with a length, and id 15, end the list.
    if (elementId === 0 || elementId === 15) return -1;
    const next = offset + (head & 0x0f) + 1;
    if (next > end) return -1;
    if (elementId === id) return offset;
    offset = next;
  }
  return -1;
}

function findTwoByte(packet: RtpPacket, id: number): number {
  const bytes = packet.bytes;
  const end = packet.extensionOffset + packet.extensionLength;
  let offset = packet.extensionOffset;
  while (offset < end) {
    const elementId = bytes[offset] as number;
    offset += 1;
    if (elementId === 0) continue;
    if (offset >= end) return -1;
    const next = offset + 1 + (bytes[offset] as number);
    if (next > end) return -1;
    if (elementId === id) return offset + 1;
    offset = next;
  }
  return -1;
}

/** Length in bytes of that element's data, 0 when it is not there (two-byte elements may be empty too). */
export function extensionDataLength(packet: RtpPacket, id: number): number {
  const offset = findExtension(packet, id);
  return offset < 0 ? 0 : dataLengthAt(packet, offset);
}

/** The length stands in the byte before the data, in both forms. */
function dataLengthAt(packet: RtpPacket, offset: number): number {
  const head = packet.bytes[offset - 1] as number;
  return packet.extensionProfile === ONE_BYTE_PROFILE ? (head & 0x0f) + 1 : head;
}

/** Offset of an element's data when it has at least `length` bytes, else -1. */
function findAtLeast(packet: RtpPacket, id: number, length: number): number {
  const offset = findExtension(packet, id);
  return offset >= 0 && dataLengthAt(packet, offset) >= length ? offset : -1;
}

/**
 * Transport-wide sequence number, 16 bits, or -1 (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 2).
 * Its second version has a feedback request behind it, which is not looked at.
 */
export function readTransportSequence(packet: RtpPacket, id: number): number {
  const offset = findAtLeast(packet, id, 2);
  if (offset < 0) return -1;
  return ((packet.bytes[offset] as number) << 8) | (packet.bytes[offset + 1] as number);
}

/** Audio level in -dBov: 0 is the loudest, 127 silence (RFC 6464, section 3); -1 when absent. */
export function readAudioLevel(packet: RtpPacket, id: number): number {
  const offset = findAtLeast(packet, id, 1);
  return offset < 0 ? -1 : (packet.bytes[offset] as number) & 0x7f;
}

/** Whether the sender believes that this packet has speech: the V bit beside the level (RFC 6464, section 3). */
export function readVoiceActivity(packet: RtpPacket, id: number): boolean {
  const offset = findAtLeast(packet, id, 1);
  return offset >= 0 && ((packet.bytes[offset] as number) & 0x80) !== 0;
}

/** One turn of the absolute send time: 24 bits, of which 18 are below the second. */
export const ABSOLUTE_SEND_TIME_WRAP_MS = 64_000;

/** When the packet left its sender, on its clock, in ms from 0 to 64,000; -1 when absent ("abs-send-time"). */
export function readAbsoluteSendTime(packet: RtpPacket, id: number): number {
  const offset = findAtLeast(packet, id, 3);
  return offset < 0 ? -1 : (packet.bytes.readUIntBE(offset, 3) * 1000) / 2 ** 18;
}

/**
 * The text of an SDES item in a header extension (RFC 7941): MID (RFC 9143, section 15), RtpStreamId and
 * RepairedRtpStreamId (RFC 8852). Null when absent, empty, or not made of visible ASCII as those must be.
 */
export function readText(packet: RtpPacket, id: number): string | null {
  const offset = findAtLeast(packet, id, 1);
  if (offset < 0) return null;
  const end = offset + dataLengthAt(packet, offset);
  for (let at = offset; at < end; at += 1) {
    const byte = packet.bytes[at] as number;
    if (byte <= 0x20 || byte >= 0x7f) return null;
  }
  return packet.bytes.toString('latin1', offset, end);
}
