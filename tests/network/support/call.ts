// Calls in the lab: two people meet, and what is asked of the path that their media takes.

import { expect } from 'vitest';
import { type Person, roomLink, untilInCall, videoSelector } from '../../e2e/support/person.js';
import { untilHears, untilMoves } from '../../e2e/support/seen-and-heard.js';
import { until } from '../../e2e/support/until.js';
import type { Lab, LabHome } from './lab.js';
import type { MaruServer } from './maru-server.js';
import type { UsedPair } from './page-probe.js';

export interface Call {
  /** Who was there first, and who joined. */
  readonly people: readonly [Person, Person];
  /** From the click on Join until each has shown a frame of the other, in milliseconds. */
  readonly connectMs: number;
}

let rooms = 0;

/** A room name that no other call has. */
export function freshRoom(): string {
  rooms += 1;
  return `lab-${process.pid}-${rooms}`;
}

export interface CallOptions {
  readonly room?: string;
  /** Waits for pictures and sound in both directions. Default true. */
  readonly connects?: boolean;
}

/** The first is in the room, the second joins from a lobby that is ready. */
export async function call(
  lab: Lab,
  server: MaruServer,
  homes: readonly [LabHome, LabHome],
  { room = freshRoom() }: CallOptions = {},
): Promise<Call> {
  const [first, second] = homes;
  const early = await lab.person(first);
  await enter(early, first, server, room);
  const late = await lab.person(second);
  const joinedAt = await joinFromLobby(late, second, server, room);
  const people = [early, late] as const;
  await untilBothSeeAndHear(people);
  const seenAt = await Promise.all([firstFrame(early, late.name), firstFrame(late, early.name)]);
  return { people, connectMs: Math.max(...seenAt) - joinedAt };
}

/** Straight into the room, past the lobby. */
export async function enter(person: Person, home: LabHome, server: MaruServer, room: string): Promise<void> {
  await person.page.goto(roomLink(urlFor(home, server), room, `name=${person.name}&join`));
  await untilInCall(person);
}

/** Through the lobby, once it is ready; resolves with the moment of the click, in Unix time. */
export async function joinFromLobby(
  person: Person,
  home: LabHome,
  server: MaruServer,
  room: string,
): Promise<number> {
  const { page } = person;
  await page.goto(roomLink(urlFor(home, server), room, `name=${person.name}`));
  await page.locator('.readiness-good').waitFor();
  const join = page.getByRole('button', { name: 'Join', exact: true });
  const joinedAt = await join.evaluate((button: HTMLElement) => {
    button.click();
    return Date.now();
  });
  await untilInCall(person);
  return joinedAt;
}

function urlFor(home: LabHome, server: MaruServer): string {
  return home.speaks === 'v6' ? server.url6 : server.url;
}

export async function untilBothSeeAndHear([one, other]: readonly [Person, Person]): Promise<void> {
  await Promise.all([
    untilMoves(one, videoSelector(other.name)),
    untilHears(one, videoSelector(other.name)),
    untilMoves(other, videoSelector(one.name)),
    untilHears(other, videoSelector(one.name)),
  ]);
}

function firstFrame(person: Person, name: string): Promise<number> {
  return until(`${person.name} has seen a frame of ${name}`, async () => (await frameTimes(person, name))[0]);
}

/** When each frame of a person was shown to another, in Unix time. */
export function frameTimes(person: Person, name: string): Promise<number[]> {
  return person.page.evaluate((of) => window.probe.frameTimes(of), name);
}

/** The one pair that this person's media uses. */
export function usedPair(person: Person): Promise<UsedPair> {
  return until(`${person.name} has a candidate pair in use`, async () => {
    const pairs = await person.page.evaluate(() => window.probe.pairs());
    return pairs.length === 1 ? pairs[0] : null;
  });
}

/** Neither end's media takes a relay. */
export async function expectDirect(people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const pair = await usedPair(person);
    expect([pair.local, pair.remote], `the pair of ${person.name}`).not.toContain('relay');
  }
}

/** This person's media leaves for the relay in this way. */
export async function expectOwnRelay(person: Person, how: 'udp' | 'tcp' | 'tls'): Promise<void> {
  const pair = await usedPair(person);
  expect([pair.local, pair.relayProtocol], `the pair of ${person.name}`).toEqual(['relay', how]);
}

/** At least one end's media takes a relay that is reached over UDP; returns the kinds of both pairs. */
export async function expectRelayed(people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const pair = await usedPair(person);
    expect([pair.local, pair.remote], `the pair of ${person.name}`).toContain('relay');
    if (pair.relayProtocol !== null) expect(pair.relayProtocol).toBe('udp');
  }
}
