// Offers made in the lobby: what is in them, what is trickled after them, and what becomes of those not used.

import { parseLinkSignal } from '@maru/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PreparedOffer } from '../src/link/peer-link.js';
import { GATHERING_MS } from '../src/link/rtc-prepared-offer.js';
import { fakeTrack } from '../src/testing/fake-transceiver.js';
import { camera, NOTHING, Pair } from './link-pair.js';

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
});
afterEach(() => {
  pair.close();
  expect(pair.network.open).toEqual([]);
});

/** The near end takes the offer up, and the far end receives it. */
async function adopt(prepared: PreparedOffer, data: string): Promise<void> {
  pair.create('far');
  pair.near.link = prepared.adopt(pair.options('near', camera()));
  pair.far.it.receive(data);
  await pair.idle();
}

function candidatesOf(data: string): number {
  const parsed = parseLinkSignal(data);
  if (!parsed.ok || parsed.message.kind !== 'offer') throw new Error(`not an offer: ${data}`);
  return parsed.message.sdp.split('a=candidate').length - 1;
}

describe('a prepared offer', () => {
  test('[NEG-1] holds all candidates, and connects with nothing but the answer', async () => {
    const prepared = pair.factory.prepare(camera());
    await pair.idle();
    const data = await prepared.data;
    expect(candidatesOf(data)).toBe(2);
    await adopt(prepared, data);
    expect(pair.near.said).toEqual([]);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.near.it.snapshot.dataOpen).toBe(true);
  });

  test('does not wait for a silent STUN server for longer than a second; what comes later is trickled', async () => {
    pair.network.slowGathering = true;
    const prepared = pair.factory.prepare(NOTHING);
    await pair.pass(GATHERING_MS);
    const data = await prepared.data;
    expect(candidatesOf(data)).toBe(1);
    await adopt(prepared, data);
    await pair.pass(3_000);
    expect(pair.near.said.map(({ kind }) => kind)).toEqual(['candidate']);
  });

  test('loses no candidate that comes before it is adopted', async () => {
    pair.network.slowGathering = true;
    const prepared = pair.factory.prepare(NOTHING);
    await pair.pass(GATHERING_MS);
    const data = await prepared.data;
    await pair.pass(5_000);
    await adopt(prepared, data);
    expect(pair.near.said).toHaveLength(1);
    expect(pair.near.said[0]).toMatchObject({
      kind: 'candidate',
      candidate: expect.stringContaining('relay'),
    });
  });

  test('sends the tracks that were set last, before and after it is adopted', async () => {
    const prepared = pair.factory.prepare(camera('first'));
    prepared.setTrack('camera', fakeTrack('video', 'second'));
    await pair.idle();
    const sender = pair.network.connections[0]?.getTransceivers()[1]?.sender;
    expect(sender?.track?.id).toBe('second');
    await adopt(prepared, await prepared.data);
    expect(sender?.track?.id).toBe('camera');
    pair.near.it.setTrack('camera', null);
    prepared.setTrack('camera', fakeTrack('video', 'late'));
    await pair.idle();
    expect(sender?.track).toBeNull();
  });

  test('sends a track that went off and on in one turn', async () => {
    const tracks = camera();
    const prepared = pair.factory.prepare(tracks);
    await pair.idle();
    prepared.setTrack('mic', null);
    prepared.setTrack('mic', tracks.mic);
    await pair.idle();
    expect(pair.network.connections[0]?.getTransceivers()[0]?.sender.track).toBe(tracks.mic);
    prepared.dispose();
  });

  test('is named in the trace by its peer once it has one', async () => {
    const prepared = pair.factory.prepare(NOTHING);
    await pair.idle();
    const data = await prepared.data;
    expect(new Set(pair.events('candidate').map(({ peer }) => peer))).toEqual(new Set(['']));
    await adopt(prepared, data);
    expect(pair.events('connection-state').map(({ peer }) => peer)).toContain('far');
  });

  test('is waited for by the ladder from when it is adopted', async () => {
    const prepared = pair.factory.prepare(NOTHING);
    await pair.pass(60_000, 5_000);
    expect(pair.clock.pending).toBe(0);
    pair.cut = true;
    await adopt(prepared, await prepared.data);
    expect(pair.near.phase).toBe('connecting');
    pair.mend();
    await pair.idle();
    expect(pair.near.phase).toBe('connected');
  });

  test('frees its connection when it is not used, and leaves it when it is', async () => {
    const unused = pair.factory.prepare(NOTHING);
    const used = pair.factory.prepare(NOTHING);
    await pair.idle();
    await adopt(used, await used.data);
    expect(pair.network.open).toHaveLength(3);
    unused.dispose();
    unused.dispose();
    used.dispose();
    expect(pair.network.open).toHaveLength(2);
    expect(pair.near.phase).toBe('connected');
    expect(() => used.adopt(pair.options('near'))).toThrow('adopted');
    expect(() => unused.adopt(pair.options('near'))).toThrow('disposed');
  });

  test('rejects when it is disposed before it is ready, and leaves no timer', async () => {
    pair.network.slowGathering = true;
    const prepared = pair.factory.prepare(NOTHING);
    await pair.idle();
    prepared.dispose();
    await expect(prepared.data).rejects.toThrow('disposed');
    await pair.pass(5_000);
    expect(pair.clock.pending).toBe(0);
    expect(pair.errors).toEqual([]);
  });

  test('rejects when the browser cannot make it, and says so in the trace', async () => {
    pair.network.failNextLocal = true;
    const prepared = pair.factory.prepare(NOTHING);
    await expect(prepared.data).rejects.toThrow('the encoder is gone');
    expect(pair.errors[0]).toContain('prepare: OperationError');
    prepared.dispose();
  });
});
