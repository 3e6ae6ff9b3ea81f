// What an H.264 payload holds (RFC 6184), from the headers of its NAL units: nothing behind them is looked at.

/** A sequence parameter set is in it. */
export const H264_PARAMETERS = 1;
/** A slice of an IDR picture, or a part of one, is in it. */
export const H264_IDR = 2;
/** It goes on with a NAL unit that an earlier packet began. */
export const H264_CONTINUATION = 4;

const IDR = 5;
const SPS = 7;
const STAP_A = 24;
const FU_A = 28;

/**
 * The three flags above, 0 when none holds; -1 when it is malformed, or of a type that non-interleaved mode does not
 * have (section 6.3; browsers negotiate packetization-mode 0 and 1 only).
 */
export function readH264(bytes: Uint8Array, offset: number, length: number): number {
  if (length < 1) return -1;
  const type = (bytes[offset] as number) & 0x1f;
  if (type >= 1 && type <= 23) return flagsOf(type);
  if (type === STAP_A) return readAggregation(bytes, offset + 1, offset + length);
  if (type !== FU_A || length < 3) return -1;
  const fragment = bytes[offset + 1] as number;
  const fragmented = fragment & 0x1f;
  if (fragmented < 1 || fragmented > 23) return -1;
  return flagsOf(fragmented) | (fragment & 0x80 ? 0 : H264_CONTINUATION);
}

/** STAP-A: NAL units, each behind its size of 16 bits (section 5.7.1). */
function readAggregation(bytes: Uint8Array, from: number, end: number): number {
  let flags = 0;
  let at = from;
  while (at < end) {
    if (at + 2 >= end) return -1;
    const size = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    const type = (bytes[at + 2] as number) & 0x1f;
    at += 2 + size;
    if (size === 0 || at > end || type < 1 || type > 23) return -1;
    flags |= flagsOf(type);
  }
  return from < end ? flags : -1;
}

function flagsOf(type: number): number {
  if (type === SPS) return H264_PARAMETERS;
  return type === IDR ? H264_IDR : 0;
}
