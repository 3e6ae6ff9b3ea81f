// Starts a slot with the picture so far, so that a newcomer sees somebody without waiting for a key frame.

import type { PacketScratch } from './packet-scratch.js';
import type { PictureSoFar } from './picture-so-far.js';
import type { Slot } from './slot.js';
import type { SlotSource } from './slot-source.js';

/** The link that the packets go out by. */
export interface ReplayLink {
  /** The next transport-wide sequence number; another one after each `send`. */
  readonly transportSequence: number;
  /** The packet is `scratch.out`, good until this returns. */
  send(scratch: PacketScratch, bytes: number): void;
}

/**
 * Sends all of it through the slot, which shows the source from then on. False, with nothing sent and nothing
 * changed, when there is no whole picture. Timestamps are set close before the newest frame's, so that the receiver
 * decodes the past as fast as it can instead of playing it.
 */
export function replay(
  slot: Slot,
  source: SlotSource,
  picture: PictureSoFar,
  now: number,
  scratch: PacketScratch,
  link: ReplayLink,
): boolean {
  const { cache } = source;
  const first = picture.first(now);
  const last = picture.last;
  if (first < 0 || !slot.accepts(source)) return false;
  let frames = 0;
  let timestamp = -1;
  for (let sequence = first; sequence <= last; sequence += 1) {
    const packet = cache.get(sequence);
    if (packet === null) return false;
    if (packet.timestamp === timestamp || packet.payloadLength === 0) continue;
    frames += 1;
    timestamp = packet.timestamp;
  }
  const newestAt = cache.arrival(last);
  slot.beginReplay(source, frames, timestamp);
  for (let sequence = first; sequence <= last; sequence += 1) {
    const packet = cache.get(sequence);
    const marks = cache.marks(sequence);
    if (packet === null || marks === null) continue;
    scratch.load(packet, source.extensions);
    const bytes = slot.forward(source, packet, marks, sequence, link.transportSequence, newestAt, scratch);
    if (bytes > 0) link.send(scratch, bytes);
  }
  slot.endReplay();
  return true;
}
