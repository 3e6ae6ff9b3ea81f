// The address of the signalling socket, from the address of a server.

/** Where a server listens for sockets. */
const SOCKET_PATH = '/ws';

/**
 * The socket's address for a server's: `http(s)` becomes `ws(s)`, and an address without a path gets `/ws`.
 * Throws a `TypeError` for text that is no absolute URL.
 */
export function signallingUrl(server: string | URL): string {
  const url = new URL(server);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  if (url.pathname === '/') url.pathname = SOCKET_PATH;
  url.hash = '';
  return url.href;
}
