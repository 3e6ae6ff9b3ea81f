// One RTCPeerConnection of a link's life, with its control channel and everything that ends with it.

import {
  type CandidateSignal,
  CONTROL_CHANNEL_ID,
  CONTROL_CHANNEL_LABEL,
  type IceServer,
  type LinkSignal,
} from '@maru/protocol';
import { traceCandidate, traceConnection } from '../trace/trace-connection.js';
import type { TracedLink } from '../trace/trace-event.js';
import type { LinkWorld } from './peer-link.js';

export interface Connection {
  /** Link id and peer, as traces name it. */
  readonly traced: TracedLink;
  readonly pc: RTCPeerConnection;
  readonly control: RTCDataChannel;
  /** Candidates trickled since the last description was made, to be said again after a resync (RES-9). */
  readonly trickled: CandidateSignal[];
  /** Aborts when the connection is closed. */
  readonly signal: AbortSignal;
  close(): void;
}

/** Opens a connection. Its candidates go to `say` as they are found. */
export function openConnection(
  world: LinkWorld,
  traced: TracedLink,
  say: (signal: LinkSignal) => void,
): Connection {
  const scope = new AbortController();
  const { signal } = scope;
  const { trace } = world;
  // One transport for all lines (RFC 9143), RTP and RTCP on one port (RFC 5761).
  const pc = world.connect({
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
    iceServers: rtcIceServers(world.iceServers()),
  });
  // Both ends make it, with the same id (RFC 8832, section 4; W3C webrtc-pc, `negotiated`): nothing is announced.
  const control = pc.createDataChannel(CONTROL_CHANNEL_LABEL, { negotiated: true, id: CONTROL_CHANNEL_ID });
  const trickled: CandidateSignal[] = [];
  trace.record({ kind: 'link', step: 'created', ...traced });
  traceConnection(pc, control, { trace, traced, signal });
  pc.addEventListener(
    'icecandidate',
    ({ candidate }) => {
      // The empty candidate that ends a generation is left out: no browser's checks wait for it.
      if (!candidate?.candidate) return;
      traceCandidate(trace, traced, 'local', candidate.candidate);
      const said: CandidateSignal = {
        kind: 'candidate',
        link: traced.link,
        candidate: candidate.candidate,
        sdpMid: candidate.sdpMid,
        sdpMLineIndex: candidate.sdpMLineIndex,
        usernameFragment: candidate.usernameFragment ?? null,
      };
      trickled.push(said);
      say(said);
    },
    { signal },
  );
  return {
    traced,
    pc,
    control,
    trickled,
    signal,
    close() {
      if (signal.aborted) return;
      scope.abort();
      pc.close();
      trace.record({ kind: 'link', step: 'closed', ...traced });
    },
  };
}

/** ICE servers as the browser takes them: in WebIDL a member that is undefined is one that is not there. */
export function rtcIceServers(servers: readonly IceServer[]): RTCIceServer[] {
  return [...servers] as RTCIceServer[];
}
