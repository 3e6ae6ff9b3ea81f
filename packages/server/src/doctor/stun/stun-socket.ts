// A way to one STUN server: sends a message and resolves with the answer to it, over UDP, TCP or TLS.

import type { IceUrl } from './ice-url.js';
import type { ReceivedMessage } from './message.js';
import { openStreamSocket } from './stream-socket.js';
import { openUdpSocket } from './udp-socket.js';

export interface StunSocket {
  /** The address of the server that was chosen among those of its name. */
  readonly remote: { readonly address: string; readonly port: number };
  /**
   * Sends the bytes of a request and resolves with the response to the transaction id in them.
   * Rejects with a `NetworkFailure`.
   */
  exchange(request: Buffer): Promise<ReceivedMessage>;
  /** Sends the bytes of an indication, or of anything else that nobody answers. */
  send(bytes: Buffer): void;
  close(): void;
}

export interface StunSocketOptions {
  /** How long connecting, and each exchange, may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Certificates to trust besides those of Node, in PEM. */
  readonly ca?: string | undefined;
  /** Called for each indication and for whatever answers nothing that was asked. */
  readonly onMessage?: (message: ReceivedMessage) => void;
}

/** Opens a socket to the server of the URL. Rejects with a `NetworkFailure`. */
export function openStunSocket(url: IceUrl, options: StunSocketOptions): Promise<StunSocket> {
  return url.transport === 'udp' ? openUdpSocket(url, options) : openStreamSocket(url, options);
}
