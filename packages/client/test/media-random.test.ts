// Random hands, devices and answers, from seeds: nothing leaks, nothing runs twice, and the last wish is what comes out.

import { expect, test } from 'vitest';
import { createLocalMedia } from '../src/media/create-local-media.js';
import type { LocalMedia } from '../src/media/local-media.js';
import type { DeviceKind } from '../src/media/media-browser.js';
import { FakeClock, seededRandom, settle } from '../src/testing/fake-env.js';
import { FakeMediaBrowser } from '../src/testing/fake-media-browser.js';

/** Seeds that once failed. They are tried first, for good. */
const KEPT_SEEDS: readonly number[] = [];
/** How many seeds each run tries besides the kept ones; raise it with MARU_SEEDS to search. */
const SEEDS = Number(process.env['MARU_SEEDS'] ?? 300);
/** Where this run begins; a failing seed is named, and MARU_FIRST_SEED begins there again. */
const FIRST_SEED = Number(process.env['MARU_FIRST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const STEPS = 40;

interface Wish {
  camera: boolean;
  microphone: boolean;
}

class World {
  readonly browser = new FakeMediaBrowser(
    ['camera', 'c1'],
    ['camera', 'c2'],
    ['microphone', 'm1'],
    ['microphone', 'm2'],
  );
  readonly clock = new FakeClock();
  readonly wish: Wish = { camera: false, microphone: false };
  readonly log: string[] = [];
  readonly media: LocalMedia;
  readonly #unit: () => number;

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.#unit = () => random.unit();
    this.browser.oneAtATime = this.chance(0.5);
    this.browser.tellsPermission = this.chance(0.7);
    this.browser.immediate = false;
    this.browser.screen = this.chance(0.5) ? 'video-and-audio' : 'video';
    this.media = createLocalMedia({
      browser: this.browser,
      clock: this.clock,
      cameraId: this.pick(['c1', 'c2', 'c9', null]),
    });
  }

  chance(share: number): boolean {
    return this.#unit() < share;
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[Math.floor(this.#unit() * values.length)] ?? values[0];
  }

  /** One thing that a person, a device or the browser does. */
  async act(): Promise<void> {
    const { browser, media } = this;
    const kind = this.pick<DeviceKind>(['camera', 'microphone']);
    const id = `${kind === 'camera' ? 'c' : 'm'}${this.pick([1, 2])}`;
    const act = this.pick([
      'want',
      'want',
      'choose',
      'answer',
      'answer',
      'answer',
      'plug',
      'busy',
      'permission',
      'screen',
      'time',
      'end',
      'mic',
    ]);
    this.log.push(`${act} ${kind} ${id}`);
    switch (act) {
      case 'want': {
        const on = this.chance(0.6);
        this.log.push(`  ${on}`);
        this.wish[kind] = on;
        void (kind === 'camera' ? media.setCamera(on) : media.setMicrophone(on));
        break;
      }
      case 'choose': {
        const chosen = this.chance(0.2) ? null : id;
        void (kind === 'camera' ? media.chooseCamera(chosen) : media.chooseMicrophone(chosen));
        break;
      }
      case 'answer':
        if (browser.requests.length > 0)
          browser.requests[Math.floor(this.#unit() * browser.requests.length)]?.answer();
        break;
      case 'plug':
        if (browser.plugged(kind).includes(id)) browser.unplug(id);
        else browser.plug(kind, id);
        break;
      case 'busy':
        if (!browser.busy.delete(id)) browser.busy.add(id);
        break;
      case 'permission':
        browser.setPermission(kind, this.pick(['granted', 'granted', 'prompt', 'denied']));
        break;
      case 'screen':
        if (this.chance(0.5)) void media.startScreen();
        else media.stopScreen();
        break;
      case 'time':
        await this.clock.advance(Math.floor(this.#unit() * 4_000));
        break;
      case 'end':
        browser.liveOf(kind)[0]?.endByItself();
        break;
      case 'mic':
        void media.openMicrophone();
    }
    // Sometimes the next thing happens before promises had a chance to settle.
    if (this.chance(0.7)) await settle();
    this.check();
  }

  /** What must hold at every moment. */
  check(): void {
    const { browser, media } = this;
    for (const kind of ['camera', 'microphone'] as const) {
      const asking = browser.requests.filter((request) => request.kind === kind).length;
      expect(asking, 'one question at a time').toBeLessThanOrEqual(1);
      const { status, track, error, wanted } = media.snapshot[kind];
      expect(wanted).toBe(this.wish[kind]);
      if (status === 'on') expect(track).not.toBeNull();
      else expect(track).toBeNull();
      expect(status === 'failed', 'failed says why').toBe(status !== 'on' && error !== null);
    }
    const mic = media.published('mic');
    if (!this.wish.microphone) expect(mic, 'muted publishes nothing').toBeNull();
    for (const track of browser.liveOf('microphone')) {
      const held = track === (media.snapshot.microphone.track as unknown);
      if (held) expect(track.enabled, 'muted is silent').toBe(this.wish.microphone);
    }
    if (!this.wish.camera) expect(media.published('camera'), 'off publishes nothing').toBeNull();
  }

  /** Answers everything that is open until nothing more is asked. */
  async rest(): Promise<void> {
    for (let round = 0; round < 50; round++) {
      await settle();
      const [request] = this.browser.requests;
      if (!request) return;
      request.answer();
    }
    throw new Error('questions without end');
  }
}

async function heal(world: World): Promise<void> {
  const { browser } = world;
  browser.busy.clear();
  browser.allows = true;
  for (const kind of ['camera', 'microphone'] as const) {
    browser.setPermission(kind, 'granted');
    for (const id of kind === 'camera' ? ['c1', 'c2'] : ['m1', 'm2']) {
      if (!browser.plugged(kind).includes(id)) browser.plug(kind, id);
    }
  }
  // Nobody hears of a device that is free again; the next change of devices makes it be looked at.
  browser.plug('speaker', 's1');
  await world.rest();
}

async function live(seed: number): Promise<void> {
  const world = new World(seed);
  const { browser, media, clock } = world;
  try {
    for (let step = 0; step < STEPS; step++) await world.act();
    await world.rest();
    for (const kind of ['camera', 'microphone'] as const) {
      expect(browser.liveOf(kind).length, `one ${kind} at rest`).toBeLessThanOrEqual(1);
    }
    // The last wish comes true once everything is there: repeated by hand, as a person would after a failure.
    await heal(world);
    const { camera, microphone } = world.wish;
    void media.setCamera(camera);
    void media.setMicrophone(microphone);
    await world.rest();
    expect(media.snapshot.camera.status).toBe(camera ? 'on' : 'off');
    expect(browser.liveOf('camera')).toHaveLength(camera ? 1 : 0);
    expect(media.published('camera')?.readyState).toBe(camera ? 'live' : undefined);
    expect(media.published('mic')?.readyState).toBe(microphone ? 'live' : undefined);
    expect(browser.liveOf('microphone').length).toBeLessThanOrEqual(1);
    const chosen = media.snapshot.camera.deviceId;
    if (camera && !browser.oneAtATime && (chosen === 'c1' || chosen === 'c2')) {
      expect(media.published('camera')?.getSettings().deviceId, 'the chosen one runs').toBe(chosen);
    }
    // Some questions are open when the call ends.
    for (let step = 0; step < 5; step++) await world.act();
    media.close();
    expect(browser.live, 'nothing runs after close').toEqual([]);
    await world.rest();
    expect(browser.live, 'nothing comes after close').toEqual([]);
    expect(browser.openMeters).toBe(0);
    expect(browser.listeners).toBe(0);
    expect(clock.pending, 'timers').toBe(0);
  } catch (cause) {
    throw new Error(
      `seed ${seed}: add it to KEPT_SEEDS; one at a time: ${browser.oneAtATime}, permission told: ${browser.tellsPermission}\n${world.log.join('\n')}`,
      { cause },
    );
  }
}

test(`nothing leaks and the last wish comes true, whatever happens (${SEEDS} seeds)`, async () => {
  const drawn = Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index);
  for (const seed of [...KEPT_SEEDS, ...drawn]) await live(seed);
}, 120_000);
