// The door for WebSockets on the HTTP server's port: path, origin and load are checked before the handshake.

import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { ServerConfig } from '../config/server-config.js';
import type { Origination, TrustedProxies } from '../http/trusted-proxies.js';
import { originAllowed } from './origin.js';
import type { Signalling } from './signalling.js';

const PATH = '/ws';
/**
 * Above this `ws` itself closes with 1009 while reading. Well above the 262,144 bytes that are refused politely, and
 * small enough that many such messages at once do no harm.
 */
const HARD_LIMIT_BYTES = 1_048_576;
/** How long `ws` waits for the other end's close frame, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000;
/** A host is whatever a client claims: only so many are warned of. */
const MAX_WARNED_HOSTS = 100;

/** Hands WebSocket handshakes of `server` to `signalling`. */
export function acceptUpgrades(
  server: Server,
  signalling: Signalling,
  config: ServerConfig,
  proxies: TrustedProxies,
  log: Logger,
): void {
  const options = {
    noServer: true,
    clientTracking: false,
    // Compression costs far more than it saves on messages of this size (DESIGN, section 6).
    perMessageDeflate: false,
    maxPayload: HARD_LIMIT_BYTES,
    // Known to `ws`, not yet to its types.
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const sockets = new WebSocketServer(options);
  const warned = new Set<string>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const origination = proxies.originationOf(request.headers, request.socket);
    const status = refusal(request, origination);
    if (status !== null) {
      refuseHandshake(socket, status);
      return;
    }
    const { address } = origination;
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      signalling.accept(webSocket, socket, address),
    );
  });

  function refusal(request: IncomingMessage, { address, host }: Origination): number | null {
    const [path] = (request.url ?? '').split('?');
    if (path !== PATH) return 404;
    const admitted = signalling.admits(address);
    if (admitted !== 'yes') return admitted;
    if (originAllowed(request.headers.origin, host, config.allowOrigins)) return null;
    // The operator is told once for each host; who asks again and again must not fill the log.
    const news = host !== null && !warned.has(host) && warned.size < MAX_WARNED_HOSTS;
    if (news) warned.add(host);
    log[news ? 'warn' : 'debug'](
      { host },
      'socket refused: a page of another origin; --allow-origin admits it',
    );
    return 403;
  }
}

function refuseHandshake(socket: Duplex, status: number): void {
  const reason = STATUS_CODES[status] ?? '';
  // The client may be gone already; there is nobody left to tell.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
