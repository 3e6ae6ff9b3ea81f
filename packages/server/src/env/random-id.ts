// Ids that nobody can guess, from the system's cryptographic generator.

import { randomBytes } from 'node:crypto';

/** Makes an id of `length` characters of base64url, six random bits each. */
export type MakeId = (length: number) => string;

export const randomId: MakeId = (length) =>
  randomBytes(Math.ceil((length * 6) / 8))
    .toString('base64url')
    .slice(0, length);
