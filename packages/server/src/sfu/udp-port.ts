// A UDP port for a worker: whether it is free, or one that the system chooses.

import { randomInt } from 'node:crypto';
import { createSocket, type SocketType } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { systemCode } from '../start-error.js';

/** How long, and how often, a port is tried that is taken: a worker of a server that was killed lets go of it a moment later. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 100;

/** The same as `tryUdpPort`, again and again for a moment while the port is taken. */
export async function patientUdpPort(port: number, bindAddress: string | null): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await tryUdpPort(port, bindAddress);
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE' || performance.now() > until) throw error;
      await pause(PAUSE_MS);
    }
  }
}

/** Ports that no system gives out by itself (RFC 6335, section 6; Linux begins at 32,768). */
const QUIET = { from: 10_000, to: 32_767 } as const;
const TRIES = 50;

/** A free port that nobody gets by chance: libjuice lets go of one as long as it has no connection on it. */
export async function quietUdpPort(address: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryUdpPort(randomInt(QUIET.from, QUIET.to + 1), address);
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

/** What it means that a port cannot be had. */
export function portProblem(error: unknown): 'port-taken' | 'address-refused' {
  return systemCode(error) === 'EADDRINUSE' ? 'port-taken' : 'address-refused';
}

/**
 * Binds the port (0: any) for a moment, as libjuice says nothing of a port that it could not have. Resolves with the
 * port; rejects with the system's error.
 */
export async function tryUdpPort(port: number, bindAddress: string | null): Promise<number> {
  if (bindAddress !== null) return bindOnce(isIPv4(bindAddress) ? 'udp4' : 'udp6', port, bindAddress);
  try {
    return await bindOnce('udp6', port, '::');
  } catch (error) {
    // A machine without IPv6 says so in several ways; a port that is taken is taken for both.
    if (systemCode(error) === 'EADDRINUSE' || systemCode(error) === 'EACCES') throw error;
    return bindOnce('udp4', port, '0.0.0.0');
  }
}

function bindOnce(type: SocketType, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(type);
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address, exclusive: true }, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}
