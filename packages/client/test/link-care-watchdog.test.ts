// The watchdog, with time and counters as numbers.

import type { Line } from '@maru/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Received } from '../src/link/care/stats-summary.js';
import { createWatchdog, HOLD_MS, STALL_MS, UNHEARD_MS, type Watchdog } from '../src/link/care/watchdog.js';

const TICK_MS = 2_000;

let dog: Watchdog;
let now: number;
let expected: Set<Line>;
let counts: Map<Line, Received>;
let nudges: [number, Line][];
let stalls: number[];

beforeEach(() => {
  dog = createWatchdog();
  now = 0;
  expected = new Set(['mic', 'camera']);
  counts = new Map([
    ['mic', { packets: 0, frames: null }],
    ['camera', { packets: 0, frames: 0 }],
  ]);
  nudges = [];
  stalls = [];
});

function look(): void {
  const found = dog.look({
    now,
    expects: (line) => expected.has(line),
    received: (line) => counts.get(line),
  });
  for (const line of found.nudge) nudges.push([now, line]);
  if (found.stalled) stalls.push(now);
}

/** Time passes, tick by tick, while so much comes on each line. */
function pass(ms: number, coming: Partial<Record<Line, Partial<Received>>> = {}): void {
  for (const end = now + ms; now < end; ) {
    now += TICK_MS;
    for (const [line, { packets, frames }] of counts) {
      const more = coming[line];
      counts.set(line, {
        packets: packets + (more?.packets ?? 0),
        frames: frames === null ? null : frames + (more?.frames ?? 0),
      });
    }
    look();
  }
}

const FLOWING = { mic: { packets: 100 }, camera: { packets: 60, frames: 30 } };

describe('lines that flow', () => {
  test('are left alone for ever', () => {
    look();
    pass(600_000, FLOWING);
    expect(nudges).toEqual([]);
    expect(stalls).toEqual([]);
  });

  test('[LAD-10] a muted microphone, a camera that is off or not shown, is left alone', () => {
    look();
    pass(10_000, FLOWING);
    expected.clear();
    pass(600_000);
    expect(nudges).toEqual([]);
  });

  test('[LAD-10] one that comes on again is given its time from then', () => {
    expected.delete('camera');
    look();
    pass(60_000, { mic: { packets: 100 } });
    expected.add('camera');
    pass(STALL_MS - TICK_MS, { mic: { packets: 100 } });
    expect(nudges).toEqual([]);
    pass(60_000, FLOWING);
    expect(nudges).toEqual([]);
  });

  test('[LAD-10] a page that slept has seen nothing, and concludes nothing', () => {
    look();
    pass(4_000, FLOWING);
    now += 120_000;
    look();
    pass(STALL_MS - TICK_MS);
    expect(nudges).toEqual([]);
  });

  test('a shared screen may stand still', () => {
    expected = new Set(['screen', 'screenAudio']);
    counts = new Map([['screen', { packets: 7, frames: 3 }]]);
    look();
    pass(600_000);
    expect(nudges).toEqual([]);
  });
});

describe('lines that stand still', () => {
  test.each<[string, Partial<Record<Line, Partial<Received>>>]>([
    ['no packets', { mic: { packets: 100 } }],
    ['packets but no frames', { mic: { packets: 100 }, camera: { packets: 60 } }],
  ])('[LAD-10] %s: a nudge, and when that is answered and does not help, a fresh connection', (_, coming) => {
    look();
    pass(4_000, FLOWING);
    const since = now;
    pass(STALL_MS, coming);
    expect(nudges).toEqual([[since + STALL_MS, 'camera']]);
    dog.answered('camera', true, now);
    pass(STALL_MS - TICK_MS, coming);
    expect(stalls).toEqual([]);
    pass(TICK_MS, coming);
    expect(stalls).toEqual([since + 2 * STALL_MS]);
  });

  test('[LAD-10] a nudge that helps is all', () => {
    look();
    pass(STALL_MS, { mic: { packets: 100 } });
    dog.answered('camera', true, now);
    pass(60_000, FLOWING);
    expect(nudges).toHaveLength(1);
    expect(stalls).toEqual([]);
  });

  test('[LAD-10] a sender whose page is frozen does not answer: it is nudged again, and nothing is closed', () => {
    look();
    pass(STALL_MS + 3 * UNHEARD_MS, { mic: { packets: 100 } });
    expect(nudges.map(([at]) => at)).toEqual([0, 1, 2, 3].map((again) => STALL_MS + again * UNHEARD_MS));
    expect(stalls).toEqual([]);
  });

  test('[LAD-10] a source that is silent is no fault of the link', () => {
    look();
    for (let turn = 0; turn < 5; turn++) {
      pass(STALL_MS, { mic: { packets: 100 } });
      dog.answered('camera', false, now);
    }
    expect(stalls).toEqual([]);
  });

  test('[LAD-10] fresh connections for its sake come a minute apart at first, then rarer', () => {
    look();
    for (let turn = 0; turn < 200; turn++) {
      pass(TICK_MS);
      for (const line of ['mic', 'camera'] as const) dog.answered(line, true, now);
    }
    const gaps = stalls.slice(1).map((at, index) => at - (stalls[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(1);
    gaps.forEach((gap, index) => {
      expect(gap).toBeGreaterThanOrEqual(HOLD_MS * 2 ** index);
    });
  });

  test('an answer to nothing changes nothing', () => {
    dog.answered('camera', true, 0);
    look();
    pass(STALL_MS - TICK_MS);
    dog.answered('camera', true, now);
    pass(STALL_MS - TICK_MS);
    expect(stalls).toEqual([]);
  });
});
