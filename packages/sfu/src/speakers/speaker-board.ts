// Who speaks in a room: the dominant speaker and an order of loudness, neither of which flaps.
import { IMMEDIATE_STEPS, MEDIUM_STEPS, SpeechActivity } from './speech-activity.js';

/**
 * After Volfin and Cohen, "Dominant speaker identification for multipoint videoconferencing" (2013): speech is looked
 * at on three time scales, and whoever speaks now must show it against the dominant speaker. Theirs compares
 * likelihoods, ours counts. A challenger speaks right now (half of the last 300 ms) and more than a cough or a "yes"
 * (400 ms of the last second). The dominant speaker gives way when silent, which a breath is not (at most 400 ms of the
 * last second, and 200 ms less than the challenger); or when both go on, to somebody clearly louder.
 */
const SPEAKS_NOW = Math.ceil(IMMEDIATE_STEPS / 2);
const SPEAKS_LONG_ENOUGH = 20;
const FALLEN_SILENT = 20;
const SPEAKS_MORE = 10;
const SPEAKS_ON = Math.ceil(MEDIUM_STEPS * 0.6);
const SPEAKS_LOUDER_DB = 9;
/** A dominant speaker stays for a second at least, whatever the others do. */
const HOLD_MS = 1_000;
/** How much louder than another one must be to come before it. A breath takes 9 dB, talk and silence are 60 apart. */
const ORDER_MARGIN_DB = 15;

/** Keys name audio streams. Times are `now` in milliseconds and never run backwards. */
export class SpeakerBoard {
  readonly #speakers = new Map<string, SpeechActivity>();
  readonly #order: string[] = [];
  #dominant: string | null = null;
  #dominantSince = Number.NEGATIVE_INFINITY;

  /** The level in a packet that has arrived: 0 (loudest) to 127 (silence), in -dBov (RFC 6464). Others are ignored. */
  onLevel(key: string, level: number, now: number): void {
    if (!(level >= 0 && level <= 127)) return;
    let speaker = this.#speakers.get(key);
    if (speaker === undefined) {
      speaker = new SpeechActivity(now);
      this.#speakers.set(key, speaker);
      this.#order.push(key);
    }
    speaker.onLevel(level, now);
  }

  /** The stream has ended. */
  remove(key: string): void {
    if (!this.#speakers.delete(key)) return;
    this.#order.splice(this.#order.indexOf(key), 1);
    if (this.#dominant !== key) return;
    this.#dominant = null;
    this.#dominantSince = Number.NEGATIVE_INFINITY;
  }

  /**
   * Who is speaking, or was the last to do so; null before the first, and when that one has gone. Moves on only when
   * asked: ask a few times a second.
   */
  dominant(now: number): string | null {
    this.#advance(now);
    const current = this.#dominant === null ? undefined : this.#speakers.get(this.#dominant);
    if (now - this.#dominantSince < HOLD_MS) return this.#dominant;
    let best: SpeechActivity | null = null;
    for (const [key, speaker] of this.#speakers) {
      if (speaker === current || !challenges(speaker, current)) continue;
      if (best !== null && !isAhead(speaker, best)) continue;
      best = speaker;
      this.#dominant = key;
      this.#dominantSince = now;
    }
    return this.#dominant;
  }

  /** The `n` loudest of the last seconds, the loudest first; who is about as loud as another keeps the place. */
  loudest(n: number, now: number): string[] {
    this.#advance(now);
    const order = this.#order;
    for (let at = 1; at < order.length; at += 1) {
      const key = order[at] as string;
      const enough = this.#loudness(key) - ORDER_MARGIN_DB;
      let place = 0;
      while (place < at && this.#loudness(order[place] as string) >= enough) place += 1;
      if (place === at) continue;
      order.splice(at, 1);
      order.splice(place, 0, key);
    }
    return order.slice(0, n);
  }

  /** When it last spoke, in milliseconds; minus infinity when it has not. */
  spokeAt(key: string): number {
    return this.#speakers.get(key)?.spokeAt ?? Number.NEGATIVE_INFINITY;
  }

  #loudness(key: string): number {
    return this.#speakers.get(key)?.loudness ?? 0;
  }

  #advance(now: number): void {
    for (const speaker of this.#speakers.values()) speaker.advance(now);
  }
}

function challenges(speaker: SpeechActivity, dominant: SpeechActivity | undefined): boolean {
  if (speaker.immediate < SPEAKS_NOW || speaker.medium < SPEAKS_LONG_ENOUGH) return false;
  if (dominant === undefined) return true;
  if (dominant.medium <= FALLEN_SILENT && speaker.medium >= dominant.medium + SPEAKS_MORE) return true;
  return speaker.medium >= SPEAKS_ON && speaker.mediumLoudness >= dominant.mediumLoudness + SPEAKS_LOUDER_DB;
}

/** Of two who challenge: more speech in the last second, then in the last five, then the louder one. */
function isAhead(a: SpeechActivity, b: SpeechActivity): boolean {
  return (a.medium - b.medium || a.long - b.long || a.loudness - b.loudness) > 0;
}
