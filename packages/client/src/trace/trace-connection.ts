// Records what one RTCPeerConnection does into a trace, from its events alone (W3C webrtc-pc, section 4.10).

import { candidatesIn, readCandidate } from './candidate-text.js';
import type { Trace, TracedLink, TraceStep } from './trace-event.js';

/** The states of a connection, as traces and the connection name them; each has an event of its own. */
const STATES = [
  ['signaling-state', 'signalingState'],
  ['ice-gathering-state', 'iceGatheringState'],
  ['ice-connection-state', 'iceConnectionState'],
  ['connection-state', 'connectionState'],
] as const;

/** Records the states, failing ICE servers and control channel of a connection until `signal` aborts. */
export function traceConnection(
  pc: RTCPeerConnection,
  control: RTCDataChannel,
  { trace, traced, signal }: { trace: Trace; traced: TracedLink; signal: AbortSignal },
): void {
  const listening = { signal };
  let dtls: RTCDtlsTransport | null = null;

  // All lines share one transport, with which the first descriptions come (RFC 9143, `max-bundle`).
  const traceDtls = (): void => {
    const transport = pc.getTransceivers()[0]?.sender.transport;
    if (!transport || transport === dtls) return;
    dtls = transport;
    const record = (): void => trace.record({ kind: 'dtls-state', state: transport.state, ...traced });
    transport.addEventListener('statechange', record, listening);
    record();
  };
  for (const [kind, state] of STATES) {
    pc.addEventListener(
      `${kind.replaceAll('-', '')}change`,
      () => {
        trace.record({ kind, state: pc[state], ...traced } as TraceStep);
        traceDtls();
      },
      listening,
    );
  }
  pc.addEventListener(
    'icecandidateerror',
    ({ url, errorCode, errorText }) =>
      trace.record({ kind: 'candidate-error', url, errorCode, errorText, ...traced }),
    listening,
  );
  for (const type of ['open', 'closing', 'close'] as const) {
    control.addEventListener(
      type,
      () => trace.record({ kind: 'data-channel', state: control.readyState, ...traced }),
      listening,
    );
  }
  control.addEventListener(
    'error',
    ({ error }) => trace.trouble(traced, 'error', 'data channel', error),
    listening,
  );
}

/** Records one candidate. */
export function traceCandidate(
  trace: Trace,
  traced: TracedLink,
  direction: 'local' | 'remote',
  candidate: string,
): void {
  trace.record({ kind: 'candidate', direction, candidate, ...readCandidate(candidate), ...traced });
}

/** Records a description that came from the other end, with the candidates in it. */
export function traceRemoteDescription(
  trace: Trace,
  traced: TracedLink,
  { type, sdp }: { type: 'offer' | 'answer'; sdp: string },
): void {
  trace.record({ kind: 'description', step: 'set-remote', type, sdp, ...traced });
  for (const candidate of candidatesIn(sdp)) traceCandidate(trace, traced, 'remote', candidate);
}
