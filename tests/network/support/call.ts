// Calls in the lab: two people meet, and what is asked of the path that their media takes.

import {
  button,
  type Person,
  type PersonOptions,
  roomLink,
  untilInCall,
  untilSeesExactly,
  videoSelector,
} from '../../e2e/support/person.js';
import { untilHears, untilMoves } from '../../e2e/support/seen-and-heard.js';
import { until } from '../../e2e/support/until.js';
import type { Lab, LabHome } from './lab.js';
import type { MaruServer } from './maru-server.js';
import type { UsedPair } from './page-probe.js';

/** Who was there first, and who joined. */
export type Pair = readonly [Person, Person];

export interface Call {
  readonly people: Pair;
  /** From each click on Join until each of the two has shown a frame of the other, in milliseconds. */
  readonly connectMs: readonly number[];
}

let rooms = 0;

/** A room name that no other call has. */
export function freshRoom(): string {
  rooms += 1;
  return `lab-${process.pid}-${rooms}`;
}

export interface CallOptions {
  readonly room?: string;
  /** What they are called, where a call of the same two homes goes on already. Default as their homes. */
  readonly names?: readonly [first: string, second: string];
  /** The first is inside, and its page has come whole. */
  readonly onEntered?: () => void;
  /** How often the second joins; all but the last time it leaves again. Default 1. */
  readonly times?: number;
  /** What must hold each time that they see and hear each other. */
  readonly each?: (people: Pair) => Promise<void>;
}

/** The first is in the room, the second joins from a lobby that is ready; both see and hear each other. */
export async function call(
  lab: Lab,
  server: MaruServer,
  homes: readonly [LabHome, LabHome],
  options: CallOptions = {},
): Promise<Call> {
  const { room = freshRoom(), names = [homes[0].name, homes[1].name], onEntered, times = 1, each } = options;
  const [first, second] = homes;
  const [early, newcomer] = await Promise.all([lab.person(first, names[0]), lab.person(second, names[1])]);
  await enter(early, first, server, room);
  onEntered?.();
  const connectMs: number[] = [];
  for (;;) {
    // Another name each time, so that what is seen cannot be of the time before.
    const late = { ...newcomer, name: `${names[1]} ${connectMs.length + 1}` };
    const joinedAt = await joinFromLobby(late, second, server, room);
    const people = [early, late] as const;
    await untilBothSeeAndHear(people);
    const seenAt = await Promise.all([firstFrame(early, late.name), firstFrame(late, early.name)]);
    connectMs.push(Math.max(...seenAt) - joinedAt);
    await each?.(people);
    if (connectMs.length === times) return { people, connectMs };
    await button(late, 'Leave').click();
    await untilSeesExactly(early, []);
  }
}

export interface Meeting {
  readonly people: Pair;
  /** The moment of the click on Join, in Unix time. */
  readonly joinedAt: number;
}

/** Two people in one room, whether or not media finds a path. */
export async function meet(
  lab: Lab,
  server: MaruServer,
  [first, second]: readonly [LabHome, LabHome],
  {
    names = [first.name, second.name],
    query,
  }: Pick<CallOptions, 'names'> & Pick<PersonOptions, 'query'> = {},
): Promise<Meeting> {
  const room = freshRoom();
  const [early, late] = await Promise.all([lab.person(first, names[0]), lab.person(second, names[1])]);
  await enter(early, first, server, room, query);
  const joinedAt = await joinFromLobby(late, second, server, room, query);
  return { people: [early, late], joinedAt };
}

/** Straight into the room, past the lobby. */
export async function enter(
  person: Person,
  home: LabHome,
  server: MaruServer,
  room: string,
  query = '',
): Promise<void> {
  await person.page.goto(linkOf(person, home, server, room, query, 'join'));
  await untilInCall(person);
}

/** Through the lobby, once it is ready; resolves with the moment of the click, in Unix time. */
export async function joinFromLobby(
  person: Person,
  home: LabHome,
  server: MaruServer,
  room: string,
  query = '',
): Promise<number> {
  const { page } = person;
  await page.goto(linkOf(person, home, server, room, query));
  await page.locator('.readiness-good').waitFor();
  const join = page.getByRole('button', { name: 'Join', exact: true });
  const joinedAt = await join.evaluate((button: HTMLElement) => {
    button.click();
    return Date.now();
  });
  await untilInCall(person);
  return joinedAt;
}

function linkOf(
  { name }: Person,
  home: LabHome,
  server: MaruServer,
  room: string,
  ...queries: readonly string[]
): string {
  const url = home.speaks === 'v6' ? server.url6 : server.url;
  return roomLink(url, room, [`name=${encodeURIComponent(name)}`, ...queries].filter(Boolean).join('&'));
}

/** Half a second of the lab's camera: a picture that moves, rather than one that has come once. */
const MOVING_FRAMES = 10;

export async function untilBothSeeAndHear(people: Pair): Promise<void> {
  const [one, other] = people;
  await Promise.all([
    untilMoves(one, videoSelector(other.name), MOVING_FRAMES),
    untilMoves(other, videoSelector(one.name), MOVING_FRAMES),
    untilBothHear(people),
  ]);
}

export async function untilBothHear([one, other]: Pair): Promise<void> {
  await Promise.all([untilHears(one, videoSelector(other.name)), untilHears(other, videoSelector(one.name))]);
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

/** How a pair of candidates reads in words: `srflx udp srflx`, with the way to one's own relay. */
export function pairWords({ local, remote, protocol, relayProtocol }: UsedPair): string {
  const own = relayProtocol === null ? local : `${local}/${relayProtocol}`;
  return `${own} ${protocol} ${remote}`;
}

/** The kinds of candidate at this person's end and at the other's, once they are `wanted`. */
export function untilPair(
  person: Person,
  wanted: string,
  isWanted: (pair: UsedPair) => boolean,
): Promise<UsedPair> {
  return until(`the media of ${person.name} goes ${wanted}`, async () => {
    const pair = await usedPair(person);
    // A better path may be found after the first: what counts is where media settles.
    if (!isWanted(pair)) throw new Error(pairWords(pair));
    return pair;
  });
}

export const isDirect = ({ local, remote }: UsedPair): boolean => local !== 'relay' && remote !== 'relay';

/** At least one end's relay carries it. */
export const isRelayed = (pair: UsedPair): boolean => !isDirect(pair);

/** This end reaches its own relay in this way. */
export const ownRelay =
  (how: 'udp' | 'tcp' | 'tls') =>
  ({ local, relayProtocol }: UsedPair): boolean =>
    local === 'relay' && relayProtocol === how;
