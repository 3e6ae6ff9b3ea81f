// The browser's WebSocket (WHATWG websockets) as the channel needs it.

import type { SocketFactory } from './socket.js';

/** Opens a WebSocket. Throws a `SyntaxError` for an address that is none, as the constructor does. */
export const webSocket: SocketFactory = (url, events) => {
  const socket = new WebSocket(url);
  const scope = new AbortController();
  const { signal } = scope;
  socket.addEventListener('open', () => events.onOpen(), { signal });
  socket.addEventListener(
    'message',
    ({ data }) => {
      // The protocol has no binary frames.
      if (typeof data === 'string') events.onText(data);
    },
    { signal },
  );
  socket.addEventListener('close', ({ code }) => events.onClose(code), { signal });
  return {
    send(text) {
      // Sending while connecting throws; the channel sends only when open, so this is the closing race.
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      scope.abort();
      socket.close();
    },
  };
};
