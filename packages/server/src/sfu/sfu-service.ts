// The SFU of a server: its workers, started with the server and ended with it, or the reason why there are none.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { MAX_JOIN_OFFERS } from '@maru/protocol';
import type { Logger } from 'pino';
import type { ServerConfig } from '../config/server-config.js';
import type { Clock } from '../env/clock.js';
import { EXIT_FAILURE, StartError } from '../start-error.js';
import { type AddressWorld, announcedAddresses, reachableFromOutside } from './announced-addresses.js';
import { type PoolFailure, SfuPool } from './sfu-pool.js';
import { portProblem, tryUdpPort } from './udp-port.js';
import type { EarlySeats, WorkerOptions } from './worker-message.js';
import { forkWorkers, type SpawnWorker } from './worker-process.js';

/** Most people in a room, where nothing else is set: with the SFU, and in a mesh (ARCHITECTURE.md, what a mesh costs). */
const ROOM_LIMIT = 30;
const MESH_ROOM_LIMIT = 6;
/** A room cannot be a larger mesh: a join carries no more offers. */
const LARGEST_MESH = MAX_JOIN_OFFERS + 1;

const LINUX_ALONE =
  'Only Linux gives each client its own socket on one port: start without --sfu-one-port, or with --sfu-workers 1.';

/** What is said of the SFU when the server has started. */
export type SfuStatus =
  | { readonly kind: 'off' }
  /** It was to run and cannot, on this machine: rooms are meshes. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | {
      readonly kind: 'running';
      /** UDP ports: one for each worker, or one for all. */
      readonly ports: readonly number[];
      /** The addresses that browsers are told. */
      readonly addresses: readonly string[];
      /** False when those are of private networks only. */
      readonly reachableFromOutside: boolean;
    };

export interface SfuService {
  readonly status: SfuStatus;
  /** Null where there is none. */
  readonly pool: SfuPool | null;
  /** Hears of links that have ended by themselves. */
  onClosed: (link: string, reason: string) => void;
  /** Hears who is in the slots of links whose control channel is not open. */
  onSeats: (seats: EarlySeats) => void;
}

export interface SfuServiceParts {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly addresses: AddressWorld;
  /** The file that a worker's process runs, or how to make one otherwise. */
  readonly worker: URL | SpawnWorker;
}

/** Starts the workers. Rejects with a `StartError` when they cannot have their ports. */
export async function startSfu(parts: SfuServiceParts): Promise<SfuService> {
  const { config, log, worker, clock } = parts;
  const size = config.sfuWorkers ?? Math.max(1, availableParallelism() - 1);
  if (size === 0) return without({ kind: 'off' });
  if (worker instanceof URL && !existsSync(worker)) {
    return unavailable(log, 'the server was not built with it');
  }
  const { addresses, troubles } = await announcedAddresses(config.sfuAnnounce, config.stun, parts.addresses);
  for (const trouble of troubles) log.warn(`An address to announce for the SFU was not found: ${trouble}`);
  // One worker has the one port by itself.
  const sharing = config.sfuOnePort && size > 1;
  if (sharing && process.platform !== 'linux') throw new StartError(LINUX_ALONE, EXIT_FAILURE);
  const options = workerOptions(config, addresses, sharing ? await onePort(config) : null);
  const service: Pick<SfuService, 'onClosed' | 'onSeats'> = {
    onClosed: () => undefined,
    onSeats: () => undefined,
  };
  const pool = new SfuPool({
    size,
    options,
    spawn: worker instanceof URL ? forkWorkers(worker, log) : worker,
    clock,
    log,
    onClosed: (link, reason) => service.onClosed(link, reason),
    onSeats: (seats) => service.onSeats(seats),
  });
  const failure = await pool.start();
  if (failure) {
    await pool.stop();
    if (failure.problem === 'port-taken' || failure.problem === 'address-refused') {
      throw new StartError(portRemedy(failure, config), EXIT_FAILURE);
    }
    return unavailable(log, failure.reason);
  }
  const outside = reachableFromOutside(addresses);
  const ports = [...new Set(pool.workers.flatMap(({ port }) => (port === null ? [] : [port])))];
  return Object.assign(service, {
    pool,
    status: { kind: 'running', ports, addresses, reachableFromOutside: outside } as const,
  });
}

/** Says in the log where the SFU is, once the server has started. */
export function logSfu({ status }: SfuService, log: Logger): void {
  if (status.kind !== 'running') return;
  const { addresses, ports } = status;
  if (status.reachableFromOutside) log.info({ addresses, ports }, 'sfu announced');
  else log.warn({ addresses, ports }, 'sfu announced at private addresses only: others need --sfu-announce');
}

/** How many people a room holds, by what is set and what there is. */
export function roomLimitOf({ roomLimit }: Pick<ServerConfig, 'roomLimit'>, { pool }: SfuService): number {
  if (pool) return roomLimit ?? ROOM_LIMIT;
  return Math.min(roomLimit ?? MESH_ROOM_LIMIT, LARGEST_MESH);
}

/** The port that all workers share: a free one where the system is to choose. */
async function onePort(config: ServerConfig): Promise<number> {
  const wanted = config.sfuPort ?? config.port;
  if (wanted !== 0) return wanted;
  try {
    return await tryUdpPort(0, config.sfuBind);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(portRemedy({ problem: portProblem(error), port: 0, reason }, config), EXIT_FAILURE);
  }
}

function workerOptions(
  config: ServerConfig,
  announce: readonly string[],
  sharedPort: number | null,
): WorkerOptions {
  return {
    port: config.sfuPort ?? config.port,
    sharedPort,
    bindAddress: config.sfuBind,
    announce,
    videoCodecs: config.sfuCodecs,
    limits: {
      rooms: config.sfuMaxRooms,
      links: config.sfuMaxLinks,
      linkBitrate: config.sfuLinkBitrate,
    },
  };
}

function unavailable(log: Logger, reason: string): SfuService {
  log.warn({ reason }, 'the SFU cannot run here: every room is a mesh');
  return without({ kind: 'unavailable', reason });
}

const without = (status: SfuStatus): SfuService => ({
  status,
  pool: null,
  onClosed: () => undefined,
  onSeats: () => undefined,
});

function portRemedy({ problem, port, reason }: PoolFailure, { sfuPort, sfuBind }: ServerConfig): string {
  if (problem === 'address-refused') {
    const where = sfuBind === null ? '' : ` on ${sfuBind}`;
    return `The SFU cannot listen on UDP port ${port}${where} (${reason}): check --sfu-port and --sfu-bind.`;
  }
  const same = sfuPort === null ? ', which is the number of --port unless --sfu-port says otherwise' : '';
  return `UDP port ${port} is taken${same}: stop what uses it, or choose another for the SFU with --sfu-port.`;
}

/** The worker's file in what is built, beside this one. */
export const BUILT_WORKER = new URL('./worker.js', import.meta.url);
