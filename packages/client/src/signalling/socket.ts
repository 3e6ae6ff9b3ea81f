// A socket to the server as the channel needs it: text in both directions, and its end.

/** An open or opening socket. */
export interface Socket {
  /** Sends a text frame; does nothing when the socket is not open. */
  send(text: string): void;
  /** Ends the socket; no event comes after this. */
  close(): void;
}

/** What a socket tells its owner, each in the order in which it happened. */
export interface SocketEvents {
  onOpen(): void;
  onText(text: string): void;
  /** `code` is that of RFC 6455, section 7.4; 1006 when the socket ended without one, or never opened. */
  onClose(code: number): void;
}

/** Opens a socket. */
export type SocketFactory = (url: string, events: SocketEvents) => Socket;
