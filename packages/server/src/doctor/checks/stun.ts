// Does a STUN server answer, and which address does it see?

import { type Finding, good } from '../finding.js';
import { serverRemedy } from '../ice-remedy.js';
import { NetworkFailure } from '../network-failure.js';
import { type Binding, bind } from '../stun/binding.js';
import type { IceUrl } from '../stun/ice-url.js';
import { openStunSocket } from '../stun/stun-socket.js';
import type { DoctorWorld } from '../world.js';

export interface StunCheck {
  readonly finding: Finding;
  /** This machine as the server sees it; null when it did not answer. */
  readonly seenAs: string | null;
}

export async function checkStun(url: IceUrl, world: DoctorWorld): Promise<StunCheck> {
  try {
    const { mapped } = await ask(url, world);
    return {
      finding: good('stun', `${url.text} answers: it sees this machine at ${mapped.address}.`),
      seenAs: mapped.address,
    };
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
    return { finding: serverRemedy('stun', url, error, world.timeoutMs), seenAs: null };
  }
}

async function ask(url: IceUrl, world: DoctorWorld): Promise<Binding> {
  const socket = await openStunSocket(url, world);
  try {
    return await bind(socket);
  } finally {
    socket.close();
  }
}
