// Seeded randomness for fuzzing: quick, and the same again for the same seed.

/** How many inputs a fuzz test tries: `MARU_FUZZ=1000000` for a long look. */
export const FUZZ_INPUTS = Number(process.env['MARU_FUZZ'] ?? 50_000);

/** `MARU_FUZZ_SEED` takes up one that was printed; else every run tries new inputs. */
export const FUZZ_SEED = Number(process.env['MARU_FUZZ_SEED'] ?? Date.now() >>> 0);

export class RandomBytes {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 bits, unsigned (splitmix32). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let value = this.#state ^ (this.#state >>> 16);
    value = Math.imul(value, 0x21f0aaad);
    value ^= value >>> 15;
    value = Math.imul(value, 0x735a2d97);
    return (value ^ (value >>> 15)) >>> 0;
  }

  /** 0 to `limit - 1`. */
  below(limit: number): number {
    return this.next() % limit;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.next();
    return bytes;
  }

  /** A copy of a packet, damaged: bits flipped, bytes replaced, cut short, made longer, or two of these. */
  damage(packet: Buffer): Buffer {
    let bytes: Buffer = Buffer.from(packet);
    for (let rounds = 1 + this.below(2); rounds > 0; rounds -= 1) bytes = this.#damageOnce(bytes);
    return bytes;
  }

  #damageOnce(bytes: Buffer): Buffer {
    if (bytes.length === 0) return this.bytes(this.below(8));
    switch (this.below(5)) {
      case 0: {
        const at = this.below(bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << this.below(8));
        return bytes;
      }
      case 1:
        bytes[this.below(bytes.length)] = this.next();
        return bytes;
      case 2:
        // Most of what decides stands in front.
        bytes[this.below(Math.min(bytes.length, 24))] = this.below(2) ? 0xff : 0;
        return bytes;
      case 3:
        return bytes.subarray(0, this.below(bytes.length));
      default:
        return Buffer.concat([bytes, this.bytes(1 + this.below(8))]);
    }
  }
}

/** A long look takes longer than a test may otherwise take. */
export const FUZZ_TIMEOUT_MS = 60_000 + FUZZ_INPUTS;

/**
 * Runs `attempt` on `FUZZ_INPUTS` inputs, each made from a seed of its own, and first on those of `keptSeeds`.
 * A failure says how to see it again. Returns how many attempts said true: a test can see that it tested something.
 */
export function fuzz(keptSeeds: readonly number[], attempt: (random: RandomBytes) => boolean): number {
  let successes = 0;
  for (let index = -keptSeeds.length; index < FUZZ_INPUTS; index += 1) {
    const seed = index < 0 ? (keptSeeds.at(index) as number) : (FUZZ_SEED + index) >>> 0;
    try {
      if (attempt(new RandomBytes(seed))) successes += 1;
    } catch (error) {
      throw new Error(`MARU_FUZZ=1 MARU_FUZZ_SEED=${seed} shows it`, { cause: error });
    }
  }
  return successes;
}
