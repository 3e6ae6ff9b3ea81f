// Ids that nobody can guess, from the system's cryptographic generator.

import { randomFillSync } from 'node:crypto';

/** Makes an id of `length` characters of base64url, six random bits each. */
export type MakeId = (length: number) => string;

// Asked for in bulk: each call of the generator costs about as much as hundreds of ids out of one.
const pool = Buffer.allocUnsafeSlow(4_096);
let used = pool.length;

export const randomId: MakeId = (length) => {
  const bytes = Math.ceil((length * 6) / 8);
  if (bytes > pool.length) throw new RangeError(`an id of ${length} characters is too long`);
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString('base64url', used, used + bytes).slice(0, length);
  // No byte serves twice, and none that has served stays in memory.
  pool.fill(0, used, used + bytes);
  used += bytes;
  return id;
};
