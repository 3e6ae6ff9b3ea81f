// The one table of error codes: for each, whether the same request may succeed later, and the key of its words.

/** What is known about an error code. */
export interface ErrorEntry {
  /** True when the same request can succeed later without anything else changing on the client's side. */
  readonly retry: boolean;
  /** Who raises it. */
  readonly raisedBy: 'server' | 'client';
  /** Key of the sentence shown to a person, in every language of the page. */
  readonly messageKey: `error.${string}`;
}

function server<K extends string>(key: K, retry: boolean) {
  return { retry, raisedBy: 'server', messageKey: `error.${key}` } as const;
}

function client<K extends string>(key: K, retry: boolean) {
  return { retry, raisedBy: 'client', messageKey: `error.${key}` } as const;
}

/** Every error code of Maru. PROTOCOL.md lists the same codes; a test compares the two. */
export const ERRORS = {
  'bad-message': server('badMessage', false),
  'too-large': server('tooLarge', false),
  'too-fast': server('tooFast', true),
  'hello-first': server('helloFirst', false),
  'protocol-too-old': server('protocolTooOld', false),
  'protocol-too-new': server('protocolTooNew', false),
  'bad-room-name': server('badRoomName', false),
  'bad-name': server('badName', false),
  'room-full': server('roomFull', true),
  'room-locked': server('roomLocked', true),
  'already-joined': server('alreadyJoined', false),
  'not-in-room': server('notInRoom', false),
  'unknown-peer': server('unknownPeer', false),
  'peer-away': server('peerAway', true),
  'resume-refused': server('resumeRefused', false),
  'server-closing': server('serverClosing', true),
  'server-busy': server('serverBusy', true),
  internal: server('internal', true),
  'server-unreachable': client('serverUnreachable', true),
  'request-timeout': client('requestTimeout', true),
  'replaced-elsewhere': client('replacedElsewhere', false),
  'no-path': client('noPath', true),
  'webrtc-missing': client('webrtcMissing', false),
  'insecure-context': client('insecureContext', false),
  'camera-blocked': client('cameraBlocked', false),
  'camera-busy': client('cameraBusy', true),
  'camera-missing': client('cameraMissing', false),
  'camera-failed': client('cameraFailed', true),
  'microphone-blocked': client('microphoneBlocked', false),
  'microphone-busy': client('microphoneBusy', true),
  'microphone-missing': client('microphoneMissing', false),
  'microphone-failed': client('microphoneFailed', true),
  'screen-blocked': client('screenBlocked', false),
  'screen-failed': client('screenFailed', true),
  'screen-unsupported': client('screenUnsupported', false),
  'speaker-failed': client('speakerFailed', true),
} as const satisfies Record<string, ErrorEntry>;

/** A code of the table. */
export type ErrorCode = keyof typeof ERRORS;

/** A code that a server puts into `refused`. */
export type ServerErrorCode = {
  [C in ErrorCode]: (typeof ERRORS)[C]['raisedBy'] extends 'server' ? C : never;
}[ErrorCode];

/** The codes that a server may send, for the schema of `refused`. */
export const SERVER_ERROR_CODES = (Object.keys(ERRORS) as ErrorCode[]).filter(
  (code): code is ServerErrorCode => ERRORS[code].raisedBy === 'server',
);
