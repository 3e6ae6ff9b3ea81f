// No RTCP datagram, however damaged, makes the reader throw, look outside of it, or take much memory for it.
// A million: MARU_FUZZ=1000000.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import type { RtcpPacket } from '../src/rtcp/rtcp-packet.js';
import { MAX_STATUSES } from '../src/rtcp/transport-feedback.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';
import { FUZZ_INPUTS, FUZZ_SEED, FUZZ_TIMEOUT_MS, fuzz, type RandomBytes } from './support/random-bytes.js';
import { rtcpPacket } from './support/rtcp-arbitraries.js';

/** Seeds that once failed. */
const KEPT_SEEDS: readonly number[] = [];

/** Datagrams that are as they should be, to be damaged. The seed of a failure is about these too. */
const SOUND = fc
  .sample(fc.array(rtcpPacket, { minLength: 1, maxLength: 3 }), { numRuns: 300, seed: 1 })
  .map((packets) => writeRtcp(packets));

const PACKET_TYPES = [200, 201, 202, 203, 205, 205, 206, 206];
const FORMATS = [0, 1, 1, 2, 4, 15, 15, 31];

/** Random bytes behind headers that fit: what random bytes alone never get past. */
function framed(random: RandomBytes): Buffer {
  const packets: Buffer[] = [];
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const bytes = random.bytes(4 + 4 * random.below(20));
    bytes[0] = 0x80 | (random.below(8) === 0 ? 0x20 : 0) | (FORMATS[random.below(FORMATS.length)] as number);
    bytes[1] = PACKET_TYPES[random.below(PACKET_TYPES.length)] as number;
    bytes.writeUInt16BE(bytes.length / 4 - 1, 2);
    // Few statuses in a feedback, an identifier in an application message: so that both are read on.
    if (bytes.length >= 20 && bytes[1] === 205) bytes.writeUInt16BE(1 + random.below(60), 14);
    if (bytes.length >= 20 && bytes[1] === 206) bytes.write('REMB', 12, 'latin1');
    packets.push(bytes);
  }
  return Buffer.concat(packets);
}

function input(random: RandomBytes): Buffer {
  const choice = random.below(8);
  if (choice === 0) return random.bytes(random.below(80));
  if (choice < 4) return framed(random);
  return random.damage(SOUND[random.below(SOUND.length)] as Buffer);
}

/** All numbers of a packet are whole and from where they may be; counts how many values it holds. */
function weigh(value: unknown): number {
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < -0x80_0000) expect(value).toBe('a whole number');
    return 1;
  }
  if (typeof value === 'string') return value.length / 4;
  if (value instanceof Float64Array) {
    for (const arrival of value) {
      if (Number.isNaN(arrival)) continue;
      if (!Number.isInteger(arrival * 4)) expect(arrival).toBe('a multiple of 0.25');
    }
    return 0;
  }
  let weight = 1;
  for (const part of Object.values(value as object)) weight += weigh(part);
  return weight;
}

function check(packets: readonly RtcpPacket[], length: number): void {
  let statuses = 0;
  for (const packet of packets) {
    if (packet.kind === 'transport-feedback') statuses += packet.arrivals.length;
  }
  if (statuses > MAX_STATUSES) expect(statuses).toBe(`at most ${MAX_STATUSES}`);
  // The densest is a NACK: 17 numbers in four bytes.
  if (weigh(packets) > 10 + 5 * length) expect(weigh(packets)).toBe(`at most 5 values a byte of ${length}`);
}

test('damaged and random datagrams are read or refused', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const read = fuzz(KEPT_SEEDS, (random) => {
    const bytes = input(random);
    const packets = readRtcp(bytes);
    if (packets === null) return false;
    check(packets, bytes.length);
    // What was understood can be written, and then says the same.
    const known = packets.filter(({ kind }) => kind !== 'other');
    const again = readRtcp(writeRtcp(known));
    if (known.length > 0 && again === null) expect(again).not.toBeNull();
    return true;
  });
  if (FUZZ_INPUTS >= 1000) expect(read).toBeGreaterThan(FUZZ_INPUTS / 4);
});

test('a packet is read from its own bytes alone, whatever stands behind it', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 4, maxLength: 60 }),
      fc.constantFrom(...PACKET_TYPES),
      fc.constantFrom(...FORMATS),
      rtcpPacket,
      (content, packetType, format, behind) => {
        const bytes = Buffer.from(content.subarray(0, content.length & ~3));
        bytes[0] = 0x80 | format;
        bytes[1] = packetType;
        bytes.writeUInt16BE(bytes.length / 4 - 1, 2);
        const alone = readRtcp(bytes);
        expect(alone).toHaveLength(1);
        const following = writeRtcp([behind]);
        expect(readRtcp(Buffer.concat([bytes, following]))?.[0]).toEqual(alone?.[0]);
      },
    ),
    { seed: FUZZ_SEED | 0, numRuns: 2000 },
  );
});
