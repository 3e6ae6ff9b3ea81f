// Records what one RTCPeerConnection does into a trace, from its events alone (W3C webrtc-pc, section 4.10).

import { candidatesIn, readCandidate } from './candidate-text.js';
import type { Trace, TracedLink } from './trace-event.js';

/** Records the states, local candidates and control channel of a connection until `signal` aborts. */
export function traceConnection(
  pc: RTCPeerConnection,
  control: RTCDataChannel,
  { trace, traced, signal }: { trace: Trace; traced: TracedLink; signal: AbortSignal },
): void {
  const listening = { signal };
  const transports = new Set<RTCDtlsTransport>();

  const traceDtls = (): void => {
    for (const { sender } of pc.getTransceivers()) {
      const { transport } = sender;
      if (!transport || transports.has(transport)) continue;
      transports.add(transport);
      const record = (): void => trace.record({ kind: 'dtls-state', state: transport.state, ...traced });
      transport.addEventListener('statechange', record, listening);
      record();
    }
  };
  pc.addEventListener(
    'signalingstatechange',
    () => {
      trace.record({ kind: 'signaling-state', state: pc.signalingState, ...traced });
      traceDtls();
    },
    listening,
  );
  pc.addEventListener(
    'icegatheringstatechange',
    () => trace.record({ kind: 'ice-gathering-state', state: pc.iceGatheringState, ...traced }),
    listening,
  );
  pc.addEventListener(
    'iceconnectionstatechange',
    () => trace.record({ kind: 'ice-connection-state', state: pc.iceConnectionState, ...traced }),
    listening,
  );
  pc.addEventListener(
    'connectionstatechange',
    () => trace.record({ kind: 'connection-state', state: pc.connectionState, ...traced }),
    listening,
  );
  pc.addEventListener(
    'icecandidate',
    ({ candidate }) => {
      if (candidate?.candidate) traceCandidate(trace, traced, 'local', candidate.candidate);
    },
    listening,
  );
  for (const type of ['open', 'closing', 'close'] as const) {
    control.addEventListener(
      type,
      () => trace.record({ kind: 'data-channel', state: control.readyState, ...traced }),
      listening,
    );
  }
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

/** Records an operation of the browser that failed (`error`), or something received that could not be used (`dropped`). */
export function traceTrouble(
  trace: Trace,
  traced: TracedLink,
  step: 'error' | 'dropped',
  what: string,
  why: unknown,
): void {
  trace.record({ kind: 'link', step, reason: `${what}: ${String(why)}`, ...traced });
}
