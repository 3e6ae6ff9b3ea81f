// The clock: compared with an NTP server, and with the Date of a server that was asked.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDate, checkNtp } from '../../src/doctor/checks/clock.js';
import { clockOffset, readOffset, writeTimestamp } from '../../src/doctor/sntp.js';
import { udpServer, WORLD } from './support.js';

/** An NTP server whose clock is ahead by so much; `head`: leap indicator, version and mode. */
function ntpServer(aheadMs: number, head = 0b00_100_100, stratum = 2): Promise<number> {
  return udpServer((request) => {
    const answer = Buffer.alloc(48);
    answer.writeUInt8(head, 0);
    answer.writeUInt8(stratum, 1);
    request.copy(answer, 24, 40, 48);
    for (const offset of [32, 40]) writeTimestamp(answer, offset, Date.now() + aheadMs);
    return answer;
  });
}

test('the offset is what the clocks differ by, whatever the way takes', async () => {
  const port = await ntpServer(90_000);
  const offset = await clockOffset(`127.0.0.1:${port}`, Date.now, 20_000);
  expect(Math.abs(offset - 90_000)).toBeLessThan(5_000);
});

test('RFC 4330, section 5: the offset of four times', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      fc.integer({ min: -4_000_000, max: 4_000_000 }),
      fc.integer({ min: 0, max: 60_000 }),
      (sentAt, ahead, oneWay) => {
        const [request, answer] = [Buffer.alloc(48), Buffer.alloc(48)];
        writeTimestamp(request, 40, sentAt);
        answer.writeUInt8(0b00_100_100, 0);
        answer.writeUInt8(1, 1);
        request.copy(answer, 24, 40, 48);
        for (const offset of [32, 40]) writeTimestamp(answer, offset, sentAt + oneWay + ahead);
        const offset = readOffset(request, answer, sentAt, sentAt + 2 * oneWay);
        // The era that begins in 2036 is told from the one before (section 3).
        expect(Math.abs((offset ?? Number.NaN) - ahead)).toBeLessThan(1);
      },
    ),
  );
});

test.each([
  ['a server that is not synchronised', 0b11_100_100, 2],
  ['a kiss of death', 0b00_100_100, 0],
  ['a client', 0b00_100_011, 2],
])('%s is not believed', async (_what, head, stratum) => {
  const port = await ntpServer(0, head, stratum);
  expect(await checkNtp(`127.0.0.1:${port}`, 3_600, WORLD)).toMatchObject({ verdict: 'unknown' });
});

test('no input breaks the reader of answers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (data) => {
      expect(readOffset(Buffer.alloc(48), Buffer.from(data), 0, 0) ?? 0).toEqual(expect.any(Number));
    }),
  );
});

test('a clock that is right, a little off, and off by as much as credentials last', async () => {
  const verdicts = [];
  for (const ahead of [0, 60_000, -7_200_000]) {
    const finding = await checkNtp(`127.0.0.1:${await ntpServer(ahead)}`, 3_600, {
      ...WORLD,
      timeoutMs: 20_000,
    });
    verdicts.push([finding.verdict, /ahead of|behind|agree/.exec(finding.says)?.[0]]);
  }
  expect(verdicts).toEqual([
    ['good', 'agree'],
    ['note', 'behind'],
    ['wrong', 'ahead of'],
  ]);
});

test('the Date of a server is compared in the same way', () => {
  const world = { ...WORLD, unixTime: () => 1_800_000_000_000 };
  const skewed = (seconds: number) =>
    checkDate(1_800_000_000_000 + seconds * 1_000, 'a.example', 3_600, world);
  expect(skewed(1).verdict).toBe('good');
  expect(skewed(60)).toMatchObject({ verdict: 'note', says: expect.stringContaining('60 s behind') });
  expect(skewed(-4_000)).toMatchObject({
    verdict: 'wrong',
    says: expect.stringContaining('4000 s ahead of'),
  });
});
