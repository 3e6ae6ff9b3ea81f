// Time and randomness as a browser (or Node) gives them.

import type { Clock, Env, Random } from './env.js';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const clock: Clock = {
  now: () => performance.now(),
  unixTime: () => Date.now(),
  after(ms, callback) {
    const handle = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(handle) };
  },
};

const random: Random = {
  unit: () => Math.random(),
  id(length) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    return Array.from(bytes, (byte) => BASE64URL.charAt(byte & 63)).join('');
  },
};

/** The real world. Ids come from the browser's cryptographic generator. */
export const browserEnv: Env = { clock, random };
