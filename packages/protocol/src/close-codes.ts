// Why a server closes a signalling socket (RFC 6455, section 7.4.2: 4000-4999 are for private use).

/** Close codes that Maru's server sends, besides the standard ones of RFC 6455. */
export const CLOSE = {
  /** RFC 6455, section 7.4.1 and IANA: the server restarts; reconnect and resume. */
  restart: 1012,
  /** The client speaks a version that this server does not. Do not reconnect. */
  protocol: 4400,
  /** No `hello` came in time. */
  helloTimeout: 4408,
  /** The same peer resumed on another connection. Do not reconnect. */
  replaced: 4409,
  /** Too many messages, again after being told so. Reconnect with back-off. */
  tooFast: 4429,
} as const;
