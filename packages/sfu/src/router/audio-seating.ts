// Which microphones and shared sounds have an audio slot: the same seat at every listener of a room.

import { type Seats, seatAudio } from '../speakers/audio-seats.js';
import { SpeakerBoard } from '../speakers/speaker-board.js';
import type { Publication } from './publication.js';

/** Seats in all: as many as the audio slots that Maru's client offers. A client with fewer hears the first ones. */
export const AUDIO_SEATS = 10;

export class AudioSeating {
  /** By index of the slot; null is a free seat. */
  seats: readonly (Publication | null)[] = new Array<null>(AUDIO_SEATS).fill(null);
  readonly #board = new SpeakerBoard();
  readonly #keys = new Map<Publication, string>();
  readonly #publications = new Map<string, Publication>();
  #keysOfSeats: Seats = new Array<null>(AUDIO_SEATS).fill(null);
  #lastKey = 0;

  /** A packet of a microphone or of a shared sound says how loud it is (RFC 6464). */
  heard(publication: Publication, level: number, now: number): void {
    const key = this.#keys.get(publication);
    if (key !== undefined) this.#board.onLevel(key, level, now);
  }

  /** Seats those who are there now; true when a seat has changed hands. */
  look(present: readonly Publication[], now: number): boolean {
    this.#meet(present);
    const loudest = this.#board.loudest(present.length, now);
    const silent = [...this.#publications.keys()].filter((key) => !loudest.includes(key));
    const entries = [...loudest, ...silent].flatMap((key) => {
      const publication = this.#publications.get(key);
      if (!publication) return [];
      const screenAudio = publication.line.line === 'screenAudio';
      // What a shared screen may sound like is no microphone: it takes no seat before anything has come.
      if (screenAudio && publication.streams.size === 0) return [];
      return [{ key, spokeAt: this.#board.spokeAt(key), screenAudio }];
    });
    const next = seatAudio(this.#keysOfSeats, entries, now);
    if (next === this.#keysOfSeats) return false;
    this.#keysOfSeats = next;
    this.seats = next.map((key) => (key === null ? null : (this.#publications.get(key) ?? null)));
    return true;
  }

  /** Whose microphone is the one that speaks most of all; null while nobody has. */
  dominant(now: number): Publication | null {
    const key = this.#board.dominant(now);
    return key === null ? null : (this.#publications.get(key) ?? null);
  }

  #meet(present: readonly Publication[]): void {
    for (const publication of present) {
      if (this.#keys.has(publication)) continue;
      const key = String(++this.#lastKey);
      this.#keys.set(publication, key);
      this.#publications.set(key, publication);
    }
    for (const [publication, key] of this.#keys) {
      if (present.includes(publication)) continue;
      this.#keys.delete(publication);
      this.#publications.delete(key);
      this.#board.remove(key);
    }
  }
}
