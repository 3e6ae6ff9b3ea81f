// What a connection finds while it gathers candidates, and what the browser says of servers that gave none.

/** RTCPeerConnectionIceErrorEvent (W3C webrtc-pc, section 4.8.2), as far as it is read here. */
export interface GatheringError {
  /** A STUN error code, or 701 for a server that was not reached. */
  readonly code: number;
  readonly text: string;
}

export interface Gathering {
  /** The address of the first candidate of the wanted type, or null when gathering ended without one. */
  readonly address: string | null;
  readonly errors: readonly GatheringError[];
  /** False when it was still going on when patience ended: something is silent. */
  readonly complete: boolean;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** Chromium gives a TURN server over UDP 9.5 s before it says that it is silent; of a STUN server it says nothing. */
const PATIENCE_MS = 11_000;

/** Follows the gathering of a connection until a candidate of this type is there, or none will come. */
export function watchGathering(
  connection: RTCPeerConnection,
  wanted: RTCIceCandidateType,
  signal: AbortSignal,
): Promise<Gathering> {
  const began = performance.now();
  const errors: GatheringError[] = [];
  const scope = new AbortController();
  return new Promise((resolve) => {
    const finish = (address: string | null, complete = true): void => {
      clearTimeout(timer);
      scope.abort();
      resolve({ address, errors, complete, ms: performance.now() - began });
    };
    const timer = setTimeout(() => finish(null, false), PATIENCE_MS);
    const within = { signal: scope.signal };
    signal.addEventListener('abort', () => finish(null, false), within);
    connection.addEventListener(
      'icecandidate',
      ({ candidate }) => {
        if (candidate?.type === wanted) finish(candidate.address ?? '');
      },
      within,
    );
    connection.addEventListener(
      'icecandidateerror',
      ({ errorCode, errorText }) => void errors.push({ code: errorCode, text: errorText }),
      within,
    );
    connection.addEventListener(
      'icegatheringstatechange',
      () => {
        if (connection.iceGatheringState === 'complete') finish(null);
      },
      within,
    );
  });
}
