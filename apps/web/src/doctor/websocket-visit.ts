// A short visit to the server over a WebSocket of its own: says hello and asks which ICE servers there are.

import { type IceServer, PROTOCOL_VERSION, parseServerMessage } from '@maru/protocol';

export type Visit =
  | {
      readonly kind: 'answered';
      readonly server: string;
      readonly ms: number;
      readonly iceServers: readonly IceServer[];
    }
  | { readonly kind: 'not-opened' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'refused'; readonly code: string };

/** Longer than any round trip of a network on which a call is of use. */
const PATIENCE_MS = 10_000;
/** A room that nobody is in: asking about a room makes none (ROOM-3). */
const ROOM = 'maru-doctor';

export function visitServer(page: Location, signal: AbortSignal): Promise<Visit> {
  const url = new URL('/ws', page.href);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  const socket = new WebSocket(url);
  const scope = new AbortController();
  const began = performance.now();
  let server = '';
  let ms = 0;
  return new Promise((resolve) => {
    const finish = (visit: Visit): void => {
      clearTimeout(timer);
      scope.abort();
      socket.close();
      resolve(visit);
    };
    const failed = (): Visit => ({ kind: socket.readyState === WebSocket.OPEN ? 'silent' : 'not-opened' });
    const timer = setTimeout(() => finish(failed()), PATIENCE_MS);
    const within = { signal: scope.signal };
    signal.addEventListener('abort', () => finish(failed()), within);
    socket.addEventListener('close', () => finish({ kind: 'not-opened' }), within);
    socket.addEventListener(
      'open',
      () => {
        const hello = { type: 'hello', id: 1, protocol: PROTOCOL_VERSION, agent: 'maru-doctor-page' };
        socket.send(JSON.stringify(hello));
        socket.send(JSON.stringify({ type: 'peek', id: 2, room: ROOM }));
      },
      within,
    );
    socket.addEventListener(
      'message',
      ({ data }) => {
        const parsed = parseServerMessage(String(data));
        if (!parsed.ok) return;
        const { message } = parsed;
        if (message.type === 'welcome') {
          server = message.server;
          ms = Math.round(performance.now() - began);
        } else if (message.type === 'peeked') {
          finish({ kind: 'answered', server, ms, iceServers: message.iceServers });
        } else if (message.type === 'refused') {
          finish({ kind: 'refused', code: message.code });
        }
      },
      within,
    );
  });
}
