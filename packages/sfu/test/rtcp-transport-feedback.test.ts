// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): chunks, deltas, wraps and limits.
import { expect, test } from 'vitest';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import { ARRIVAL_WRAP_MS, type TransportFeedback, unwrapArrival } from '../src/rtcp/transport-feedback.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';

const LOST = Number.NaN;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A feedback about packets from 1 on, its length filled in. */
function bytesOf(count: number, reference: string, chunks: string, deltas: string): Buffer {
  const body = hex(
    `00000001 00000002 0001 ${count.toString(16).padStart(4, '0')} ${reference} 09 ${chunks} ${deltas}`,
  );
  const padded = Buffer.concat([hex('8fcd0000'), body, Buffer.alloc(-body.length & 3)]);
  padded.writeUInt16BE(padded.length / 4 - 1, 2);
  return padded;
}

function arrivalsOf(bytes: Buffer): number[] | null {
  const [packet] = readRtcp(bytes) ?? [];
  return packet?.kind === 'transport-feedback' ? [...packet.arrivals] : null;
}

function feedback(arrivals: readonly number[]): TransportFeedback {
  return {
    kind: 'transport-feedback',
    senderSsrc: 1,
    mediaSsrc: 2,
    baseSequence: 1,
    feedbackCount: 9,
    arrivals: Float64Array.from(arrivals),
  };
}

const of = (length: number, value: number): number[] => new Array<number>(length).fill(value);

test('the run length of section 3.1.3: 221 packets not received', () => {
  expect(arrivalsOf(bytesOf(221, '000000', '00dd', ''))).toEqual(of(221, LOST));
});

test('the one-bit vector of section 3.1.4: 1 not received, 5 received, 3 not, 3 received, 2 not', () => {
  expect(arrivalsOf(bytesOf(14, '000001', '9f1c', '04 04 04 04 04 04 04 04'))).toEqual([
    LOST,
    ...[65, 66, 67, 68, 69],
    ...of(3, LOST),
    ...[70, 71, 72],
    ...of(2, LOST),
  ]);
});

test('the two-bit vector: not received, large, small three times, not received twice', () => {
  // The draft's own example has the symbol 11 in second place, which it reserves elsewhere.
  expect(arrivalsOf(bytesOf(7, '000001', 'c950', 'fffc 04 08 ff'))).toEqual([
    LOST,
    63,
    64,
    66,
    129.75,
    LOST,
    LOST,
  ]);
});

test('the reserved status makes a feedback malformed, in a run and in a vector', () => {
  expect(arrivalsOf(bytesOf(24, '000000', '6018', '00'.repeat(48)))).toBeNull();
  expect(arrivalsOf(bytesOf(7, '000000', 'cd50', '00'.repeat(20)))).toBeNull();
});

test('symbols and runs beyond the count are padding', () => {
  expect(arrivalsOf(bytesOf(2, '000000', 'bfff', '04 04'))).toEqual([1, 2]);
  expect(arrivalsOf(bytesOf(2, '000000', '3fff', '04 04'))).toEqual([1, 2]);
  expect(arrivalsOf(bytesOf(1, '000000', 'dfff', '04'))).toEqual([1]);
});

test('a run of no length says nothing', () => {
  expect(arrivalsOf(bytesOf(1, '000000', '2000 2001', '04'))).toEqual([1]);
});

test('missing chunks, missing deltas and no packet at all are malformed', () => {
  expect(arrivalsOf(bytesOf(0xffff, '000000', '2001', '04'))).toBeNull();
  expect(arrivalsOf(bytesOf(15, '000000', '8000', ''))).toBeNull();
  expect(arrivalsOf(bytesOf(9, '000000', '2009', '04 04'))).toBeNull();
  expect(arrivalsOf(bytesOf(2, '000000', '4002', '0004'))).toBeNull();
  expect(arrivalsOf(bytesOf(0, '000000', '', ''))).toBeNull();
});

test('a datagram is not read for more than 8,192 packets', () => {
  const run = bytesOf(8191, '000000', '1fff', '');
  expect(arrivalsOf(run)?.length).toBe(8191);
  expect(arrivalsOf(bytesOf(8193, '000000', '1fff 1fff', ''))).toBeNull();
  const one = bytesOf(1, '000000', '2001', '04');
  const kinds = readRtcp(Buffer.concat([run, run, one, one]))?.map(({ kind }) => kind);
  expect(kinds).toEqual(['transport-feedback', 'other', 'transport-feedback', 'other']);
});

test('writing takes the chunk that is about most packets', () => {
  const chunks = (arrivals: readonly number[]): string => {
    const bytes = writeRtcp([feedback(arrivals)]);
    expect(arrivalsOf(bytes)).toEqual([...arrivals]);
    const received = arrivals.filter((arrival) => !Number.isNaN(arrival));
    let large = 0;
    for (let index = 1; index < received.length; index += 1) {
      const step = (received[index] as number) - (received[index - 1] as number);
      if (step < 0 || step > 63.75) large += 1;
    }
    const deltas = received.length + large;
    const end = Math.floor((bytes.length - 20 - deltas) / 2) * 2;
    return bytes.toString('hex', 20, 20 + end);
  };
  expect(chunks([1])).toMatch(/^2001/);
  expect(chunks(of(100, 5))).toMatch(/^2064/);
  expect(chunks([1, ...of(13, LOST)])).toMatch(/^a000/);
  expect(chunks([1, 100, 1, LOST, 2, 3, 4])).toMatch(/^da15/);
  expect(chunks([...of(15, LOST), 1, LOST, 1])).toMatch(/^000fa800/);
  expect(chunks([1, LOST, 1, LOST, 1, LOST, 1, 99, LOST])).toMatch(/^d111/);
});

test('a run of more than 8,191 takes two chunks', () => {
  expect(writeRtcp([feedback(of(8192, LOST))]).toString('hex', 20)).toBe('1fff0001');
  const bytes = writeRtcp([feedback([...of(8191, LOST), 1])]);
  expect(bytes.toString('hex', 20, 24)).toBe('1fff2001');
  expect(arrivalsOf(bytes)?.at(-1)).toBe(1);
});

test('times are rounded to 0.25 ms, and the errors do not add up', () => {
  const arrivals = Array.from({ length: 1000 }, (_, index) => 1000 + index * 0.9);
  const read = arrivalsOf(writeRtcp([feedback(arrivals)])) ?? [];
  expect(read.length).toBe(1000);
  for (const [index, arrival] of read.entries())
    expect(Math.abs(arrival - (arrivals[index] as number))).toBeLessThanOrEqual(0.125);
});

test('where a delta does not fit, a further packet goes on', () => {
  const arrivals = [1000, LOST, 1001, LOST, 9300, LOST, 1100];
  const read = readRtcp(writeRtcp([feedback(arrivals)])) ?? [];
  expect(read).toMatchObject([
    { baseSequence: 1, feedbackCount: 9 },
    { baseSequence: 5, feedbackCount: 10 },
    { baseSequence: 7, feedbackCount: 11 },
  ]);
  expect(
    read.flatMap((packet) => (packet.kind === 'transport-feedback' ? [...packet.arrivals] : [])),
  ).toEqual(arrivals);
});

test('the first deltas that do not fit one byte, or two', () => {
  for (const arrivals of [
    [6400, 6463.75, 6527.75],
    [6400, 6399.75],
  ]) {
    expect(arrivalsOf(writeRtcp([feedback(arrivals)]))).toEqual(arrivals);
  }
  for (const step of [0x8000, -0x8001]) {
    const arrivals = [64_000, 64_000 + step / 4];
    expect(readRtcp(writeRtcp([feedback(arrivals)]))).toHaveLength(2);
  }
});

test('the largest deltas that fit', () => {
  const arrivals = [10_000, 10_000 + 0x7fff / 4, 10_000 + 0x7fff / 4 - 0x8000 / 4];
  expect(arrivalsOf(writeRtcp([feedback(arrivals)]))).toEqual(arrivals);
});

test('the reference time wraps after 12.4 days, and the nearest turn is found again', () => {
  for (const start of [ARRIVAL_WRAP_MS - 100, 5 * ARRIVAL_WRAP_MS - 10, 7 * ARRIVAL_WRAP_MS + 3, -50]) {
    const arrivals = [start, start + 20, start + 200];
    const read = arrivalsOf(writeRtcp([feedback(arrivals)])) ?? [];
    expect(read.every((arrival) => arrival >= 0 && arrival < ARRIVAL_WRAP_MS + 1000)).toBe(true);
    expect(read.map((arrival) => unwrapArrival(arrival, start + 5000))).toEqual(arrivals);
  }
});

test('nothing received is still a feedback; no packets are none', () => {
  expect(arrivalsOf(writeRtcp([feedback([LOST, LOST])]))).toEqual([LOST, LOST]);
  expect(writeRtcp([feedback([])]).length).toBe(0);
});
