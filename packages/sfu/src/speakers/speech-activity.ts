// How much one audio stream speaks, from the levels in its packets (RFC 6464): nothing is decoded.

/** Time is cut into steps as long as the packets that browsers send (RFC 7587, section 3.1.1). */
const STEP_MS = 20;
/** Holes up to this many steps (120 ms, the longest Opus packet) are loss or long packets; longer ones are silence. */
const HELD_STEPS = 6;

/** The three time scales on which speech is looked at, in steps: 300 ms, 1 s, 5 s. */
export const IMMEDIATE_STEPS = 15;
export const MEDIUM_STEPS = 50;
export const LONG_STEPS = 250;

/** Silence in RFC 6464; loudness here is this minus the level: 0 to 127, in dB above silence. */
const SILENCE = 127;
/** Quieter than -60 dBov is no speech; nor is what stands out of the stream's own noise by less than 12 dB. */
const SPEECH_LOUDNESS = SILENCE - 60;
const SPEECH_ABOVE_NOISE = 12;
/** The noise is what is quietest; it is let grow by 2 dB a second, up to -50 dBov, so that a fan is noise before long. */
const NOISE_GROWTH = 0.04;
const NOISE_MIN = SILENCE - 90;
const NOISE_MAX = SILENCE - 50;

/** Smoothing of loudness per step: up within 200 ms, down within 4 s, so that pauses in a sentence count little. */
const ATTACK = 0.1;
const RELEASE = 0.005;
/** So many steps of speech within the shortest scale (100 ms) are more than a click. */
const MORE_THAN_A_CLICK = 5;

/** Activity of one stream. Times are `now` in milliseconds and never run backwards. */
export class SpeechActivity {
  /** Per step the loudness of speech, 0 where there was none; the last `LONG_STEPS`, in a circle. */
  readonly #speech = new Uint8Array(LONG_STEPS);
  #step: number;
  #noise = NOISE_MAX;
  #loudness = 0;
  #immediate = 0;
  #medium = 0;
  #long = 0;
  #mediumSum = 0;
  #spokeAt = Number.NEGATIVE_INFINITY;

  constructor(now: number) {
    this.#step = Math.floor(now / STEP_MS) - 1;
  }

  /** Steps with speech among the last `IMMEDIATE_STEPS`. */
  get immediate(): number {
    return this.#immediate;
  }

  /** The same among the last `MEDIUM_STEPS`. */
  get medium(): number {
    return this.#medium;
  }

  /** The same among the last `LONG_STEPS`. */
  get long(): number {
    return this.#long;
  }

  /** Mean loudness of the speech in the medium scale, in dB above silence; 0 when there was none. */
  get mediumLoudness(): number {
    return this.#medium === 0 ? 0 : this.#mediumSum / this.#medium;
  }

  /** Smoothed loudness in dB above silence, 0 to 127. */
  get loudness(): number {
    return this.#loudness;
  }

  /** When speech was last heard; minus infinity before the first. */
  get spokeAt(): number {
    return this.#spokeAt;
  }

  /** A packet's level: 0 (loudest) to 127 (silence), in -dBov. */
  onLevel(level: number, now: number): void {
    const loudness = SILENCE - Math.min(SILENCE, Math.max(0, level));
    const step = Math.floor(now / STEP_MS);
    const missing = step - this.#step - 1;
    if (missing > HELD_STEPS) this.#silence(missing);
    this.#hearNoise(loudness, Math.max(1, step - this.#step));
    const speech = this.#isSpeech(loudness) ? loudness : 0;
    if (step <= this.#step) this.#raise(speech);
    while (this.#step < step) this.#push(speech);
    if (speech > 0 && this.#immediate >= MORE_THAN_A_CLICK) this.#spokeAt = now;
  }

  /** Lets time pass: a stream that sends nothing any more is silent. */
  advance(now: number): void {
    const missing = Math.floor(now / STEP_MS) - this.#step;
    if (missing > HELD_STEPS) this.#silence(missing);
  }

  #isSpeech(loudness: number): boolean {
    return loudness >= Math.max(SPEECH_LOUDNESS, this.#noise + SPEECH_ABOVE_NOISE);
  }

  #hearNoise(loudness: number, steps: number): void {
    const grown = Math.min(NOISE_MAX, this.#noise + NOISE_GROWTH * steps);
    this.#noise = Math.max(NOISE_MIN, Math.min(loudness, grown));
  }

  #silence(steps: number): void {
    if (steps < LONG_STEPS) {
      for (let step = 0; step < steps; step += 1) this.#push(0);
      return;
    }
    this.#speech.fill(0);
    this.#immediate = 0;
    this.#medium = 0;
    this.#long = 0;
    this.#mediumSum = 0;
    this.#loudness = 0;
    this.#step += steps;
  }

  /** Speech `back` steps before the newest; 0 is the newest itself. */
  #at(back: number): number {
    return this.#speech[place(this.#step - back)] as number;
  }

  #push(speech: number): void {
    const leftMedium = this.#at(MEDIUM_STEPS - 1);
    this.#immediate -= Math.sign(this.#at(IMMEDIATE_STEPS - 1));
    this.#medium -= Math.sign(leftMedium);
    this.#mediumSum -= leftMedium;
    this.#long -= Math.sign(this.#at(LONG_STEPS - 1));
    this.#step += 1;
    this.#loudness += (speech - this.#loudness) * (speech > this.#loudness ? ATTACK : RELEASE);
    this.#count(speech);
  }

  /** A second packet within a step: the louder one stands for both. */
  #raise(speech: number): void {
    const before = this.#at(0);
    if (speech <= before) return;
    if (before > 0) {
      this.#mediumSum += speech - before;
      this.#speech[place(this.#step)] = speech;
    } else {
      this.#count(speech);
    }
  }

  #count(speech: number): void {
    this.#speech[place(this.#step)] = speech;
    if (speech === 0) return;
    this.#immediate += 1;
    this.#medium += 1;
    this.#long += 1;
    this.#mediumSum += speech;
  }
}

/** Steps before time 0 are negative, places are not. */
function place(step: number): number {
  return ((step % LONG_STEPS) + LONG_STEPS) % LONG_STEPS;
}
