// Does a TURN server relay for us, with the very credentials that people get?

import type { Secret } from '../../secret.js';
import { addressKind } from '../address-kind.js';
import { credentialsRemedy } from '../credentials.js';
import { type Finding, good, note, wrong } from '../finding.js';
import { serverRemedy } from '../ice-remedy.js';
import { NetworkFailure } from '../network-failure.js';
import type { IceUrl } from '../stun/ice-url.js';
import { Indications, relaysPacket } from '../stun/relayed-packet.js';
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
    const trial = await tryAllocation(url, login, world, true);
    return { finding: describe(url, trial), seenAs: trial.allocation.mapped?.address ?? null };
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
    const aboutCredentials = error.kind === 'error-response' && CREDENTIAL_ERRORS.includes(error.status ?? 0);
    if (!aboutCredentials)
      return { finding: serverRemedy('turn', url, error, world.timeoutMs), seenAs: null };
    const accepts = async (other: TurnLogin): Promise<boolean> => {
      try {
        await tryAllocation(url, other, world, false);
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

interface Trial {
  readonly allocation: Allocation;
  /** The address of the server. */
  readonly server: string;
  /** Whether a packet came out that was sent to the relayed address; null where that could not be tried. */
  readonly relays: boolean | null;
}

/** Allocates, tries the relayed address where that is asked for, and gives it back. */
async function tryAllocation(
  url: IceUrl,
  login: TurnLogin,
  world: DoctorWorld,
  withPacket: boolean,
): Promise<Trial> {
  const indications = new Indications();
  const socket = await openStunSocket(url, { ...world, onMessage: indications.take });
  try {
    const allocation = await allocate(socket, login);
    // Over TCP and TLS the way to the relayed address is the same, and the server's port may take no UDP to ask by.
    const relays =
      withPacket && url.transport === 'udp'
        ? await relaysPacket(allocation, socket.remote, indications, world.timeoutMs)
        : null;
    await allocation.release();
    return { allocation, server: socket.remote.address, relays };
  } finally {
    socket.close();
  }
}

function describe(url: IceUrl, { allocation: { relayed, open }, server, relays }: Trial): Finding {
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
  if (relays === false) {
    return wrong(
      'turn',
      `${url.text}: it gives out the relayed address ${relayed.address}:${relayed.port}, and nothing comes through it.`,
      'Open the range of relay ports for UDP in the firewall (and in that of the cloud provider): `min-port` to `max-port` of turnserver.conf. Behind NAT check `external-ip` there.',
    );
  }
  const by = url.transport.toUpperCase();
  return good(
    'turn',
    `${url.text} relays (over ${by}, at ${relayed.address}), and took the credentials that people get.`,
  );
}
