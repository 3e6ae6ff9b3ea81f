// Everything that can be configured about a server, as the rest of the code sees it, with its defaults.

import { fileURLToPath } from 'node:url';
import { GRACE_MS, VIDEO_CODECS, type VideoCodec } from '@maru/protocol';
import type { IceConfig } from '../ice/ice-servers.js';
import type { Secret } from '../secret.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface ServerConfig extends IceConfig {
  /** Address to listen on; `::` is every interface, IPv4 included. */
  readonly host: string;
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  readonly https: boolean;
  /** PEM files; null for a self-signed certificate kept in the data folder. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly dataDir: string;
  /** Folder of the built page. */
  readonly webRoot: string;
  /** Signs resume tokens; null for a key kept in the data folder. */
  readonly secret: Secret | null;
  /** The origin at which people open it, such as `https://meet.example.org`; null when it is not known. */
  readonly publicUrl: string | null;
  /** `host:port` of a TURN server over TCP that connections to the HTTPS port are passed on to; null for none. */
  readonly turnsUpstream: string | null;
  /** Most peers in a room, 2 to 100; null for what suits: fewer where there is no SFU. */
  readonly roomLimit: number | null;
  /** Most peers in a mesh, 0 to 16: a larger room is the SFU's. */
  readonly meshLimit: number;
  /** Processes of the SFU, 0 for none; null for one per core less one. */
  readonly sfuWorkers: number | null;
  /** UDP port of the first of them, the others follow; 0 lets the system choose, null is the number of `port`. */
  readonly sfuPort: number | null;
  /** Whether all of them are behind that one port. */
  readonly sfuOnePort: boolean;
  /** Addresses that browsers are told: IP addresses, names, `stun`, `local`. Empty for `local`. */
  readonly sfuAnnounce: readonly string[];
  /** Address that the SFU listens on; null for every interface. */
  readonly sfuBind: string | null;
  /** Video codecs that rooms of the SFU may use, the preferred first: of `VIDEO_CODECS`. */
  readonly sfuCodecs: readonly VideoCodec[];
  /** Most links and rooms of one worker. */
  readonly sfuMaxLinks: number;
  readonly sfuMaxRooms: number;
  /** Most that one link sends, and most that it is sent, in bit/s. */
  readonly sfuLinkBitrate: number;
  readonly maxRooms: number;
  readonly maxConnections: number;
  /** Most connections from one address (an IPv6 /64 counts as one); 0 for no limit. */
  readonly maxConnectionsPerAddress: number;
  /** Messages per second of one socket, and of one address, in the long run; four times that at once. 0: no limit. */
  readonly messageRate: number;
  readonly addressMessageRate: number;
  /** How long an away peer keeps its place, in milliseconds. */
  readonly graceMs: number;
  /** How long `/readyz` says 503 before the server stops, in milliseconds. */
  readonly drainMs: number;
  /** Origins of pages besides the server's own that may connect; `*` for any. */
  readonly allowOrigins: readonly string[];
  /** Sources of the CSP directive `frame-ancestors`: who may embed the page. */
  readonly frameAncestors: readonly string[];
  /** Proxies whose `X-Forwarded-*` headers count: addresses, CIDR ranges, `loopback`, `private`. */
  readonly trustProxy: readonly string[];
  /** Whether `/metrics` is served. */
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
}

const MINUTE_S = 60;

export const DEFAULT_CONFIG: ServerConfig = {
  host: '::',
  port: 8080,
  https: false,
  certFile: null,
  keyFile: null,
  dataDir: '.maru',
  webRoot: fileURLToPath(new URL('../../../../apps/web/dist', import.meta.url)),
  secret: null,
  publicUrl: null,
  turnsUpstream: null,
  roomLimit: null,
  // With six, whom all look at sends five full pictures: a core and 4.5 Mbit/s (ARCHITECTURE.md, what a mesh costs).
  meshLimit: 5,
  sfuWorkers: null,
  sfuPort: null,
  sfuOnePort: false,
  sfuAnnounce: [],
  sfuBind: null,
  sfuCodecs: VIDEO_CODECS,
  sfuMaxLinks: 1_000,
  sfuMaxRooms: 500,
  // Nine cameras of 640 pixels and a screen, with room to spare.
  sfuLinkBitrate: 10_000_000,
  maxRooms: 10_000,
  maxConnections: 10_000,
  maxConnectionsPerAddress: 1_000,
  // A join of a full room trickles about 20 candidates to each of 5 peers at once: 100, with room to spare.
  messageRate: 100,
  addressMessageRate: 1_000,
  graceMs: GRACE_MS,
  drainMs: 0,
  stun: [],
  turn: [],
  turnSecret: null,
  turnUsername: null,
  turnCredential: null,
  // A relay checks the time when it is asked for an allocation; clients ask for fresh credentials well before.
  turnTtlS: 60 * MINUTE_S,
  allowOrigins: [],
  frameAncestors: ["'self'"],
  trustProxy: [],
  metrics: false,
  logLevel: 'info',
};
