// Which microphones and shared sounds have an audio slot: the same seat at every listener of a room.

import { type AudioEntry, type Seats, seatAudio } from '../speakers/audio-seats.js';
import { SpeakerBoard } from '../speakers/speaker-board.js';
import type { Publication } from './publication.js';

/** Seats in all: as many as the audio slots that Maru's client offers. A client with fewer hears the first ones. */
export const AUDIO_SEATS = 10;

/** The sound of a screen of which nothing came for so long has ended, in milliseconds. */
const ENDED_MS = 5_000;

/** A microphone, or the sound of a shared screen. */
export interface Voice {
  readonly peer: string;
  readonly publication: Publication;
}

/** A voice is known by its peer and line: with another link of the peer it keeps its seat, and goes on speaking. */
export class AudioSeating {
  /** By index of the slot; null is a free seat. */
  seats: readonly (Voice | null)[] = new Array<null>(AUDIO_SEATS).fill(null);
  readonly #board = new SpeakerBoard();
  /** What screens sound like is no speech, however loud. */
  readonly #sounds = new SpeakerBoard();
  readonly #keys = new Map<Publication, string>();
  readonly #voices = new Map<string, Voice>();
  #keysOfSeats: Seats = new Array<null>(AUDIO_SEATS).fill(null);

  /** A packet of a microphone or of a shared sound says how loud it is (RFC 6464). */
  heard(publication: Publication, level: number, now: number): void {
    const key = this.#keys.get(publication);
    if (key !== undefined) this.#boardOf(publication).onLevel(key, level, now);
  }

  /** Seats those who are there now; true when a seat has changed hands. */
  look(present: readonly Voice[], now: number): boolean {
    this.#meet(present);
    this.#keysOfSeats = seatAudio(this.#keysOfSeats, this.#entries(now), now);
    const next = this.#keysOfSeats.map((key) => (key === null ? null : (this.#voices.get(key) ?? null)));
    if (next.every((voice, seat) => voice?.publication === this.seats[seat]?.publication)) return false;
    this.seats = next;
    return true;
  }

  /** Whose microphone is the one that speaks most of all; null while nobody has. */
  dominant(now: number): string | null {
    const key = this.#board.dominant(now);
    return key === null ? null : (this.#voices.get(key)?.peer ?? null);
  }

  /** All that may have a seat, the loudest first. */
  #entries(now: number): AudioEntry[] {
    const order = new Set<string>();
    for (const board of [this.#board, this.#sounds]) {
      for (const key of board.loudest(this.#voices.size, now)) order.add(key);
    }
    for (const key of this.#voices.keys()) order.add(key);
    const entries: AudioEntry[] = [];
    for (const key of order) {
      const voice = this.#voices.get(key);
      if (!voice) continue;
      const { publication } = voice;
      const screenAudio = isSound(publication);
      // What a shared screen may sound like is no microphone: it has a seat only while something comes.
      if (screenAudio && !publication.heardWithin(ENDED_MS, now)) continue;
      entries.push({ key, spokeAt: this.#boardOf(publication).spokeAt(key), screenAudio });
    }
    return entries;
  }

  #meet(present: readonly Voice[]): void {
    const left = new Set(this.#voices.keys());
    for (const voice of present) {
      const { peer, publication } = voice;
      const key = `${publication.line.line} ${peer}`;
      left.delete(key);
      const former = this.#voices.get(key);
      if (former?.publication === publication) continue;
      if (former) this.#keys.delete(former.publication);
      this.#keys.set(publication, key);
      this.#voices.set(key, voice);
    }
    for (const key of left) {
      const voice = this.#voices.get(key);
      if (!voice) continue;
      this.#voices.delete(key);
      this.#keys.delete(voice.publication);
      this.#boardOf(voice.publication).remove(key);
    }
  }

  #boardOf(publication: Publication): SpeakerBoard {
    return isSound(publication) ? this.#sounds : this.#board;
  }
}

function isSound({ line }: Publication): boolean {
  return line.line === 'screenAudio';
}
