// Why a server could not be used: the kinds are what a person has to tell apart to know what to change.

export type NetworkFailureKind =
  /** The name stands for no address. */
  | 'unknown-host'
  /** The name could not be looked up: the resolver did not answer. */
  | 'no-resolver'
  /** Nothing came back. */
  | 'timeout'
  /** The machine is there and says that nothing listens on this port. */
  | 'refused'
  /** This machine has no way to that address. */
  | 'no-route'
  /** The connection ended before an answer. */
  | 'closed'
  /** TLS was not agreed upon: `code` says why. */
  | 'tls'
  /** Something answered that does not speak STUN. */
  | 'not-stun'
  /** Something answered that is no Maru: `status` is that of HTTP. */
  | 'not-maru'
  /** HTTP works and the WebSocket does not: `status` is that of its handshake, where there was an answer. */
  | 'no-websocket'
  /** The server answered with an error: `status` is its code. */
  | 'error-response'
  /** The answer to a request with credentials was not signed with them. */
  | 'bad-integrity';

export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure';
  /** The system's or OpenSSL's name of the failure, where there is one. */
  readonly code: string | null;
  /** The code of a STUN error response (300 to 699), or an HTTP status. */
  readonly status: number | null;

  constructor(
    readonly kind: NetworkFailureKind,
    message: string,
    detail: { readonly code?: string; readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: detail.cause });
    this.code = detail.code ?? null;
    this.status = detail.status ?? null;
  }
}

/** Puts a failure of Node's sockets and resolver into these kinds. */
export function socketFailure(error: Error & { readonly code?: string | undefined }): NetworkFailure {
  const { code = 'unknown' } = error;
  const detail = { code, cause: error };
  switch (code) {
    case 'ENOTFOUND':
      return new NetworkFailure('unknown-host', error.message, detail);
    case 'EAI_AGAIN':
    case 'ETIMEOUT':
      return new NetworkFailure('no-resolver', error.message, detail);
    case 'ECONNREFUSED':
      return new NetworkFailure('refused', error.message, detail);
    case 'ETIMEDOUT':
      return new NetworkFailure('timeout', error.message, detail);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
      return new NetworkFailure('no-route', error.message, detail);
    case 'ECONNRESET':
    case 'EPIPE':
      return new NetworkFailure('closed', error.message, detail);
    default:
      return isTls(code)
        ? new NetworkFailure('tls', error.message, detail)
        : new NetworkFailure('closed', error.message, detail);
  }
}

// Names of OpenSSL and of Node's own checks (Node, "TLS", X509 certificate error codes).
function isTls(code: string): boolean {
  return /^(ERR_SSL|ERR_TLS|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME|INVALID_|PATH_LENGTH|ERROR_IN_CERT|EPROTO)/.test(
    code,
  );
}
