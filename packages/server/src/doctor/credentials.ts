// Why a relay refuses credentials: a wrong secret, credentials that have run out, or clocks that disagree.

import { turnCredentials } from '../ice/turn-credentials.js';
import type { Secret } from '../secret.js';
import type { TurnLogin } from './stun/turn-allocation.js';
import type { Remedy } from './tls-remedy.js';
import type { DoctorWorld } from './world.js';

/** No clock is wrong by more than this, and coturn still reads such a time. */
const FAR_AHEAD_S = 10 * 365 * 86_400;

/**
 * Tells them apart. With the secret at hand, other credentials are tried: those that last for ten years are refused
 * only when the secret is wrong. `accepts`: whether the relay takes these.
 */
export async function credentialsRemedy(
  login: TurnLogin,
  secret: Secret | null,
  world: DoctorWorld,
  accepts: (login: TurnLogin) => Promise<boolean>,
): Promise<Remedy> {
  const now = Math.floor(world.unixTime() / 1_000);
  const expires = /^(\d{9,11}):/.exec(login.username)?.[1];
  if (expires === undefined) {
    return {
      says: 'the user name or the password is wrong.',
      change:
        "Give --turn-username and --turn-credential a `user` of turnserver.conf (with lt-cred-mech), or use --turn-secret with coturn's use-auth-secret.",
    };
  }
  if (Number(expires) <= now) {
    return {
      says: `the credentials ran out ${now - Number(expires)} s ago by this machine's clock.`,
      change: 'Set the clocks of the server that makes them and of this machine: `timedatectl set-ntp true`.',
    };
  }
  if (secret && (await accepts(turnCredentials(secret, 'doctor', now + FAR_AHEAD_S)))) {
    return {
      says: "the secret is right, and the credentials have run out by the relay's clock.",
      change: `Set the clocks of this machine and of the relay (\`timedatectl set-ntp true\`): they differ by more than the ${Number(expires) - now} s that credentials are good for.`,
    };
  }
  return {
    says: 'it refuses the credentials: the secret is not the one of the TURN server.',
    change: secret
      ? 'Make --turn-secret (MARU_TURN_SECRET) and `static-auth-secret` in turnserver.conf the same text, with `use-auth-secret` set there, and restart both.'
      : 'Make MARU_TURN_SECRET on the server and `static-auth-secret` in turnserver.conf the same text, and check that the clocks of both machines agree; run the doctor on the server itself to tell which of the two it is.',
  };
}
