// Transport-wide feedback written with as few status chunks as a look ahead gives
// (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1).
import type { ByteWriter } from './byte-writer.js';
import { FORMAT_TRANSPORT_FEEDBACK, TRANSPORT_LAYER_FEEDBACK } from './packet-type.js';
import {
  LARGE_DELTA,
  NOT_RECEIVED,
  REFERENCE_TICKS,
  SMALL_DELTA,
  TICKS_PER_MS,
  type TransportFeedback,
} from './transport-feedback.js';

const MAX_PACKETS = 0xffff;
const MAX_RUN = 0x1fff;
const ONE_BIT_SYMBOLS = 14;
const TWO_BIT_SYMBOLS = 7;

/**
 * Writes a feedback. Where the time from one arrival to the next does not fit a delta (8.2 s and more) it goes on in
 * a further packet with its own reference time, whose feedback count is one higher. Without arrivals, nothing.
 */
export function writeTransportFeedback(out: ByteWriter, feedback: TransportFeedback): void {
  let from = 0;
  for (let packets = 0; from < feedback.arrivals.length; packets += 1) {
    from = writePacket(out, feedback, from, (feedback.feedbackCount + packets) & 0xff);
  }
}

/** Writes what fits one packet, from `from` on, and returns where the next one begins. */
function writePacket(
  out: ByteWriter,
  feedback: TransportFeedback,
  from: number,
  feedbackCount: number,
): number {
  const arrivals = feedback.arrivals;
  const most = Math.min(arrivals.length - from, MAX_PACKETS);
  const statuses = new Uint8Array(most);
  const deltas = new Int16Array(most);
  let reference = 0;
  let previous = Number.NaN;
  let count = 0;
  for (; count < most; count += 1) {
    const ticks = Math.round((arrivals[from + count] as number) * TICKS_PER_MS);
    if (!Number.isFinite(ticks)) continue;
    if (Number.isNaN(previous)) {
      reference = Math.floor(ticks / REFERENCE_TICKS);
      previous = reference * REFERENCE_TICKS;
    }
    const delta = ticks - previous;
    if (delta < -0x8000 || delta > 0x7fff) break;
    statuses[count] = delta >= 0 && delta <= 0xff ? SMALL_DELTA : LARGE_DELTA;
    deltas[count] = delta;
    // From rounded time to rounded time, so that errors do not add up.
    previous = ticks;
  }

  const start = out.beginPacket(FORMAT_TRANSPORT_FEEDBACK, TRANSPORT_LAYER_FEEDBACK);
  out.writeUint32(feedback.senderSsrc);
  out.writeUint32(feedback.mediaSsrc);
  out.writeUint16((feedback.baseSequence + from) & 0xffff);
  out.writeUint16(count);
  // A time beyond 2^31 turns of 64 ms would not survive bit operators.
  out.writeUint24(reference % 2 ** 24);
  out.writeUint8(feedbackCount);
  writeChunks(out, statuses, count);
  for (let index = 0; index < count; index += 1) {
    const delta = deltas[index] as number;
    if (statuses[index] === SMALL_DELTA) out.writeUint8(delta);
    else if (statuses[index] === LARGE_DELTA) out.writeUint16(delta & 0xffff);
  }
  out.endPacket(start);
  return from + count;
}

/** All chunks take two bytes, so at each place the one that is about most packets is taken. */
function writeChunks(out: ByteWriter, statuses: Uint8Array, count: number): void {
  let at = 0;
  while (at < count) {
    const run = runLength(statuses, at, count);
    const oneBit = fitsOneBit(statuses, at, count) ? Math.min(ONE_BIT_SYMBOLS, count - at) : 0;
    const twoBit = Math.min(TWO_BIT_SYMBOLS, count - at);
    if (run >= oneBit && run >= twoBit) {
      out.writeUint16(((statuses[at] as number) << 13) | run);
      at += run;
    } else if (oneBit >= twoBit) {
      out.writeUint16(0x8000 | symbols(statuses, at, oneBit, 1));
      at += oneBit;
    } else {
      out.writeUint16(0xc000 | symbols(statuses, at, twoBit, 2));
      at += twoBit;
    }
  }
}

function runLength(statuses: Uint8Array, from: number, count: number): number {
  const end = Math.min(count, from + MAX_RUN);
  let at = from + 1;
  while (at < end && statuses[at] === statuses[from]) at += 1;
  return at - from;
}

/** Whether the next 14 statuses, or all that are left, are "not received" or "small delta". */
function fitsOneBit(statuses: Uint8Array, from: number, count: number): boolean {
  const end = Math.min(count, from + ONE_BIT_SYMBOLS);
  for (let at = from; at < end; at += 1) if (statuses[at] === LARGE_DELTA) return false;
  return true;
}

/** Statuses as a chunk's 14 low bits, the first highest; what is left below is "not received". */
function symbols(statuses: Uint8Array, from: number, length: number, bits: number): number {
  let value = NOT_RECEIVED;
  for (let index = 0; index < length; index += 1) {
    value |= (statuses[from + index] as number) << (14 - bits * (index + 1));
  }
  return value;
}
