// Quality under bad networks: what a viewer sees and hears through Maru's SFU, and through Janus in the same conditions.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { type Bench, figure, median } from '../figure.js';
import { servePages } from '../join/page-server.js';
import { startMeasuredBrowser } from '../mesh/browser.js';
import { writeClip, writeRoomTone } from '../mesh/clip.js';
import type { Line } from '../network/link-emulator.js';
import { startUdpRelay } from '../network/udp-relay.js';
import { findOrInstallJanus } from '../sfu/targets/janus-process.js';
import { ChangingLine, NARROW, PERFECT, STEADY, WIDE } from './conditions.js';
import { type Contender, untilConnected } from './contender.js';
import { startJanus } from './janus.js';
import { startMaru } from './maru.js';
import { movedFrom, type Stretch, watch, wideFrom } from './observe.js';
import { installParty } from './page.js';

/** Just large enough that Chromium makes three encodings of it. */
const CAMERA = { width: 960, height: 540, framesPerSecond: 15 } as const;
const RUNS = Number(process.env['MARU_QUALITY_RUNS'] ?? 1);
const SETTLE_MS = 10_000;
const WATCHED_MS = 10_000;
const NARROW_MS = 15_000;
const WIDE_AGAIN_MS = 20_000;
/** No share is nothing: a figure is to be divided by. */
const LEAST_PERCENT = 0.1;

const bench: Bench = async (report) => {
  const starts: Record<string, () => Promise<Contender>> = { maru: startMaru };
  if (await findOrInstallJanus()) starts['janus'] = startJanus;
  else console.error('  Janus is left out: it is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'maru-bench-quality-'));
  const [clip, sound] = [join(folder, 'camera.y4m'), join(folder, 'sound.wav')];
  await Promise.all([writeClip(clip, CAMERA), writeRoomTone(sound)]);
  const pages = await servePages({ '/': '<!doctype html><title>Quality</title>' });
  const { browser, close } = await startMeasuredBrowser(clip, sound);
  const url = `http://localhost:${pages.port}/`;
  const names = Object.keys(starts);
  const tell = (name: string, unit: string, values: ReadonlyMap<string, number[]>): void => {
    const middle = (contender: string): number => median(values.get(contender) ?? []);
    const beside = Object.fromEntries(names.slice(1).map((other) => [other, middle(other)]));
    report(figure({ figure: `quality.${name}`, unit, ours: middle('maru'), beside, runs: RUNS }));
  };
  const percent = (share: number): number => Math.max(LEAST_PERCENT, share * 100);
  try {
    for (const { name, line } of STEADY) {
      const found = await inTurns(starts, (contender) => look(browser, url, contender, [[line, WATCHED_MS]]));
      const of = (value: (stretch: Stretch) => number) =>
        valuesOf(found, ([stretch]) => (stretch ? value(stretch) : Number.NaN));
      tell(
        `smooth_${name}`,
        '% of the time',
        of(({ smooth }) => percent(smooth)),
      );
      tell(
        `sound_${name}`,
        '% of the sound',
        of(({ sound: heard }) => percent(heard)),
      );
      tell(
        `width_${name}`,
        'px',
        of(({ width }) => width),
      );
    }
    const steps = await inTurns(starts, (contender) =>
      look(browser, url, contender, [
        [WIDE, WATCHED_MS],
        [NARROW, NARROW_MS],
        [WIDE, WIDE_AGAIN_MS],
      ]),
    );
    tell(
      'step_smooth',
      '% of the time',
      valuesOf(steps, ([, narrow]) => percent(narrow?.smooth ?? 0)),
    );
    tell(
      'step_sound',
      '% of the sound',
      valuesOf(steps, ([, narrow]) => percent(narrow?.sound ?? 0)),
    );
    tell(
      'step_down',
      'ms',
      valuesOf(steps, ([, narrow]) => (narrow ? movedFrom(narrow) : Number.NaN)),
    );
    const wide = ([before, , again]: readonly Stretch[]): number =>
      before && again ? wideFrom(again, before.moments.at(-1)?.width ?? 0) : Number.NaN;
    tell('step_up', 'ms', valuesOf(steps, wide));
  } finally {
    await close();
    await pages.close();
    await rm(folder, { recursive: true, force: true });
  }
};

export default bench;

/** Runs something with each contender, one after the other, as often as is asked. */
async function inTurns<T>(
  starts: Readonly<Record<string, () => Promise<Contender>>>,
  run: (contender: Contender) => Promise<T>,
): Promise<ReadonlyMap<string, T[]>> {
  const found = new Map<string, T[]>(Object.keys(starts).map((name) => [name, []]));
  for (let turn = 0; turn < RUNS; turn += 1) {
    for (const [name, start] of Object.entries(starts)) {
      const contender = await start();
      try {
        found.get(name)?.push(await run(contender));
      } finally {
        await contender.close();
      }
    }
  }
  return found;
}

function valuesOf<T>(
  found: ReadonlyMap<string, T[]>,
  value: (one: T) => number,
): ReadonlyMap<string, number[]> {
  return new Map([...found].map(([name, all]) => [name, all.map(value)]));
}

/** One viewer over one line after the other: settled on the first, then watched on each. */
async function look(
  browser: Browser,
  url: string,
  contender: Contender,
  stretches: readonly (readonly [Line, number])[],
): Promise<readonly Stretch[]> {
  const line = new ChangingLine();
  const relay = await startUdpRelay({
    size: 1,
    line: (bytes, towards) => line.hold(bytes, towards === 'target' ? 'up' : 'down'),
  });
  const [port] = relay.ports;
  if (!port) throw new Error('The relay has no port.');
  const context = await browser.newContext();
  try {
    await context.addInitScript(installParty);
    const [sender, viewer] = [await context.newPage(), await context.newPage()];
    await Promise.all([sender.goto(url), viewer.goto(url)]);
    line.become(PERFECT);
    await contender.connect(sender, viewer, { port, assign: (target) => relay.assign(port.port, target) });
    await untilConnected(viewer);
    line.become(stretches[0]?.[0] ?? PERFECT);
    await later(SETTLE_MS);
    const found: Stretch[] = [];
    for (const [index, [next, forMs]] of stretches.entries()) {
      if (index > 0) line.become(next);
      found.push(await watch(viewer, forMs));
    }
    return found;
  } finally {
    await context.close();
    relay.close();
  }
}
