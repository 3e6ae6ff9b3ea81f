// Puts a server together and starts it: rooms, signalling, HTTP, and what they need from the machine.

import { createHmac } from 'node:crypto';
import { Server as HttpsServer } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import { DEFAULT_CONFIG, type ServerConfig } from './config/server-config.js';
import type { Clock } from './env/clock.js';
import { type MakeId, randomId } from './env/random-id.js';
import { systemClock } from './env/system-clock.js';
import { createApp } from './http/app.js';
import { type Certificate, keptCertificate, readCertificate } from './http/certificate.js';
import { watchCertificate } from './http/certificate-watch.js';
import { lanAddresses } from './http/lan-addresses.js';
import { TrustedProxies } from './http/trusted-proxies.js';
import { passTurnOn } from './http/turns-upstream.js';
import { iceServersFor } from './ice/ice-servers.js';
import { Rooms } from './room/rooms.js';
import type { Secret } from './secret.js';
import { systemAddresses } from './sfu/address-world.js';
import {
  BUILT_WORKER,
  logSfu,
  roomLimitOf,
  type SfuService,
  type SfuStatus,
  startSfu,
} from './sfu/sfu-service.js';
import type { SpawnWorker } from './sfu/worker-process.js';
import { Signalling } from './signalling/signalling.js';
import { acceptUpgrades } from './signalling/upgrade.js';
import { EXIT_FAILURE, StartError, systemCode } from './start-error.js';
import { ResumeTokens } from './token/resume-token.js';
import { keptSigningKey } from './token/signing-key.js';
import { VERSION } from './version.js';

/** For how long after its start a server rebuilds rooms from tokens of its former life, in milliseconds (RES-7). */
const RECOVERY_MS = 60_000;
/** Orders count seconds from here (2025-01-01), so that a restarted server gives higher ones than it did before. */
const ORDER_EPOCH_S = 1_735_689_600;
const PEER_ID_LENGTH = 16;
const BOOT_ID_LENGTH = 12;

/** The outside world of a server; tests pass their own. */
export interface ServerWorld {
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** Where log lines go. */
  readonly logTo: DestinationStream;
  /** The file that a worker of the SFU runs, or how to make one otherwise. */
  readonly sfuWorker: URL | SpawnWorker;
}

export interface RunningServer {
  /** Where a browser on this machine finds it, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The same from other machines of the network; empty when it listens on this machine only. */
  readonly lanUrls: readonly string[];
  /** True when browsers will warn of the certificate. */
  readonly selfSigned: boolean;
  /** What there is of an SFU, and where. */
  readonly sfu: SfuStatus;
  /** Stops, in a bounded time: no new connections, clients told to come back (RES-11). Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a server. What is not given is as in `DEFAULT_CONFIG`; the world is the machine's own unless given.
 * Rejects with a `StartError` that says what to do: port taken, folder not writable, certificate unusable.
 */
export async function startServer(
  overrides: Partial<ServerConfig> = {},
  world: Partial<ServerWorld> = {},
): Promise<RunningServer> {
  const config: ServerConfig = { ...DEFAULT_CONFIG, ...overrides };
  const { clock = systemClock, makeId = randomId } = world;
  // Log lines go to standard error: standard output is for people.
  const log = pino(
    { level: config.logLevel, base: null },
    world.logTo ?? pino.destination({ dest: 2, sync: true }),
  );
  const dataDir = resolve(config.dataDir);
  const key = config.secret ?? keptSigningKey(dataDir);
  const certificate = await certificateOf(config, dataDir, clock);
  const proxies = new TrustedProxies(config.trustProxy);
  const sfu = await startSfu({
    config,
    clock,
    log,
    addresses: systemAddresses,
    worker: world.sfuWorker ?? BUILT_WORKER,
  });
  const signalling = new Signalling({
    config,
    clock,
    rooms: createRooms(config, clock, makeId, key, sfu),
    sfu,
    log,
    roomReference: (room) => createHmac('sha256', key.reveal()).update(room).digest('base64url').slice(0, 10),
    serverName: `maru/${VERSION}`,
  });
  let app: FastifyInstance | null = null;
  try {
    app = await createApp({ config, certificate, proxies, signalling, sfu, log });
    acceptUpgrades(app.server, signalling, config, proxies, log);
    if (config.turnsUpstream !== null && app.server instanceof HttpsServer) {
      const endTurn = passTurnOn(app.server, config.turnsUpstream, log);
      app.addHook('preClose', async () => endTurn());
    }
    await listen(app, config);
  } catch (error) {
    await signalling.stop();
    await app?.close();
    await sfu.pool?.stop();
    throw error;
  }
  const started = app;
  const stopWatching = watched(started, config, certificate, clock, log);
  const { port } = started.server.address() as AddressInfo;
  const scheme = certificate ? 'https' : 'http';
  log.info({ ...config, port, version: VERSION }, 'server started');
  logSfu(sfu, log);
  let closing: Promise<void> | null = null;
  return {
    url: `${scheme}://${localHost(config.host)}:${port}`,
    port,
    lanUrls: isWildcard(config.host) ? lanAddresses().map((address) => `${scheme}://${address}:${port}`) : [],
    selfSigned: certificate?.selfSigned === true,
    sfu: sfu.status,
    close() {
      stopWatching();
      closing ??= stop(started, signalling, sfu, config, clock, log);
      return closing;
    },
  };
}

function createRooms(
  config: ServerConfig,
  clock: Clock,
  makeId: MakeId,
  key: Secret,
  sfu: SfuService,
): Rooms {
  const tokens = new ResumeTokens(key, makeId(BOOT_ID_LENGTH), () => clock.unixTime());
  return new Rooms({
    roomLimit: roomLimitOf(config, sfu),
    meshLimit: sfu.pool ? config.meshLimit : null,
    maxRooms: config.maxRooms,
    graceMs: config.graceMs,
    recoverUntil: clock.now() + RECOVERY_MS,
    newPeerId: () => makeId(PEER_ID_LENGTH),
    orderFloor: () => Math.max(0, Math.floor(clock.unixTime() / 1_000) - ORDER_EPOCH_S),
    issueToken: (claim) => tokens.issue(claim),
    verifyToken: (token) => tokens.verify(token),
    iceServers: (user) => iceServersFor(config, user, clock.unixTime()),
  });
}

async function certificateOf(
  config: ServerConfig,
  dataDir: string,
  clock: Clock,
): Promise<Certificate | null> {
  if (config.certFile !== null && config.keyFile !== null) {
    return readCertificate(config.certFile, config.keyFile);
  }
  return config.https ? keptCertificate(dataDir, lanAddresses(), clock.unixTime()) : null;
}

/** Takes over renewed files of the operator's own certificate; returns how to stop. */
function watched(
  app: FastifyInstance,
  { certFile, keyFile }: ServerConfig,
  certificate: Certificate | null,
  clock: Clock,
  log: Logger,
): () => void {
  if (certFile === null || keyFile === null || !certificate || !(app.server instanceof HttpsServer)) {
    return () => undefined;
  }
  return watchCertificate(app.server, { certFile, keyFile }, certificate, clock, log);
}

async function listen(app: FastifyInstance, { host, port }: ServerConfig): Promise<void> {
  try {
    await app.listen({ host: host === '::' && !hasIPv6() ? '0.0.0.0' : host, port });
  } catch (cause) {
    throw new StartError(listenRemedy(systemCode(cause), host, port), EXIT_FAILURE, { cause });
  }
}

function listenRemedy(code: string | null, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken: stop what uses it, or choose another with --port, such as --port ${port < 65_535 ? port + 1 : 8080}.`;
    case 'EACCES':
      return `Port ${port} is not permitted to this user: choose one above 1023 with --port, such as --port 8080.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: check --host, or leave it out to listen on every interface.`;
    default:
      return `The server cannot listen on ${host}, port ${port} (${code ?? 'unknown error'}): check --host and --port.`;
  }
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ family }) => family === 'IPv6'));
}

const isWildcard = (host: string): boolean => host === '::' || host === '0.0.0.0';

function localHost(host: string): string {
  if (isWildcard(host)) return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}

async function stop(
  app: FastifyInstance,
  signalling: Signalling,
  sfu: SfuService,
  config: ServerConfig,
  clock: Clock,
  log: Logger,
): Promise<void> {
  signalling.drain();
  if (config.drainMs > 0) {
    await new Promise<void>((done) => {
      clock.after(config.drainMs, done);
    });
  }
  await signalling.stop();
  await sfu.pool?.stop();
  // What is still being served is a file at most, and the browser asks for it again.
  app.server.closeAllConnections();
  await app.close();
  log.info('server stopped');
}
