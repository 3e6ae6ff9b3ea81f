// When a peer is told what is shown of it (PEER-6).

import { MAX_VIEW_WIDTH } from '@maru/protocol';
import { describe, expect, test } from 'vitest';
import { FULL_WIDTH, type Telling, tellAt, viewOf, wish } from '../src/upload/telling.js';

const view = (camera: number, screen = 0) => viewOf({ camera, screen }, ['VP8']);

/** Told at 0, another wish since `since`. */
function after(told: ReturnType<typeof view>, next: ReturnType<typeof view>, since = 1_000): Telling {
  const known: Telling = { told, wish: told, since: 0 };
  return wish(known, next, since);
}

describe('[PEER-6] a peer is told', () => {
  test('at once on a channel that has just opened', () => {
    expect(tellAt(wish(undefined, view(640), 500))).toBe(500);
  });

  test('nothing while nothing has changed', () => {
    expect(tellAt(after(view(640), view(640)))).toBeNull();
    // A pixel more or less is no change.
    expect(tellAt(after(view(640), view(639)))).toBeNull();
  });

  test('at once when its picture comes into sight', () => {
    expect(tellAt(after(view(0), view(320)))).toBe(1_000);
    expect(tellAt(after(view(320, 0), view(0, 640)))).toBe(1_000);
  });

  test('after a second that nobody sees it', () => {
    expect(tellAt(after(view(320), view(0)))).toBe(2_000);
  });

  test('of another size when that has stood for a moment, and the wait begins anew with each', () => {
    const first = after(view(320), view(640));
    expect(tellAt(first)).toBe(1_300);
    expect(tellAt(wish(first, view(960), 1_200))).toBe(1_500);
    expect(tellAt(wish(first, view(640), 1_200))).toBe(1_300);
  });

  test('nothing when what was is again before it was time', () => {
    expect(tellAt(wish(after(view(320), view(0)), view(320), 1_500))).toBeNull();
  });
});

describe('widths', () => {
  test('are told in steps, rounded up, within what may be told', () => {
    expect(view(1).camera).toBe(32);
    expect(view(257).camera).toBe(288);
    expect(view(1e9).camera).toBe(FULL_WIDTH);
    expect(view(-1).camera).toBe(0);
    expect(FULL_WIDTH).toBeLessThanOrEqual(MAX_VIEW_WIDTH);
  });

  test('are full for what the application has not spoken of', () => {
    expect(viewOf(undefined, [])).toEqual({
      type: 'view',
      camera: FULL_WIDTH,
      screen: FULL_WIDTH,
      codecs: [],
    });
  });
});
