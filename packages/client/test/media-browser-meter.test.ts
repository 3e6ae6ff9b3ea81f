// The meter over a browser's audio graph: what it opens it closes, even where the browser refuses the track.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBrowserMeter } from '../src/media/browser-meter.js';
import { FakeStream, fakeTrack } from '../src/testing/fake-transceiver.js';

/** As much of an AudioContext as a meter uses. */
class FakeContext {
  static readonly made: FakeContext[] = [];
  static refuses = false;
  state: AudioContextState = 'running';

  constructor() {
    FakeContext.made.push(this);
  }

  createMediaStreamSource(): { connect(): void } {
    if (FakeContext.refuses) throw new DOMException('another sample rate', 'NotSupportedError');
    return { connect: () => undefined };
  }

  createAnalyser(): object {
    return { getFloatTimeDomainData: (samples: Float32Array) => samples.fill(0.5) };
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }
}

const gestures = new EventTarget();
beforeEach(() => {
  FakeContext.made.length = 0;
  FakeContext.refuses = false;
  vi.stubGlobal('AudioContext', FakeContext);
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('window', gestures);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const states = () => FakeContext.made.map(({ state }) => state);

test('measures until it is closed', () => {
  const meter = openBrowserMeter(fakeTrack('audio'));
  expect(meter.rms()).toBeCloseTo(0.5);
  expect(states()).toEqual(['running']);
  meter.close();
  expect(states()).toEqual(['closed']);
  expect(meter.rms()).toBe(0);
});

test('closes its context where the browser refuses the track, and says why', () => {
  FakeContext.refuses = true;
  expect(() => openBrowserMeter(fakeTrack('audio'))).toThrow('another sample rate');
  expect(states()).toEqual(['closed']);
});
