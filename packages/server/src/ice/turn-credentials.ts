// Short-lived TURN credentials from a shared secret: the scheme of draft-uberti-behave-turn-rest-00, which coturn's
// `use-auth-secret` understands.

import { createHmac } from 'node:crypto';
import type { Secret } from '../secret.js';

export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

/** Credentials for one user until `expiresAtS` (Unix time in seconds). */
export function turnCredentials(secret: Secret, user: string, expiresAtS: number): TurnCredentials {
  const username = `${expiresAtS}:${user}`;
  // SHA-1 is what the scheme fixes; HMAC-SHA1 is not touched by SHA-1's collisions.
  const credential = createHmac('sha1', secret.reveal()).update(username).digest('base64');
  return { username, credential };
}
