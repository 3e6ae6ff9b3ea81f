// A header extension block (RFC 8285) written in place: begin, elements one by one, end. Allocates nothing.
import { ONE_BYTE_PROFILE } from './header-extension.js';

/** Bytes in front of the elements: the profile bits and the length in words. */
export const BLOCK_HEADER_LENGTH = 4;

/** Where the first element of a block that starts at `start` goes. */
export function beginExtensionBlock(start: number): number {
  return start + BLOCK_HEADER_LENGTH;
}

/**
 * Writes one element at `at` and returns where the next one goes. `profile` is that of the whole block.
 * An element that the form cannot hold is left out, and `at` returned: id 0 ("not negotiated"); in the one-byte
 * form also ids above 14 and data that is empty or longer than 16 bytes.
 */
export function writeExtension(
  out: Uint8Array,
  at: number,
  profile: number,
  id: number,
  data: Uint8Array,
  dataOffset: number,
  dataLength: number,
): number {
  const dataAt = writeElementHeader(out, at, profile, id, dataLength);
  if (dataAt === at) return at;
  for (let index = 0; index < dataLength; index += 1)
    out[dataAt + index] = data[dataOffset + index] as number;
  return dataAt + dataLength;
}

/** The same for a number in network byte order of 1 to 4 bytes: sequence numbers, levels, times. */
export function writeNumberExtension(
  out: Uint8Array,
  at: number,
  profile: number,
  id: number,
  value: number,
  dataLength: number,
): number {
  const dataAt = writeElementHeader(out, at, profile, id, dataLength);
  if (dataAt === at) return at;
  for (let index = 0; index < dataLength; index += 1) {
    out[dataAt + index] = (value >>> (8 * (dataLength - 1 - index))) & 0xff;
  }
  return dataAt + dataLength;
}

function writeElementHeader(
  out: Uint8Array,
  at: number,
  profile: number,
  id: number,
  dataLength: number,
): number {
  if (profile === ONE_BYTE_PROFILE) {
    if (id < 1 || id > 14 || dataLength < 1 || dataLength > 16) return at;
    out[at] = (id << 4) | (dataLength - 1);
    return at + 1;
  }
  if (id < 1 || id > 255 || dataLength > 255) return at;
  out[at] = id;
  out[at + 1] = dataLength;
  return at + 2;
}

/**
 * Closes the block whose elements end before `at`: pads to 32 bits and writes its header at `start`.
 * Returns the length of the whole block; 0 when it has no element, then nothing is written and the X bit stays 0.
 */
export function endExtensionBlock(out: Uint8Array, start: number, at: number, profile: number): number {
  const dataStart = start + BLOCK_HEADER_LENGTH;
  if (at <= dataStart) return 0;
  const words = (at - dataStart + 3) >> 2;
  const end = dataStart + words * 4;
  for (let index = at; index < end; index += 1) out[index] = 0;
  out[start] = profile >> 8;
  out[start + 1] = profile & 0xff;
  out[start + 2] = words >> 8;
  out[start + 3] = words & 0xff;
  return end - start;
}
