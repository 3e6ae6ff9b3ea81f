// What clients are told of their room: each thing once, and nothing before they can hear it.

import type { Outlet } from './outlet.js';
import type { Encodings, RoomEvents, Seated } from './room-events.js';
import type { SfuLink } from './sfu-link.js';

/** Fewer encodings are told only after so long, in milliseconds: who turns a page comes back to it. */
const FEWER_MS = 2_000;

interface Told {
  seats: string;
  encodings: string;
  speaker: string | null;
  reachable: string;
  /** Since when fewer encodings are asked for than were told; null while none are. */
  fewerSince: number | null;
}

export class Notices {
  readonly #events: RoomEvents;
  readonly #told = new Map<SfuLink, Told>();

  constructor(events: RoomEvents) {
    this.#events = events;
  }

  /** The link's client can hear from now on, if it takes part: it is told anew. */
  open(link: SfuLink): void {
    if (!link.live || !link.controlOpen) return;
    this.#told.set(link, { seats: '', encodings: '', speaker: null, reachable: '-', fewerSince: null });
    this.seats(link);
  }

  forget(link: SfuLink): void {
    this.#told.delete(link);
  }

  seats(link: SfuLink): void {
    const told = this.#told.get(link);
    if (!told) return;
    const { audio, video } = link.downlink;
    const seats = [...audio.flatMap(seatOf), ...video.flatMap(pictureOf)];
    const text = JSON.stringify(seats);
    if (text === told.seats) return;
    told.seats = text;
    this.#events.onSeats(link.id, seats);
  }

  encodings(link: SfuLink, encodings: Encodings, now: number): void {
    const told = this.#told.get(link);
    if (!told) return;
    const text = JSON.stringify(encodings);
    if (text === told.encodings) {
      told.fewerSince = null;
      return;
    }
    if (told.encodings !== '' && isWithin(encodings, JSON.parse(told.encodings))) {
      told.fewerSince ??= now;
      if (now - told.fewerSince < FEWER_MS) return;
    }
    told.fewerSince = null;
    told.encodings = text;
    this.#events.onEncode(link.id, encodings);
  }

  speaker(link: SfuLink, peer: string | null): void {
    const told = this.#told.get(link);
    if (!told || told.speaker === peer) return;
    told.speaker = peer;
    this.#events.onSpeaker(link.id, peer);
  }

  reachable(link: SfuLink, peers: readonly string[]): void {
    const told = this.#told.get(link);
    const text = peers.join();
    if (!told || told.reachable === text) return;
    told.reachable = text;
    this.#events.onReachable(link.id, peers);
  }
}

/** Who is heard in an audio slot: whoever sits there, also while silent. */
function seatOf({ showing, plan }: Outlet): Seated[] {
  if (!showing) return [];
  return [{ slot: plan.index, peer: showing.peer, line: showing.publication.line.line }];
}

/** Who is seen in a video slot: only of whom a picture is passed on. */
function pictureOf({ showing, plan, slot }: Outlet): Seated[] {
  if (!showing || slot.source === null) return [];
  return [{ slot: plan.index, peer: showing.peer, line: showing.publication.line.line }];
}

function isWithin(few: Encodings, many: Encodings): boolean {
  return (
    few.camera.every((rid) => many.camera.includes(rid)) &&
    few.screen.every((rid) => many.screen.includes(rid))
  );
}
