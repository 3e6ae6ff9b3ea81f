// What clients are told of their room: each thing once, and all of it anew when the control channel has opened.

import { isWithin, sameEncodings } from './encodings.js';
import type { Outlet } from './outlet.js';
import type { Encodings, RoomEvents, Seated } from './room-events.js';
import type { SfuLink } from './sfu-link.js';

/** Fewer encodings are told only after so long, in milliseconds: who turns a page comes back to it. */
const FEWER_MS = 2_000;

interface Told {
  seats: readonly Seated[];
  encodings: Encodings | null;
  speaker: string | null;
  reachable: readonly string[] | null;
  /** Since when fewer encodings are asked for than were told; null while none are. */
  fewerSince: number | null;
}

export class Notices {
  readonly #events: RoomEvents;
  readonly #told = new Map<SfuLink, Told>();

  constructor(events: RoomEvents) {
    this.#events = events;
  }

  /** The link takes part from now on, or its control channel has opened: its client is told anew. */
  open(link: SfuLink): void {
    if (!link.live) return;
    const seats = seatsOf(link);
    this.#told.set(link, { seats, encodings: null, speaker: null, reachable: null, fewerSince: null });
    this.#events.onSeats(link.id, seats);
  }

  forget(link: SfuLink): void {
    this.#told.delete(link);
  }

  seats(link: SfuLink): void {
    const told = this.#told.get(link);
    if (!told) return;
    const seats = seatsOf(link);
    if (sameSeats(seats, told.seats)) return;
    told.seats = seats;
    this.#events.onSeats(link.id, seats);
  }

  encodings(link: SfuLink, encodings: Encodings, now: number): void {
    const told = this.#told.get(link);
    if (!told) return;
    const before = told.encodings;
    if (before && isWithin(encodings, before)) {
      if (sameEncodings(encodings, before)) {
        told.fewerSince = null;
        return;
      }
      told.fewerSince ??= now;
      if (now - told.fewerSince < FEWER_MS) return;
    }
    told.fewerSince = null;
    told.encodings = encodings;
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
    if (!told) return;
    const before = told.reachable;
    if (before?.length === peers.length && peers.every((peer, place) => peer === before[place])) return;
    told.reachable = peers;
    this.#events.onReachable(link.id, peers);
  }
}

/** Who is heard in audio slots: whoever sits there, also while silent. Who is seen: only of whom a picture flows. */
function seatsOf({ downlink }: SfuLink): readonly Seated[] {
  const seats: Seated[] = [];
  for (const outlet of downlink.audio) seat(outlet, seats);
  for (const outlet of downlink.video) if (outlet.flows) seat(outlet, seats);
  return seats;
}

function seat({ showing, plan }: Outlet, seats: Seated[]): void {
  if (showing) seats.push({ slot: plan.index, peer: showing.peer, line: showing.publication.line.line });
}

function sameSeats(a: readonly Seated[], b: readonly Seated[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ slot, peer, line }, place) => {
      const other = b[place];
      return slot === other?.slot && peer === other.peer && line === other.line;
    })
  );
}
