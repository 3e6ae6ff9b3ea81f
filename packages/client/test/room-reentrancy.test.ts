// Listeners that close or leave the room in the middle of what it tells them.

import { describe, expect, test } from 'vitest';
import type { RoomSnapshot } from '../src/room/room.js';
import { peer, peerId, seated, TestRoom } from './support/test-room.js';

const OTHERS = [seated('Ann', 1, 0), seated('Bo', 2, null)] as const;

function expectNothingLeft(test: TestRoom): void {
  expect(test.links.all.every(({ closed }) => closed)).toBe(true);
  expect(test.links.waiting).toHaveLength(0);
  expect(test.clock.pending).toBe(0);
  expect(test.snapshot).toMatchObject({ phase: 'left', peers: [] });
}

function record(test: TestRoom): RoomSnapshot[] {
  const snapshots: RoomSnapshot[] = [];
  test.room.subscribe((snapshot) => snapshots.push(snapshot));
  return snapshots;
}

describe('closing from a listener', () => {
  test('when it first hears that we are inside', async () => {
    const test = new TestRoom();
    test.room.subscribe(({ phase }) => phase === 'joined' && test.room.close());
    await test.enter(...OTHERS);
    expectNothingLeft(test);
  });

  test('when it hears that we are back', async () => {
    const test = new TestRoom();
    await test.enter(...OTHERS);
    await test.reconnect();
    test.room.subscribe(({ signalling }) => signalling === 'open' && test.room.close());
    await test.resumed(peer('me', 10), [peer('Bo', 2), peer('Cy', 12)]);
    expectNothingLeft(test);
  });

  test('when the trace says that we are inside', async () => {
    const test = new TestRoom();
    test.room.trace.subscribe((event) => {
      if (event.kind === 'room' && event.step === 'joined') test.room.close();
    });
    await test.enter(...OTHERS);
    expectNothingLeft(test);
  });

  test('while a link is made', async () => {
    const test = new TestRoom();
    await test.enter(OTHERS[0]);
    const create = test.links.create.bind(test.links);
    test.links.create = (options) => {
      test.room.close();
      return create(options);
    };
    test.socket.say({ type: 'peer-joined', peer: peer('Bo', 12), offer: null });
    expectNothingLeft(test);
  });

  test('leaving likewise', async () => {
    const test = new TestRoom();
    test.room.subscribe(({ phase }) => void (phase === 'joined' && test.room.leave()));
    await test.enter(...OTHERS);
    await test.ok('leave');
    expectNothingLeft(test);
  });
});

describe('what is told is whole', () => {
  test('the first snapshot inside has everyone in it', async () => {
    const test = new TestRoom();
    const snapshots = record(test);
    await test.enter(...OTHERS);
    const inside = snapshots.filter(({ phase }) => phase === 'joined');
    expect(inside.map(({ peers }) => peers.length)).toEqual(inside.map(() => 2));
    expect(inside.length).toBeGreaterThan(0);
  });

  test('back after an outage, those who left and those who came change in one', async () => {
    const test = new TestRoom();
    await test.enter(...OTHERS);
    await test.reconnect();
    const snapshots = record(test);
    await test.resumed(peer('me', 10), [peer('Bo', 2), peer('Cy', 12)]);
    const names = snapshots.map(({ peers }) => peers.map(({ name }) => name).join(' '));
    expect(new Set(names)).toEqual(new Set(['Bo Cy']));
  });

  test('joined again after the place was lost, nobody vanishes for a moment', async () => {
    const test = new TestRoom();
    await test.enter(...OTHERS);
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    const snapshots = record(test);
    await test.joined({ ...peer('me', 20), id: peerId('me-again') }, ...OTHERS);
    expect(new Set(snapshots.map(({ peers }) => peers.length))).toEqual(new Set([2]));
  });
});
