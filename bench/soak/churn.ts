// People coming into rooms and leaving them, one of each a second, with their media and messages.

import { setTimeout as later } from 'node:timers/promises';
import { Crowd } from '../sfu/client/crowd.js';
import { ENDINGS, Guest } from './guest.js';
import { PACKET_MS } from './microphone.js';
import type { SoakedWorker } from './soaked-worker.js';

const COMING_MS = 1_000;
/** How many are inside at a time. */
const PEOPLE = 12;
/** Every other guest comes into one room, which never empties; the rest into rooms that last for so many of them. */
const STANDING_ROOM = 'standing';
const SHORT_ROOM_GUESTS = 4;

export class Churn {
  /** Who has come so far, and of those who could not. */
  came = 0;
  readonly troubles: string[] = [];
  readonly #worker: SoakedWorker;
  #inside: Guest[] = [];

  constructor(worker: SoakedWorker) {
    this.#worker = worker;
  }

  /** Lets people come and go for so long; at the end all have left, whether the worker has noticed yet or not. */
  async run(milliseconds: number): Promise<void> {
    const crowd = new Crowd();
    const voices = setInterval(() => this.#speak(), PACKET_MS);
    const endsAt = performance.now() + milliseconds;
    const coming: Promise<void>[] = [];
    try {
      for (let dueAt = performance.now(); performance.now() < endsAt; dueAt += COMING_MS) {
        coming.push(this.#let(crowd));
        if (this.#inside.length > PEOPLE) this.#leave(crowd);
        for (const guest of this.#inside) guest.talk(this.#others(guest));
        await later(Math.max(0, dueAt + COMING_MS - performance.now()));
      }
      await Promise.all(coming);
    } finally {
      while (this.#inside.length > 0) this.#leave(crowd);
      clearInterval(voices);
      crowd.close();
    }
  }

  async #let(crowd: Crowd): Promise<void> {
    const number = ++this.came;
    const half = Math.floor(number / 2);
    const room = number % 2 === 0 ? STANDING_ROOM : `room-${Math.floor(half / SHORT_ROOM_GUESTS)}`;
    const ending = ENDINGS[half % ENDINGS.length] ?? ENDINGS[0];
    const guest = new Guest(number, room, ending, this.#worker);
    this.#inside.push(guest);
    try {
      await guest.come();
      if (guest.member && this.#inside.includes(guest)) crowd.members.push(guest.member);
    } catch (error) {
      this.troubles.push(`Guest ${number}, who ${ending}: ${String(error)}`);
    }
  }

  #leave(crowd: Crowd): void {
    const guest = this.#inside.shift();
    if (!guest) return;
    const place = guest.member ? crowd.members.indexOf(guest.member) : -1;
    if (place >= 0) crowd.members.splice(place, 1);
    guest.end();
  }

  #speak(): void {
    for (const { member, microphone } of this.#inside) {
      if (member && microphone) member.client.send(microphone.next());
    }
  }

  #others(guest: Guest): readonly string[] {
    return this.#inside
      .filter((other) => other !== guest && other.room === guest.room)
      .map(({ peer }) => peer);
  }
}
