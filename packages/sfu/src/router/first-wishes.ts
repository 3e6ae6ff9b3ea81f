// What a client is shown before it has said what it wants: everybody's camera, as far as its slots reach.

import type { AudioSeating } from './audio-seating.js';
import type { SlotWish } from './room-events.js';
import type { SfuLink } from './sfu-link.js';

/** As wide as a tile of a small room is drawn, in device pixels. */
const WIDTH = 640;

/** Of one link. Whoever is in a slot stays there. */
export class FirstWishes {
  readonly #slots = new Map<string, number>();

  /**
   * A camera goes into the slot with the number of its person's audio seat, where it can: these two are played in sync.
   * Seats of large rooms change hands; pictures do not jump after them.
   */
  of(
    link: SfuLink,
    byPeer: ReadonlyMap<string, SfuLink>,
    { seats }: Pick<AudioSeating, 'seats'>,
  ): readonly SlotWish[] {
    for (const peer of this.#slots.keys()) if (!byPeer.has(peer)) this.#slots.delete(peer);
    const slots = link.downlink.video.length;
    const taken = new Set(this.#slots.values());
    const left: string[] = [];
    for (const [peer, other] of byPeer) {
      if (other === link || this.#slots.has(peer)) continue;
      const seat = seats.findIndex((voice) => voice?.peer === peer);
      if (seat >= 0 && seat < slots && !taken.has(seat)) this.#take(peer, seat, taken);
      else left.push(peer);
    }
    for (let slot = 0; slot < slots && left.length > 0; slot += 1) {
      if (!taken.has(slot)) this.#take(left.shift() as string, slot, taken);
    }
    return Array.from(this.#slots, ([peer, slot]) => ({
      slot,
      peer,
      line: 'camera',
      width: WIDTH,
      priority: 0,
    }));
  }

  #take(peer: string, slot: number, taken: Set<number>): void {
    this.#slots.set(peer, slot);
    taken.add(slot);
  }
}
