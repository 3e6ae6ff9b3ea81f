// Networks that change or vanish in mid-call: the call goes on by itself, with the same people in it.

import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tile, untilSeesExactly } from '../e2e/support/person.js';
import { call, type Pair, untilBothHear } from './support/call.js';
import { bothResumedAt } from './support/interruption.js';
import { useLab } from './support/lab.js';
import { report, spread } from './support/measured.js';
import { publicAddress } from './support/topology.js';
import { addHotspot } from './support/uplink.js';

const RUNS = 5;

/** What is promised, in the median after a change of the uplink, and at most after 10 s without any network. */
const CHANGED_MS = 3_000;
const RETURNED_MS = 5_000;
/** A machine that the lab keeps busy, with two browsers and all networks on it, may take so many times as long. */
const BUSY = 2;

const lab = useLab(() => ({
  Ann: { rules: { nat: 'keeps-ports' } },
  Bob: { rules: { nat: 'keeps-ports' } },
}));

/** The ids under which two people have each other on their page. */
function idsOf([one, other]: Pair): Promise<(string | null)[]> {
  return Promise.all([
    tile(one, other.name).getAttribute('data-peer-id'),
    tile(other, one.name).getAttribute('data-peer-id'),
  ]);
}

test('from Wi-Fi to a hotspot and back: media goes on, nobody rejoins', async () => {
  const uplinks = await addHotspot(lab.namespaces, lab.internet, lab.home('Ann'), publicAddress(30));
  const server = await lab.serve();
  const { people } = await call(lab, server, [lab.home('Ann'), lab.home('Bob')]);
  const ids = await idsOf(people);
  const ms: number[] = [];
  // There and back each time: the tests that follow cut the first of the two.
  while (ms.length < RUNS + 1) {
    const changedAt = Date.now();
    await uplinks.change();
    ms.push((await bothResumedAt(people, changedAt)) - changedAt);
    await untilBothHear(people);
    expect(await idsOf(people)).toEqual(ids);
  }
  report({ table: 'changes', row: 'another uplink', ms });
  expect(spread(ms).median).toBeLessThan(CHANGED_MS * BUSY);
});

test.each([3, 10])('%i s without any network: the call resumes by itself', async (seconds) => {
  const server = await lab.serve();
  const { people } = await call(lab, server, [lab.home('Ann'), lab.home('Bob')]);
  const ids = await idsOf(people);
  const ms: number[] = [];
  while (ms.length < RUNS) {
    const lostAt = Date.now();
    await lab.home('Ann').cut();
    await pass(seconds * 1_000);
    const backAt = Date.now();
    await lab.home('Ann').mend();
    ms.push((await bothResumedAt(people, lostAt)) - backAt);
    await untilBothHear(people);
    expect(await idsOf(people)).toEqual(ids);
  }
  report({ table: 'changes', row: `${seconds} s without network, after its return`, ms });
  expect(spread(ms).max).toBeLessThan(RETURNED_MS * BUSY);
});

test('40 s without any network: the same peer while its place is kept, else a clean rejoin', async () => {
  const homes = [lab.home('Ann'), lab.home('Bob')] as const;
  const patient = await lab.serve([...lab.relayFlags(), '--grace', '120']);
  const strict = await lab.serve([...lab.relayFlags(), '--grace', '10'], 8443);
  const kept = (await call(lab, patient, homes)).people;
  const dropped = (await call(lab, strict, homes, { names: ['Cho', 'Dan'] })).people;
  const ms = { kept: [] as number[], dropped: [] as number[] };
  while (ms.kept.length < RUNS) {
    const [keptIds, droppedIds] = [await idsOf(kept), await idsOf(dropped)];
    const lostAt = Date.now();
    await lab.home('Ann').cut();
    await pass(40_000);
    const backAt = Date.now();
    await lab.home('Ann').mend();
    const [keptAt, droppedAt] = await Promise.all([
      bothResumedAt(kept, lostAt),
      bothResumedAt(dropped, lostAt),
    ]);
    ms.kept.push(keptAt - backAt);
    ms.dropped.push(droppedAt - backAt);
    await Promise.all(
      [kept, dropped].flatMap((people) => {
        const [one, other] = people;
        return [
          untilBothHear(people),
          untilSeesExactly(one, [other.name]),
          untilSeesExactly(other, [one.name]),
        ];
      }),
    );
    expect(await idsOf(kept)).toEqual(keptIds);
    const [stayed, returned] = await idsOf(dropped);
    expect([stayed, returned === droppedIds[1]]).toEqual([droppedIds[0], false]);
  }
  // At no time was there a second tile of anybody.
  for (const { page } of [...kept, ...dropped]) {
    expect(await page.evaluate(() => window.probe.mostTiles())).toBe(1);
  }
  report({ table: 'changes', row: '40 s without network, place kept', ms: ms.kept });
  report({ table: 'changes', row: '40 s without network, place lost', ms: ms.dropped });
  expect(Math.max(spread(ms.kept).max, spread(ms.dropped).max)).toBeLessThan(RETURNED_MS * BUSY);
}, 900_000);
