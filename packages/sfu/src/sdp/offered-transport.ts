// The client's end of ICE and DTLS, as its offer tells it (RFC 8839, RFC 8842).

import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { type Reading, read, refuse } from './reading.js';
import type { Fingerprint, RemoteTransport } from './section-plan.js';

/** Lengths and letters of RFC 8839, section 5.4. */
const USERNAME_FRAGMENT = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;

/** Bytes of each hash that is strong enough (RFC 8122, section 5). */
const HASH_BYTES: Readonly<Record<string, number>> = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 };

const HEX_PAIRS = /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*$/;

/** From the first m-line of the BUNDLE, or from the session where it says nothing. */
export function readTransport(
  session: SessionDescription,
  first: MediaDescription,
): Reading<RemoteTransport> {
  const credentials = readCredentials(session, first);
  if (!credentials) return refuse('It has no sound ICE user name fragment and password.');
  const fingerprint = readFingerprint(session, first);
  if (!fingerprint) return refuse('It has no certificate fingerprint by SHA-256 or better.');
  const setup = first.setup ?? session.setup;
  // The SFU waits for the browser's ClientHello, which comes as soon as the browser's own check was answered; as the DTLS
  // client it could begin only half a round trip later, and would be done last: media comes a whole one sooner this way.
  if (setup !== 'actpass' && setup !== 'active') return refuse('Its side does not begin DTLS.');
  return read({ ...credentials, fingerprint });
}

/** Null when there are none that are sound. */
export function readCredentials(
  session: SessionDescription,
  media: MediaDescription,
): Pick<RemoteTransport, 'usernameFragment' | 'password'> | null {
  const usernameFragment = String(media.iceUfrag ?? session.iceUfrag ?? '');
  const password = String(media.icePwd ?? session.icePwd ?? '');
  if (!USERNAME_FRAGMENT.test(usernameFragment) || !PASSWORD.test(password)) return null;
  return { usernameFragment: detached(usernameFragment), password: detached(password) };
}

/** Null when there is none that is sound and strong. */
export function readFingerprint(session: SessionDescription, media: MediaDescription): Fingerprint | null {
  const offered = media.fingerprint ?? session.fingerprint;
  const algorithm = String(offered?.type ?? '').toLowerCase();
  const value = String(offered?.hash ?? '');
  const bytes = HASH_BYTES[algorithm];
  if (bytes === undefined || value.length !== bytes * 3 - 1 || !HEX_PAIRS.test(value)) return null;
  return { algorithm, value: detached(value) };
}

/** A copy. V8 keeps a part of a string as a view of the whole: the plan would hold its offer for as long as it lives. */
function detached(ascii: string): string {
  return Buffer.from(ascii, 'latin1').toString('latin1');
}
