// What a client is shown before it has said what it wants: everybody's camera, as far as its slots reach.

import type { AudioSeating } from './audio-seating.js';
import type { SlotWish } from './room-events.js';
import type { SfuLink } from './sfu-link.js';

/** As wide as a tile of a small room is drawn, in device pixels. */
const WIDTH = 640;

/** A camera goes into the slot with the number of its person's audio seat, where it can: these two are played in sync. */
export function firstWishes(
  link: SfuLink,
  byPeer: ReadonlyMap<string, SfuLink>,
  { seats }: AudioSeating,
): readonly SlotWish[] {
  const slots = link.downlink.video.length;
  const taken = new Map<number, string>();
  const others = [...byPeer].filter(([, other]) => other !== link);
  const left: string[] = [];
  for (const [peer, { uplink }] of others) {
    const seat = seats.findIndex((publication) => publication && uplink.publications.includes(publication));
    if (seat >= 0 && seat < slots && !taken.has(seat)) taken.set(seat, peer);
    else left.push(peer);
  }
  for (let slot = 0; slot < slots && left.length > 0; slot += 1) {
    if (!taken.has(slot)) taken.set(slot, left.shift() ?? '');
  }
  return Array.from(taken, ([slot, peer]) => ({ slot, peer, line: 'camera', width: WIDTH, priority: 0 }));
}
