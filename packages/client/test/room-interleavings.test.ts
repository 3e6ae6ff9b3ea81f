// Rooms of several people over the server's own rooms, with everything going wrong in every order, by seed.

import { describe, expect, test } from 'vitest';
import { Crowd, type Person } from './support/crowd.js';
import { KEPT_SEEDS } from './support/kept-room-seeds.js';

/** How many seeds each run tries besides the kept ones; raise it with MARU_SEEDS to search. */
const SEEDS = Number(process.env['MARU_SEEDS'] ?? 300);
const FIRST_SEED = Number(process.env['MARU_FIRST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
/** Long enough for a back-off, a grace period and a rebuilt link, one after the other. */
const CALM_MS = 90_000;

const NAMES = ['Ann', 'Bo', 'Cy', 'Di'] as const;

async function eachSeed(run: (seed: number) => Promise<void>): Promise<void> {
  for (const seed of [...KEPT_SEEDS, ...Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i)]) {
    try {
      await run(seed);
    } catch (error) {
      throw new Error(`seed ${seed} fails: add it to kept-room-seeds.ts when it is understood`, {
        cause: error,
      });
    }
  }
}

/** Everyone inside sees everyone inside, connected, as they are. */
function expectEveryoneSeesEveryone({ inside }: Crowd): void {
  for (const person of inside) {
    const others = inside
      .filter((other) => other !== person)
      .map(({ name, id, room }) => ({
        id,
        name,
        state: room?.snapshot.self?.state,
        presence: 'present',
        link: 'connected',
      }));
    const seen = (person.room?.snapshot.peers ?? []).map(({ id, name, state, presence, link }) => {
      return { id, name, state, presence, link };
    });
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect({ who: person.name, sees: seen.sort(byId) }).toEqual({
      who: person.name,
      sees: others.sort(byId),
    });
    expect(person.room?.snapshot.signalling).toBe('open');
  }
}

/** How long a vanished page may be seen: until its silence is noticed, the grace period (RES-4), and a moment. */
const GHOST_MS = 15_000 + 30_000 + 1_000;

/** Watches that nobody sees the same person as two peers for longer than a vanished page explains. */
class Doubles {
  readonly #since = new Map<string, number>();

  look({ clock, inside, server }: Crowd, allowedMs: number): void {
    const now = clock.now();
    // Without the server nothing new is known; one that has restarted is told anew who is there (RES-8).
    const informed = inside.filter(({ room }) => room?.snapshot.signalling === 'open');
    const doubled = new Set(informed.flatMap((person) => this.#doubledFor(person)));
    for (const key of this.#since.keys()) if (!doubled.has(key)) this.#since.delete(key);
    for (const key of doubled) {
      const since = this.#since.get(key) ?? now;
      this.#since.set(key, since);
      const lasted = now - Math.max(since, server.startedAt);
      if (server.running && lasted > allowedMs) throw new Error(`${key} twice for ${lasted} ms`);
    }
  }

  #doubledFor({ name, room }: Person): string[] {
    const names = [name, ...(room?.snapshot.peers ?? []).map((peer) => peer.name)];
    return names.filter((each, i) => names.indexOf(each) !== i).map((each) => `${name} sees ${each}`);
  }
}

/** A line said now reaches everyone once, and no line was ever shown twice. */
async function expectChatWorks(crowd: Crowd): Promise<void> {
  for (const person of crowd.inside) person.say(`final words of ${person.name}`);
  await crowd.clock.advance(2_000);
  for (const person of crowd.inside) {
    const shown = person.room?.snapshot.chat.map(({ id }) => id) ?? [];
    expect(new Set(shown).size).toBe(shown.length);
    const final = person.room?.snapshot.chat
      .map(({ text }) => text)
      .filter((text) => text.startsWith('final'));
    expect(final?.sort()).toEqual(crowd.inside.map(({ name }) => `final words of ${name}`).sort());
  }
}

async function expectNothingIsLeft(crowd: Crowd): Promise<void> {
  const leaving = crowd.people.map((person) => person.leave());
  await crowd.clock.advance(2_000);
  await Promise.all(leaving);
  crowd.server.kill();
  await crowd.clock.advance(60_000);
  expect(crowd.network.size).toBe(0);
  expect(crowd.clock.pending).toBe(0);
}

/** Whoever was away for longer than the grace period, and found a ghost in the last place, comes in once it is gone. */
async function comeAgain(crowd: Crowd): Promise<void> {
  const shutOut = crowd.people.filter(({ room }) => room?.snapshot.error?.code === 'room-full');
  for (const person of shutOut) person.enter();
  if (shutOut.length > 0) await crowd.clock.advance(CALM_MS);
}

/** Something that may happen at any time to anyone. */
function disturb(crowd: Crowd, person: Person): void {
  const happen = [
    () => (person.room ? undefined : person.enter()),
    () => (person.room ? undefined : person.enter()),
    () => (person.room ? undefined : person.enter()),
    () => void person.leave(),
    () => person.close(),
    () => person.way.cut(),
    () => person.way.silence(),
    () => person.goOffline(),
    () => person.goOnline(),
    () => person.goOnline(),
    () => person.toggle('mic'),
    () => person.toggle('camera'),
    () => person.room?.setHand(crowd.roll(2) === 0),
    () => person.say(`line ${crowd.clock.now()}`),
    () => crowd.server.kill(),
    () => (crowd.server.running ? undefined : crowd.server.start()),
    () => (crowd.server.running ? undefined : crowd.server.start()),
    () => (crowd.server.running ? crowd.server.restart() : undefined),
    () => person.wakeups.tell('visible'),
  ];
  crowd.pick(happen)();
}

describe('whatever happened', () => {
  test('in the end everyone inside sees everyone inside, and chat works', { timeout: 240_000 }, () =>
    eachSeed(async (seed) => {
      // Every other room has a place for each person and none for a ghost.
      const crowd = new Crowd(seed, NAMES, seed % 2 ? NAMES.length : 16);
      for (const person of crowd.people) if (crowd.roll(2) === 0) person.enter();
      const doubles = new Doubles();
      const disturbances = 5 + crowd.roll(25);
      for (let i = 0; i < disturbances; i++) {
        disturb(crowd, crowd.pick(crowd.people));
        await crowd.clock.advance(crowd.pick([0, 5, 30, 200, 1_000, 9_000, 40_000]));
        doubles.look(crowd, GHOST_MS);
      }
      if (!crowd.server.running) crowd.server.start();
      for (const person of crowd.people) {
        person.goOnline();
        if (!person.inside) {
          person.close();
          person.enter();
        }
      }
      await crowd.clock.advance(CALM_MS);
      await comeAgain(crowd);
      expect(crowd.inside.map(({ name }) => name)).toEqual(NAMES);
      expectEveryoneSeesEveryone(crowd);
      await expectChatWorks(crowd);
      await expectNothingIsLeft(crowd);
    }),
  );
});

/** A short trouble with the server or the way to it, of the kind that a call must not notice. */
async function trouble(crowd: Crowd, person: Person): Promise<void> {
  const { server } = crowd;
  const troubles = [
    () => person.way.cut(),
    () => person.way.silence(),
    () => person.goOffline(),
    () => server.restart(),
    () => server.kill(),
    () => person.toggle('camera'),
    () => person.say(`line ${crowd.clock.now()}`),
  ];
  crowd.pick(troubles)();
  await crowd.clock.advance(crowd.pick([10, 300, 3_000]));
  if (!server.running) server.start();
  if (person.way.offline) person.goOnline();
}

describe('coming in over a bad network', () => {
  test('[ROOM-13] nobody is in their own way, and nobody is ever seen twice', { timeout: 240_000 }, () =>
    eachSeed(async (seed) => {
      const crowd = new Crowd(seed, NAMES, NAMES.length);
      const doubles = new Doubles();
      for (const person of crowd.people) person.enter();
      for (let i = 0; i < 60; i++) {
        const person = crowd.pick(crowd.people);
        if (!person.inside) person.way.cut();
        await crowd.clock.advance(crowd.pick([1, 10, 30, 60]));
        doubles.look(crowd, 100);
      }
      await crowd.clock.advance(CALM_MS);
      expect(crowd.people.flatMap(({ refusals }) => refusals)).toEqual([]);
      expect(crowd.inside.map(({ name }) => name)).toEqual(NAMES);
      expectEveryoneSeesEveryone(crowd);
      await expectNothingIsLeft(crowd);
    }),
  );
});

describe('short troubles', () => {
  test(
    '[LAD-1] nobody is ever shown as gone, and no link is touched, while the server comes and goes',
    {
      timeout: 240_000,
    },
    () =>
      eachSeed(async (seed) => {
        const crowd = new Crowd(seed, NAMES);
        for (const person of crowd.people) person.enter();
        await crowd.clock.advance(5_000);
        expectEveryoneSeesEveryone(crowd);
        const ids = crowd.people.map(({ id }) => id);
        for (let i = 0; i < 12; i++) {
          await trouble(crowd, crowd.pick(crowd.people));
          // A second one may come before the first is over, but not longer than a place is kept.
          const calm = crowd.pick([500, 25_000]);
          for (let waited = 0; waited < calm; waited += 500) {
            await crowd.clock.advance(500);
            for (const person of crowd.people) {
              expect(person.room?.snapshot.peers.map(({ link }) => link)).toEqual(Array(3).fill('connected'));
            }
          }
          if (calm === 500) await crowd.clock.advance(20_000);
        }
        expect(crowd.people.map(({ id }) => id)).toEqual(ids);
        expect(crowd.server.refused).not.toContain('resume-refused');
        expectEveryoneSeesEveryone(crowd);
        for (const { said, room } of crowd.people) {
          const shown = room?.snapshot.chat.filter(({ from }) => from === null).map(({ text }) => text);
          expect(shown).toEqual(said);
        }
        const lines = crowd.people.flatMap(({ said }) => said).length;
        for (const { room } of crowd.people) expect(room?.snapshot.chat).toHaveLength(lines);
        await expectNothingIsLeft(crowd);
      }),
  );
});
