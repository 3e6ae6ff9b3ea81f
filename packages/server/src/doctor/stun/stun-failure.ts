// Why a STUN or TURN server could not be used: the kinds are what a person has to tell apart to know what to change.

export type StunFailureKind =
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
  /** The server answered with an error: `status` is its code. */
  | 'error-response'
  /** The answer to a request with credentials was not signed with them. */
  | 'bad-integrity';

export class StunFailure extends Error {
  override readonly name = 'StunFailure';
  /** The system's or OpenSSL's name of the failure, where there is one. */
  readonly code: string | null;
  /** The STUN error code, 300 to 699, of an error response. */
  readonly status: number | null;

  constructor(
    readonly kind: StunFailureKind,
    message: string,
    detail: { readonly code?: string; readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: detail.cause });
    this.code = detail.code ?? null;
    this.status = detail.status ?? null;
  }
}

/** Puts a failure of Node's sockets and resolver into these kinds. */
export function socketFailure(error: Error & { readonly code?: string | undefined }): StunFailure {
  const { code = 'unknown' } = error;
  const detail = { code, cause: error };
  switch (code) {
    case 'ENOTFOUND':
      return new StunFailure('unknown-host', error.message, detail);
    case 'EAI_AGAIN':
    case 'ETIMEOUT':
      return new StunFailure('no-resolver', error.message, detail);
    case 'ECONNREFUSED':
      return new StunFailure('refused', error.message, detail);
    case 'ETIMEDOUT':
      return new StunFailure('timeout', error.message, detail);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
      return new StunFailure('no-route', error.message, detail);
    case 'ECONNRESET':
    case 'EPIPE':
      return new StunFailure('closed', error.message, detail);
    default:
      return isTls(code)
        ? new StunFailure('tls', error.message, detail)
        : new StunFailure('closed', error.message, detail);
  }
}

// Names of OpenSSL and of Node's own checks (Node, "TLS", X509 certificate error codes).
function isTls(code: string): boolean {
  return /^(ERR_SSL|ERR_TLS|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME|INVALID_|PATH_LENGTH|ERROR_IN_CERT|EPROTO)/.test(
    code,
  );
}
