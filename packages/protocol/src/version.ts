// The protocol's version: a single number that grows when a message changes its meaning.

/** The version this code speaks; sent in `hello`. See PROTOCOL.md, "Handshake". */
export const PROTOCOL_VERSION = 1;

/** The oldest version a server of this code still understands. */
export const OLDEST_PROTOCOL_VERSION = 1;
