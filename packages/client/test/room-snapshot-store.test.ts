// The snapshot's keeper: identity, listeners, and changes made while telling of a change.

import { expect, test } from 'vitest';
import { replaced } from '../src/replaced.js';
import type { RoomSnapshot } from '../src/room/room.js';
import { createSnapshotStore, sameList } from '../src/room/snapshot-store.js';
import { TestRoom } from './support/test-room.js';

const initial = (): RoomSnapshot => new TestRoom().snapshot;

test('the same values leave the same snapshot, and nobody is told', () => {
  const store = createSnapshotStore(initial());
  const before = store.current;
  let told = 0;
  store.subscribe(() => told++);
  store.set({ phase: before.phase, peers: before.peers });
  expect(store.current).toBe(before);
  store.set({ ready: true });
  expect(store.current).not.toBe(before);
  expect(before.ready).toBe(false);
  expect(told).toBe(1);
});

test('a change made by a listener reaches everyone last, and nobody hears an older one after it', () => {
  const store = createSnapshotStore(initial());
  const heard: boolean[] = [];
  store.subscribe(({ ready }) => ready && store.set({ ready: false }));
  store.subscribe(({ ready }) => heard.push(ready));
  store.set({ ready: true });
  expect(heard).toEqual([false]);
  expect(store.current.ready).toBe(false);
});

test('listening ends with its signal, or with the store', () => {
  const store = createSnapshotStore(initial());
  const abort = new AbortController();
  let told = 0;
  store.subscribe(() => told++, { signal: abort.signal });
  store.subscribe(() => told++, { signal: AbortSignal.abort() });
  abort.abort();
  store.subscribe(() => told++);
  store.close();
  store.set({ ready: true });
  expect(told).toBe(0);
});

test('what did not change keeps its identity', () => {
  const object = { a: 1, b: Number.NaN };
  expect(replaced(object, { b: Number.NaN })).toBe(object);
  expect(replaced(object, { a: 2 })).toEqual({ a: 2, b: Number.NaN });
  const list = [object];
  expect(sameList(list, [object])).toBe(list);
  expect(sameList(list, [{ ...object }])).not.toBe(list);
  expect(sameList(list, [])).toEqual([]);
});
