// Why a server closes a signalling socket (RFC 6455, section 7.4.2: 4000-4999 are for private use).

// PROTOCOL.md lists the same codes; a test compares the two. They are single constants, gathered under `CLOSE` where they
// are exported, so that a page carries only those that it knows.

/** RFC 6455, section 7.4.1: a message too big to be read at all (MSG-2). */
export const tooBig = 1009;

/** RFC 6455, section 7.4.1 and IANA: the server restarts; reconnect and resume. */
export const restart = 1012;

/** RFC 6455, section 11.7 and IANA: the server holds as many connections as it may; reconnect with back-off. */
export const tryAgainLater = 1013;

/** The client speaks a version that this server does not. Do not reconnect. */
export const protocol = 4400;

/** No `hello` came in time. */
export const helloTimeout = 4408;

/** The same peer resumed on another connection. Do not reconnect. */
export const replaced = 4409;

/** The room was locked before the server restarted, and this peer was not inside then (RES-7). */
export const locked = 4423;

/** Too many messages, again after being told so. Reconnect with back-off. */
export const tooFast = 4429;
