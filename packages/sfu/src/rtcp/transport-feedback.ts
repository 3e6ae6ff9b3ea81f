// Transport-wide feedback read: which packets of a link arrived, and when
// (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1).
import { FEEDBACK_HEADER_LENGTH } from './packet-type.js';

export interface TransportFeedback {
  readonly kind: 'transport-feedback';
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
  /** Transport-wide sequence number, 16 bits, of the packet that `arrivals[0]` is about. */
  readonly baseSequence: number;
  /** 8 bits, one more for each feedback of this link. */
  readonly feedbackCount: number;
  /**
   * When each packet from `baseSequence` on arrived, in ms on the receiver's clock, in steps of 0.25; NaN = it has
   * not. As read they start anew every `ARRIVAL_WRAP_MS`: see `unwrapArrival`. As written any value will do.
   */
  readonly arrivals: Float64Array;
}

/** A status of a packet, with the length of its receive delta in bytes being its value. */
export const NOT_RECEIVED = 0;
export const SMALL_DELTA = 1;
export const LARGE_DELTA = 2;

/** Deltas count 250 us; the reference time counts 64 ms in 24 bits. */
export const TICKS_PER_MS = 4;
export const REFERENCE_TICKS = 64 * TICKS_PER_MS;

/** One turn of the reference time, about 12.4 days. */
export const ARRIVAL_WRAP_MS = 2 ** 24 * 64;

/**
 * The most packets that one datagram of feedback is read for. A run of lost ones takes two bytes for up to 8,191, so
 * the length of a message does not bound what it would take to hold it: this does, to 64 KiB. It is four seconds
 * without a word at 2,000 packets a second, and feedback comes several times a second.
 */
export const MAX_STATUSES = 8192;

const CHUNKS_OFFSET = FEEDBACK_HEADER_LENGTH + 8;

/** Reads the packet at `offset`; null when malformed or when it is about more than `limit` packets. */
export function readTransportFeedback(
  bytes: Buffer,
  offset: number,
  end: number,
  limit: number,
): TransportFeedback | null {
  if (offset + CHUNKS_OFFSET > end) return null;
  const count = bytes.readUInt16BE(offset + FEEDBACK_HEADER_LENGTH + 2);
  if (count === 0 || count > limit) return null;
  // Chunks are measured before anything is taken for them: those that are missing cost nothing.
  const deltas = skipChunks(bytes, offset + CHUNKS_OFFSET, end, count);
  if (deltas < 0) return null;
  const arrivals = new Float64Array(count).fill(Number.NaN);
  const reference = bytes.readUIntBE(offset + FEEDBACK_HEADER_LENGTH + 4, 3) * REFERENCE_TICKS;
  if (!readArrivals(bytes, offset + CHUNKS_OFFSET, deltas, end, reference, arrivals)) return null;
  return {
    kind: 'transport-feedback',
    senderSsrc: bytes.readUInt32BE(offset + 4),
    mediaSsrc: bytes.readUInt32BE(offset + 8),
    baseSequence: bytes.readUInt16BE(offset + FEEDBACK_HEADER_LENGTH),
    feedbackCount: bytes.readUInt8(offset + FEEDBACK_HEADER_LENGTH + 7),
    arrivals,
  };
}

/** How many packets a chunk is about: its run, or 14 symbols of one bit, or 7 of two bits. */
function chunkLength(chunk: number): number {
  if ((chunk & 0x8000) === 0) return chunk & 0x1fff;
  return (chunk & 0x4000) === 0 ? 14 : 7;
}

/** The status of the packet at `index` of a chunk: 0 to 3. */
function chunkStatus(chunk: number, index: number): number {
  if ((chunk & 0x8000) === 0) return (chunk >> 13) & 3;
  if ((chunk & 0x4000) === 0) return (chunk >> (13 - index)) & 1;
  return (chunk >> (12 - 2 * index)) & 3;
}

/** Where the chunks for `count` packets end and the deltas begin, -1 when they do not fit. */
function skipChunks(bytes: Buffer, offset: number, end: number, count: number): number {
  let at = offset;
  for (let left = count; left > 0; at += 2) {
    if (at + 2 > end) return -1;
    left -= chunkLength(bytes.readUInt16BE(at));
  }
  return at;
}

/** Fills `arrivals`; false when a delta is missing or a status is the reserved one. */
function readArrivals(
  bytes: Buffer,
  chunks: number,
  deltas: number,
  end: number,
  reference: number,
  arrivals: Float64Array,
): boolean {
  let ticks = reference;
  let deltaAt = deltas;
  let index = 0;
  for (let chunkAt = chunks; chunkAt < deltas; chunkAt += 2) {
    const chunk = bytes.readUInt16BE(chunkAt);
    // The last chunk may be about more packets than there are: those are padding.
    const length = Math.min(chunkLength(chunk), arrivals.length - index);
    if ((chunk & 0xe000) === 0) {
      index += length;
      continue;
    }
    for (let within = 0; within < length; within += 1, index += 1) {
      const status = chunkStatus(chunk, within);
      if (status === NOT_RECEIVED) continue;
      if (status > LARGE_DELTA || deltaAt + status > end) return false;
      ticks += status === SMALL_DELTA ? bytes.readUInt8(deltaAt) : bytes.readInt16BE(deltaAt);
      deltaAt += status;
      arrivals[index] = ticks / TICKS_PER_MS;
    }
  }
  return true;
}

/** The time nearest to `near` that an arrival can mean, its reference time being known only within one turn. */
export function unwrapArrival(arrival: number, near: number): number {
  return arrival + Math.round((near - arrival) / ARRIVAL_WRAP_MS) * ARRIVAL_WRAP_MS;
}
