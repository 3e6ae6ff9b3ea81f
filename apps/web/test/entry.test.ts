// The door: what stands between the lobby and the room, and a pressed Join that waits for it to open.

import { MaruError, type Room, type RoomSnapshot } from '@maru/client';
import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import { entryOf } from '../src/lobby/entry.js';
import { createJoinWish } from '../src/lobby/join-wish.js';

const OPEN: RoomSnapshot = {
  phase: 'lobby',
  signalling: 'open',
  room: 'weekly',
  occupancy: { room: 'weekly', count: 1, limit: 4, locked: false, names: ['Jiwoo'], topology: 'mesh' },
  ready: true,
  info: null,
  self: null,
  peers: [],
  chat: [],
  speaker: null,
  error: null,
};
const FULL: RoomSnapshot = {
  ...OPEN,
  occupancy: { room: 'weekly', count: 4, limit: 4, locked: false, names: [], topology: 'mesh' },
};
const LOCKED: RoomSnapshot = {
  ...OPEN,
  occupancy: { room: 'weekly', count: 1, limit: 4, locked: true, names: [], topology: 'mesh' },
};

describe('entryOf', () => {
  test.each<[string, Partial<RoomSnapshot>, string]>([
    ['an open room', {}, 'ready'],
    ['offers still being made', { ready: false }, 'connecting'],
    ['no answer yet', { signalling: 'connecting', occupancy: null }, 'connecting'],
    ['a lost server', { signalling: 'reconnecting' }, 'unreachable'],
    [
      'a server that never answered',
      { signalling: 'connecting', occupancy: null, error: new MaruError('server-unreachable') },
      'unreachable',
    ],
    ['a join under way', { phase: 'joining' }, 'joining'],
    ['a page too old', { signalling: 'closed', error: new MaruError('protocol-too-old') }, 'refused'],
    ['a room that is not shown', { occupancy: null, error: new MaruError('server-busy') }, 'refused'],
    ['a former refusal in a room that is open now', { error: new MaruError('room-full') }, 'ready'],
    ['a former outage with the server back', { error: new MaruError('server-unreachable') }, 'ready'],
  ])('%s', (_what, part, state) => {
    expect(entryOf({ ...OPEN, ...part }).state).toBe(state);
  });

  test('a full room says its limit, a locked one that it is locked', () => {
    expect(entryOf(FULL)).toEqual({ state: 'full', limit: 4 });
    expect(entryOf(LOCKED)).toEqual({ state: 'locked' });
  });
});

/** A room whose joins the test answers itself. */
function door(first: RoomSnapshot) {
  const roomState = signal(first);
  const asked: string[] = [];
  let answer: { resolve(): void; reject(error: unknown): void } | null = null;
  const room: Pick<Room, 'join' | 'snapshot'> = {
    get snapshot() {
      return roomState.value;
    },
    join({ name }) {
      asked.push(name);
      roomState.value = { ...roomState.peek(), phase: 'joining' };
      return new Promise((resolve, reject) => {
        answer = { resolve, reject };
      });
    },
  };
  return {
    asked,
    roomState,
    wish: createJoinWish({ room, roomState }),
    async refuse(error: unknown, back: RoomSnapshot) {
      answer?.reject(error);
      roomState.value = back;
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('a pressed Join', () => {
  test('enters at once through an open door', () => {
    const { wish, asked } = door(OPEN);
    wish.want('하은');
    expect(asked).toEqual(['하은']);
  });

  test('waits for a seat, and takes it when someone leaves', () => {
    const { wish, asked, roomState } = door(FULL);
    wish.want('하은');
    expect(asked).toEqual([]);
    roomState.value = OPEN;
    expect(asked).toEqual(['하은']);
  });

  test('waits for the server', () => {
    const { wish, asked, roomState } = door({ ...OPEN, signalling: 'reconnecting', ready: false });
    wish.want('하은');
    roomState.value = OPEN;
    expect(asked).toEqual(['하은']);
  });

  test('waits no more once given up', () => {
    const { wish, asked, roomState } = door(LOCKED);
    wish.want('하은');
    wish.giveUp();
    roomState.value = OPEN;
    expect(asked).toEqual([]);
  });

  test('refused for want of a seat, tries again only when the room is seen anew', async () => {
    const { wish, asked, roomState, refuse } = door(OPEN);
    wish.want('하은');
    await refuse(new MaruError('room-full', { limit: 4 }), { ...OPEN, error: new MaruError('room-full') });
    expect(asked).toHaveLength(1);
    expect(wish.refusal.value).toBeNull();
    roomState.value = { ...OPEN, ready: true };
    expect(asked).toHaveLength(1);
    roomState.value = FULL;
    roomState.value = {
      ...OPEN,
      occupancy: { room: 'weekly', count: 3, limit: 4, locked: false, names: [], topology: 'mesh' },
    };
    expect(asked).toHaveLength(2);
  });

  test('refused for a reason that waiting does not change, says why and stops', async () => {
    const { wish, asked, roomState, refuse } = door(OPEN);
    wish.want('하은');
    await refuse(new MaruError('bad-name'), OPEN);
    expect(wish.refusal.value?.code).toBe('bad-name');
    expect(wish.name.value).toBeNull();
    roomState.value = { ...OPEN };
    expect(asked).toHaveLength(1);
    wish.want('Hannah');
    expect(wish.refusal.value).toBeNull();
    expect(asked).toEqual(['하은', 'Hannah']);
  });

  test('ends with its screen', () => {
    const { wish, asked, roomState } = door(FULL);
    wish.want('하은');
    wish.close();
    roomState.value = OPEN;
    expect(asked).toEqual([]);
  });
});
