// Simulcast layers: alive at a key frame, dead when silent alone, and never by a stall of everything.

import { describe, expect, test } from 'vitest';
import { type FrameMarks, NO_MARKS } from '../src/codec/frame-marks.js';
import { LayerActivity, type LayerEvent } from '../src/receive/layer-activity.js';
import { rtpPacket } from './support/rtp-bytes.js';

const KEY: FrameMarks = NO_MARKS;
const DELTA: FrameMarks = { ...NO_MARKS, keyFrame: false };
const MEDIA = Buffer.alloc(1_000);

/** A line whose layers send as told, looked at every 20 ms. */
class Camera {
  readonly activity = new LayerActivity(['h', 'm', 'l']);
  readonly events: (LayerEvent & { at: number })[] = [];
  now = 0;

  /** Until `to`, these layers send frames of one packet at this pace, a key frame first where it says so. */
  run(to: number, rids: readonly string[], everyMs: number, keyFirst = false): void {
    let marks = keyFirst ? KEY : DELTA;
    for (let next = this.now; this.now < to; this.now += 1) {
      if (this.now >= next) {
        for (const rid of rids) this.packet(rid, marks);
        marks = DELTA;
        next += everyMs;
      }
      if (this.now % 20 === 0) this.note(this.activity.tick(this.now));
    }
  }

  packet(rid: string, marks: FrameMarks, payload = MEDIA): void {
    const event = this.activity.onPacket(
      rid,
      rtpPacket({ timestamp: this.now * 90, payload }),
      marks,
      this.now,
    );
    if (event !== null) this.note([event]);
  }

  note(events: readonly LayerEvent[]): void {
    for (const event of events) this.events.push({ ...event, at: this.now });
  }

  alive(): string {
    return ['l', 'm', 'h'].filter((rid) => this.activity.alive(rid, this.now)).join('');
  }
}

describe('layers of a camera', () => {
  test('are alive from their first key frame, and measured', () => {
    const camera = new Camera();
    expect(camera.alive()).toBe('');
    camera.run(2_000, ['l', 'm', 'h'], 33, true);
    expect(camera.events.map(({ rid, kind, at }) => [rid, kind, at])).toEqual([
      ['l', 'alive', 0],
      ['m', 'alive', 0],
      ['h', 'alive', 0],
    ]);
    const layers = camera.activity.layers(2_000);
    expect(layers.map(({ rid }) => rid)).toEqual(['l', 'm', 'h']);
    for (const { bitrate, frameRate } of layers) {
      expect(Math.abs(bitrate / 245_000 - 1)).toBeLessThan(0.1);
      expect(frameRate).toBeCloseTo(30, 0);
    }
  });

  test.each([
    [30, 800],
    [15, 800],
    [5, 1_250],
  ])(
    'at %d frames/s one that falls silent is dead within %d ms, and alive again at a key frame',
    (rate, within) => {
      const camera = new Camera();
      const every = Math.round(1_000 / rate);
      camera.run(3_000, ['l', 'm', 'h'], every, true);
      camera.events.length = 0;
      camera.run(6_000, ['l', 'm'], every);
      expect(camera.events.map(({ rid, kind }) => [rid, kind])).toEqual([['h', 'dead']]);
      expect((camera.events[0]?.at ?? 0) - 3_000).toBeLessThanOrEqual(within);
      expect(camera.alive()).toBe('lm');
      camera.packet('h', KEY);
      expect(camera.events.at(-1)).toMatchObject({ rid: 'h', kind: 'alive' });
      expect(camera.alive()).toBe('lmh');
    },
  );

  test('a stall of everything kills none, also when one is heard first afterwards', () => {
    const camera = new Camera();
    camera.run(2_000, ['l', 'm', 'h'], 33, true);
    camera.run(6_000, [], 33);
    camera.run(6_300, ['l'], 33);
    camera.run(8_000, ['l', 'm', 'h'], 33);
    expect(camera.events.filter(({ kind }) => kind === 'dead')).toEqual([]);
    expect(camera.alive()).toBe('lmh');
  });

  test('a screen that stands still is sent once a second, and no layer dies of it', () => {
    const camera = new Camera();
    camera.run(2_000, ['l', 'h'], 33, true);
    camera.run(30_000, ['l', 'h'], 1_000);
    camera.run(32_000, ['l', 'h'], 33);
    expect(camera.events.filter(({ kind }) => kind === 'dead')).toEqual([]);
  });

  test('a still screen that loses a layer is noticed by its few frames', () => {
    const camera = new Camera();
    camera.run(20_000, ['l', 'h'], 1_000, true);
    camera.run(30_000, ['l'], 1_000);
    expect(camera.events.filter(({ kind }) => kind === 'dead').map(({ rid }) => rid)).toEqual(['h']);
  });

  test('frames without a key frame stir: one is to be asked for, once', () => {
    const camera = new Camera();
    camera.run(2_000, ['l', 'm', 'h'], 33, true);
    camera.run(4_000, ['l', 'm'], 33);
    camera.events.length = 0;
    camera.run(5_000, ['l', 'm', 'h'], 33);
    expect(camera.events.map(({ rid, kind }) => [rid, kind])).toEqual([['h', 'stirring']]);
    expect(camera.alive()).toBe('lm');
  });

  test('padding keeps no layer alive', () => {
    const camera = new Camera();
    camera.run(2_000, ['l', 'h'], 33, true);
    for (let count = 0; count < 60; count += 1) {
      camera.packet('h', DELTA, Buffer.alloc(0));
      camera.run(camera.now + 33, ['l'], 33);
    }
    expect(camera.alive()).toBe('l');
  });

  test('one that says goodbye is dead at once', () => {
    const camera = new Camera();
    camera.run(1_000, ['l', 'h'], 33, true);
    expect(camera.activity.ended('h')).toEqual({ rid: 'h', kind: 'dead' });
    expect(camera.activity.ended('h')).toBeNull();
    expect(camera.activity.ended('x')).toBeNull();
    expect(camera.alive()).toBe('l');
  });

  test('are in the order of their sizes once all are known, whatever they are called', () => {
    const activity = new LayerActivity(['a', 'b']);
    const order = () => activity.layers(0).map(({ rid }) => rid);
    expect(order()).toEqual(['a', 'b']);
    activity.setSizes('a', [{ width: 1_280, height: 720 }]);
    expect(order()).toEqual(['a', 'b']);
    activity.setSizes('b', [{ width: 640, height: 360 }]);
    expect(order()).toEqual(['b', 'a']);
    expect(activity.width('a')).toBe(1_280);
    expect(activity.width('c')).toBe(0);
  });

  test('a line without RIDs has one layer, which never dies alone', () => {
    const activity = new LayerActivity([]);
    expect(activity.onPacket('', rtpPacket({ payload: MEDIA }), KEY, 0)).toEqual({ rid: '', kind: 'alive' });
    expect(activity.tick(60_000)).toEqual([]);
    expect(activity.alive('', 60_000)).toBe(true);
    expect(activity.lastPacketAt).toBe(0);
  });
});

describe('spatial layers inside one stream', () => {
  const layer = (spatialLayer: number, marks = DELTA): FrameMarks => ({
    ...marks,
    spatialLayer,
    keyFrame: marks.keyFrame && spatialLayer === 0,
  });

  /** Pictures of so many spatial layers, in the stream of `l`, every 50 ms. */
  function pictures(camera: Camera, to: number, layers: number): void {
    for (let first = true; camera.now < to; camera.now += 50) {
      for (let spatial = 0; spatial < layers; spatial += 1) {
        camera.packet('l', layer(spatial, first ? KEY : DELTA));
      }
      first = false;
      camera.note(camera.activity.tick(camera.now));
    }
  }

  test('stand for the encodings above it, and cost what those below them cost as well', () => {
    const camera = new Camera();
    pictures(camera, 2_000, 3);
    expect(camera.alive()).toBe('lmh');
    const layers = camera.activity.layers(2_000);
    expect(layers.map(({ rid }) => rid)).toEqual(['l', 'm', 'h']);
    const [one = 0, two = 0, three = 0] = layers.map(({ bitrate }) => bitrate);
    expect(two / one).toBeCloseTo(2);
    expect(three / one).toBeCloseTo(3);
    expect(['l', 'm', 'h'].map((rid) => camera.activity.carrier(rid))).toEqual(['l', 'l', 'l']);
  });

  test('are as large as the key frame says', () => {
    const camera = new Camera();
    camera.activity.setSizes('l', [
      { width: 320, height: 180 },
      { width: 640, height: 360 },
      { width: 1_280, height: 720 },
    ]);
    expect(['l', 'm', 'h'].map((rid) => camera.activity.width(rid))).toEqual([320, 640, 1_280]);
  });

  test('that are not made any more are dead, while the others go on', () => {
    const camera = new Camera();
    pictures(camera, 2_000, 3);
    pictures(camera, 5_000, 1);
    expect(camera.alive()).toBe('l');
  });

  test('are not alive again by one late packet', () => {
    const camera = new Camera();
    pictures(camera, 2_000, 3);
    pictures(camera, 5_000, 1);
    camera.packet('l', layer(2));
    expect(camera.alive()).toBe('l');
  });

  test('end with their stream', () => {
    const camera = new Camera();
    pictures(camera, 2_000, 3);
    expect(camera.activity.ended('m')).toBeNull();
    expect(camera.activity.ended('l')).toEqual({ rid: 'l', kind: 'dead' });
    expect(camera.alive()).toBe('');
  });
});

describe('temporal layers', () => {
  /** Shares of the bitrate up to each temporal layer, in quarters. */
  function quarters(switchingUp: boolean): number[] {
    const camera = new Camera();
    for (let frame = 0; frame < 40; frame += 1) {
      const temporalLayer = [0, 2, 1, 2][frame % 4] ?? 0;
      camera.packet('l', { ...(frame === 0 ? KEY : DELTA), temporalLayer, switchingUp });
      camera.now += 50;
    }
    const [{ temporal, bitrate } = { temporal: [], bitrate: 0 }] = camera.activity.layers(2_000);
    return temporal.map((part) => Math.round((part / bitrate) * 4));
  }

  test('cost each what those below it cost as well', () => {
    expect(quarters(true)).toEqual([1, 2, 4]);
  });

  test('are not told where nothing says when they can be joined', () => {
    expect(quarters(false)).toEqual([]);
  });
});
