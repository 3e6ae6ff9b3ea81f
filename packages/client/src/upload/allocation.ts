// Splits what may leave over the pictures that peers see: a pure function. Sound first, then screens, then what is
// large, then thumbnails. What nobody sees is no picture at all, and not in here.

import {
  type Encoding,
  encodingWithin,
  idealEncoding,
  isThumbnail,
  LEAST_BITRATE,
  type Picture,
} from './picture.js';

/**
 * What sound takes: Opus at its usual 32 kbit/s, twice (RFC 2198), with the headers of 50 packets a second (RFC 7587,
 * section 3.1.1).
 */
export const SOUND_BITRATE = 85_000;

export interface Demand {
  readonly pictures: readonly Picture[];
  /** How many sounds leave. */
  readonly sounds: number;
  /** Bits per second that may leave, sound included; null when as much as is wanted. */
  readonly budget: number | null;
  /** This person speaks. */
  readonly speaking: boolean;
  /** How much the processor is to be relieved, 0 to `MOST_RELIEF`. */
  readonly relief: number;
}

/** The encoding of each picture, in their order. `before` is what each is sent as now. */
export function allocate(
  { pictures, sounds, budget, speaking, relief }: Demand,
  before: (picture: Picture, index: number) => Encoding | undefined,
): Encoding[] {
  const ideals = pictures.map((picture) => idealEncoding(picture, speaking, relief));
  if (budget === null) return ideals;
  const bitrates = ideals.map(() => LEAST_BITRATE);
  let left = budget - sounds * SOUND_BITRATE - pictures.length * LEAST_BITRATE;
  for (const rank of [0, 1, 2]) {
    const missing = pictures.map((picture, i) =>
      rankOf(picture, ideals[i]) === rank ? (ideals[i]?.maxBitrate ?? 0) - LEAST_BITRATE : 0,
    );
    const sum = missing.reduce((a, b) => a + b, 0);
    // Those of one rank get the same share of what they miss: nobody is starved for a neighbour.
    const share = sum > 0 ? Math.min(1, Math.max(0, left / sum)) : 0;
    missing.forEach((bits, i) => {
      bitrates[i] = Math.floor((bitrates[i] ?? 0) + bits * share);
    });
    left -= sum * share;
  }
  return pictures.map((picture, i) => {
    const ideal = ideals[i] ?? idealEncoding(picture, speaking, relief);
    return encodingWithin(picture, ideal, bitrates[i] ?? LEAST_BITRATE, before(picture, i));
  });
}

/** All bits per second that would leave if nothing were short. */
export function wantedBitrate(demand: Demand): number {
  const pictures = allocate({ ...demand, budget: null }, () => undefined);
  return pictures.reduce((sum, { maxBitrate }) => sum + maxBitrate, demand.sounds * SOUND_BITRATE);
}

function rankOf(picture: Picture, ideal: Encoding | undefined): number {
  if (picture.line === 'screen') return 0;
  return isThumbnail(picture, ideal?.scaleResolutionDownBy ?? 1) ? 2 : 1;
}
