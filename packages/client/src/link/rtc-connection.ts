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
import { careNow } from './load-care.js';
import type { LinkWorld } from './peer-link.js';

export interface Connection {
  /** Link id and peer, as traces name it. */
  readonly traced: TracedLink;
  readonly pc: RTCPeerConnection;
  readonly control: RTCDataChannel;
  /** Candidates trickled since the last description was made, to be said again after a resync (RES-9). */
  readonly trickled: CandidateSignal[];
  /** Whether a relay has given a candidate, for any generation: statistics tell only of the last. */
  readonly relayed: boolean;
  /** ICE servers that gave nothing so far, and why. */
  readonly iceErrors: IceError[];
  /** Aborts when the connection is closed. */
  readonly signal: AbortSignal;
  close(): void;
}

/** What a browser says of an ICE server that gave no candidate (W3C webrtc-pc, RTCPeerConnectionIceErrorEvent). */
export type IceError = Pick<RTCPeerConnectionIceErrorEvent, 'url' | 'errorCode'>;

/** Most of them kept: a few for each of the servers that a client may be told of, on each of its networks. */
const MAX_ICE_ERRORS = 64;

/** Opens a connection; `relay`: over relays alone. Its candidates go to `say` as they are found. */
export function openConnection(
  world: LinkWorld,
  traced: TracedLink,
  say: (signal: LinkSignal) => void,
  relay = false,
): Connection {
  const scope = new AbortController();
  const { signal } = scope;
  const { trace } = world;
  // One transport for all lines (RFC 9143), RTP and RTCP on one port (RFC 5761).
  const pc = world.connect({
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
    iceServers: rtcIceServers(world.iceServers()),
    iceTransportPolicy: relay ? 'relay' : 'all',
  });
  // Both ends make it, with the same id (RFC 8832, section 4; W3C webrtc-pc, `negotiated`): nothing is announced.
  const control = pc.createDataChannel(CONTROL_CHANNEL_LABEL, { negotiated: true, id: CONTROL_CHANNEL_ID });
  const trickled: CandidateSignal[] = [];
  const iceErrors: IceError[] = [];
  let relayed = false;
  trace.record({ kind: 'link', step: 'created', ...traced });
  traceConnection(pc, control, { trace, traced, signal });
  pc.addEventListener(
    'icecandidate',
    ({ candidate }) => {
      // The empty candidate that ends a generation is left out: no browser's checks wait for it.
      if (!candidate?.candidate) return;
      traceCandidate(trace, traced, 'local', candidate.candidate);
      relayed ||= candidate.candidate.includes(' typ relay');
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
  pc.addEventListener(
    'icecandidateerror',
    (error) => {
      if (iceErrors.length < MAX_ICE_ERRORS) iceErrors.push(error);
    },
    { signal },
  );
  pc.addEventListener(
    'icegatheringstatechange',
    () => {
      // By now it is known from which servers nothing came on any network of this device.
      if (pc.iceGatheringState === 'complete') careNow()?.reportIceServers(world, pc, iceErrors);
    },
    { signal },
  );
  return {
    traced,
    pc,
    control,
    trickled,
    get relayed() {
      return relayed;
    },
    iceErrors,
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
