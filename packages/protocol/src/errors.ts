// The one table of error codes: for each, whether the same request may succeed later, and who raises it.

/** What is known about an error code. */
export interface ErrorEntry {
  /** True when the same request can succeed later without anything else changing on the client's side. */
  readonly retry: boolean;
  /** Who raises it. */
  readonly raisedBy: 'server' | 'client';
}

const serverFinal = { retry: false, raisedBy: 'server' } as const;
const serverRetry = { retry: true, raisedBy: 'server' } as const;
const clientFinal = { retry: false, raisedBy: 'client' } as const;
const clientRetry = { retry: true, raisedBy: 'client' } as const;

/** Every error code of Maru. PROTOCOL.md lists the same codes; a test compares the two. */
export const ERRORS = {
  'bad-message': serverFinal,
  'too-large': serverFinal,
  'too-fast': serverRetry,
  'hello-first': serverFinal,
  'protocol-too-old': serverFinal,
  'protocol-too-new': serverFinal,
  'bad-room-name': serverFinal,
  'bad-name': serverFinal,
  'room-full': serverRetry,
  'room-locked': serverRetry,
  'already-joined': serverFinal,
  'not-in-room': serverFinal,
  'unknown-peer': serverFinal,
  'peer-away': serverRetry,
  'resume-refused': serverFinal,
  'server-closing': serverRetry,
  'server-busy': serverRetry,
  'not-sfu': serverFinal,
  'bad-offer': serverFinal,
  'sfu-full': serverRetry,
  'sfu-unavailable': serverRetry,
  internal: serverRetry,
  'server-unreachable': clientRetry,
  'request-timeout': clientRetry,
  'replaced-elsewhere': clientFinal,
  'no-relay': clientRetry,
  'relay-unreachable': clientRetry,
  'relay-refused': clientRetry,
  'peer-unreachable': clientRetry,
  'no-path': clientRetry,
  'webrtc-missing': clientFinal,
  'insecure-context': clientFinal,
  'camera-blocked': clientFinal,
  'camera-busy': clientRetry,
  'camera-missing': clientFinal,
  'camera-failed': clientRetry,
  'microphone-blocked': clientFinal,
  'microphone-busy': clientRetry,
  'microphone-missing': clientFinal,
  'microphone-failed': clientRetry,
  'screen-blocked': clientFinal,
  'screen-failed': clientRetry,
  'screen-unsupported': clientFinal,
  'speaker-failed': clientRetry,
} as const satisfies Record<string, ErrorEntry>;

/** A code of the table. */
export type ErrorCode = keyof typeof ERRORS;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** Key of the sentence shown to a person for a code, in every language of the page: `room-full` has `error.roomFull`. */
export type MessageKey<C extends ErrorCode = ErrorCode> = C extends ErrorCode
  ? `error.${CamelCase<C>}`
  : never;

/** The key of a code's words. */
export function messageKey<C extends ErrorCode>(code: C): MessageKey<C> {
  const camelCase = code.replace(/-./g, (dashed) => dashed.charAt(1).toUpperCase());
  return `error.${camelCase}` as MessageKey<C>;
}

/** A code that a server puts into `refused`. */
export type ServerErrorCode = {
  [C in ErrorCode]: (typeof ERRORS)[C]['raisedBy'] extends 'server' ? C : never;
}[ErrorCode];

/** The codes that a server may send, for the schema of `refused`. */
export const SERVER_ERROR_CODES = (Object.keys(ERRORS) as ErrorCode[]).filter(
  (code): code is ServerErrorCode => ERRORS[code].raisedBy === 'server',
);
