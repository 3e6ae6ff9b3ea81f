// Resume tokens: a claim to one place in one room, authenticated with HMAC-SHA256 (RFC 2104).

import { createHmac, timingSafeEqual } from 'node:crypto';
import { MAX_COUNTER } from '@maru/protocol';
import * as v from 'valibot';
import type { Claim, VerifiedClaim } from '../room/rooms-world.js';
import type { Secret } from '../secret.js';

/**
 * How old a token of a former life may be, in seconds. Whoever has been inside holds one, and after a restart the
 * server no longer knows who has left: a day bounds how long that can matter, and exceeds any call that is resumed.
 */
const FORMER_LIFE_MAX_AGE_S = 86_400;

// Room, peer, order, boot id, Unix time of issue in seconds.
const payloadSchema = v.strictTuple([
  v.string(),
  v.string(),
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_COUNTER)),
  v.string(),
  v.number(),
]);

/** Issues and verifies the tokens of one life of the server. */
export class ResumeTokens {
  readonly #key: Buffer;

  constructor(
    key: Secret,
    private readonly bootId: string,
    private readonly unixTime: () => number,
  ) {
    // A key of its own, so that the same secret may serve other purposes too.
    this.#key = createHmac('sha256', key.reveal()).update('maru resume token').digest();
  }

  issue(claim: Claim): string {
    const issued = Math.floor(this.unixTime() / 1_000);
    const payload = JSON.stringify([claim.room, claim.peer, claim.order, this.bootId, issued]);
    const text = Buffer.from(payload).toString('base64url');
    return `${text}.${this.#sign(text).toString('base64url')}`;
  }

  /** Null for anything that this key has not signed, and for a token of a former life older than a day. */
  verify(token: string): VerifiedClaim | null {
    const [text, signature, ...rest] = token.split('.');
    if (text === undefined || signature === undefined || rest.length > 0) return null;
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#sign(text);
    // The second test refuses other spellings of the same bytes: one token has one text.
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    if (given.toString('base64url') !== signature) return null;
    const payload = v.safeParse(payloadSchema, JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (!payload.success) return null;
    const [room, peer, order, boot, issued] = payload.output;
    const former = boot !== this.bootId;
    if (former && this.unixTime() / 1_000 - issued > FORMER_LIFE_MAX_AGE_S) return null;
    return { room, peer, order, former };
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
