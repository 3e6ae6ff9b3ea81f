// Does a TURN server relay for us, with the very credentials that people get?

import type { Secret } from '../../secret.js';
import { addressKind } from '../address-kind.js';
import { credentialsRemedy } from '../credentials.js';
import { type Finding, good, note, wrong } from '../finding.js';
import { serverRemedy } from '../ice-remedy.js';
import { NetworkFailure } from '../network-failure.js';
import type { IceUrl } from '../stun/ice-url.js';
import { openStunSocket } from '../stun/stun-socket.js';
import { type Allocation, allocate, type TurnLogin } from '../stun/turn-allocation.js';
import type { DoctorWorld } from '../world.js';

export interface TurnCheck {
  readonly finding: Finding;
  /** This machine as the relay sees it; null when it did not say. */
  readonly seenAs: string | null;
}

/** RFC 8489, section 14.8, and RFC 8656, section 19: unauthenticated, and wrong credentials. */
const CREDENTIAL_ERRORS = [401, 441];

/** `secret`: the one that the credentials were made from, where it is known here. */
export async function checkTurn(
  url: IceUrl,
  login: TurnLogin,
  secret: Secret | null,
  world: DoctorWorld,
): Promise<TurnCheck> {
  if (url.transport === 'dtls') {
    return {
      finding: note(
        'turn',
        `${url.text}: no browser speaks TURN over DTLS.`,
        'Use ?transport=tcp with turns:.',
      ),
      seenAs: null,
    };
  }
  try {
    const [allocation, server] = await tryAllocation(url, login, world);
    return { finding: describe(url, allocation, server), seenAs: allocation.mapped?.address ?? null };
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
    const aboutCredentials = error.kind === 'error-response' && CREDENTIAL_ERRORS.includes(error.status ?? 0);
    if (!aboutCredentials)
      return { finding: serverRemedy('turn', url, error, world.timeoutMs), seenAs: null };
    const accepts = async (other: TurnLogin): Promise<boolean> => {
      try {
        await tryAllocation(url, other, world);
        return true;
      } catch (failure) {
        if (failure instanceof NetworkFailure) return false;
        throw failure;
      }
    };
    const remedy = await credentialsRemedy(login, secret, world, accepts);
    return { finding: wrong('turn', `${url.text}: ${remedy.says}`, remedy.change), seenAs: null };
  }
}

/** Allocates and gives back. */
async function tryAllocation(
  url: IceUrl,
  login: TurnLogin,
  world: DoctorWorld,
): Promise<[Allocation, string]> {
  const socket = await openStunSocket(url, world);
  try {
    const allocation = await allocate(socket, login);
    await allocation.release();
    return [allocation, socket.remote.address];
  } finally {
    socket.close();
  }
}

function describe(url: IceUrl, { relayed, open }: Allocation, server: string): Finding {
  if (open) {
    return wrong(
      'turn',
      `${url.text}: it relays for anybody, without credentials.`,
      'Set `use-auth-secret` and `static-auth-secret` in turnserver.conf, and remove `no-auth`: others will use it up.',
    );
  }
  const [kind, serverKind] = [addressKind(relayed.address), addressKind(server)];
  if (kind !== 'public' && serverKind === 'public') {
    return wrong(
      'turn',
      `${url.text}: it relays at ${relayed.address}, an address that nobody outside its network can reach.`,
      `Set \`external-ip=${server}/${relayed.address}\` in turnserver.conf: the server stands behind NAT and does not know its public address.`,
    );
  }
  const by = url.transport.toUpperCase();
  return good(
    'turn',
    `${url.text} relays (over ${by}, at ${relayed.address}), and took the credentials that people get.`,
  );
}
