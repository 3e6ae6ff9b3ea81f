// Every step of a call that is worth seeing, as one typed union. Names follow W3C webrtc-pc and the RFCs.

import type { Line } from '@maru/protocol';

/** Where a link stands in a trace: which peer it leads to and which connection of its life it is. */
export interface TracedLink {
  /** The peer at the other end; in the Lab, the name of this end. Empty while an offer has no peer yet. */
  readonly peer: string;
  /** The link id (see `link` in PROTOCOL.md). */
  readonly link: string;
}

/** What can happen. `candidateType` is that of RFC 8445: host, srflx, prflx or relay. */
export type TraceStep =
  | { readonly kind: 'socket'; readonly state: 'connecting' | 'open' | 'lost' | 'resumed' | 'closed' }
  | {
      readonly kind: 'message';
      readonly direction: 'sent' | 'received';
      readonly type: string;
      readonly bytes: number;
    }
  | {
      readonly kind: 'room';
      /** `through-`: the room's media takes this way from now on. */
      readonly step:
        | 'peeked'
        | 'joined'
        | 'left'
        | 'peer-joined'
        | 'peer-away'
        | 'peer-back'
        | 'peer-left'
        | 'through-sfu'
        | 'through-mesh';
      readonly peer?: string;
    }
  | ({
      readonly kind: 'link';
      /**
       * `ladder`: a step of the ladder, named by `reason`; `no-path`: why no path was found, as an error code; `dropped`:
       * something that came could not be used (NEG-10, PEER-1); `error`: the browser refused a step.
       */
      readonly step: 'created' | 'closed' | 'ladder' | 'no-path' | 'dropped' | 'error';
      readonly reason?: string;
    } & TracedLink)
  | ({
      readonly kind: 'description';
      readonly step: 'created' | 'set-local' | 'set-remote' | 'ignored';
      readonly type: 'offer' | 'answer';
      readonly sdp: string;
    } & TracedLink)
  | ({
      readonly kind: 'candidate';
      readonly direction: 'local' | 'remote';
      readonly candidate: string;
      readonly candidateType: string;
      readonly protocol: string;
    } & TracedLink)
  | ({
      /** A STUN or TURN server did not give a candidate (W3C webrtc-pc, RTCPeerConnectionIceErrorEvent). */
      readonly kind: 'candidate-error';
      /** The server's URL as it was configured; it holds no password. */
      readonly url: string;
      /** The STUN error code (RFC 8489, section 14.8), or 701 when the server could not be reached. */
      readonly errorCode: number;
      readonly errorText: string;
    } & TracedLink)
  | ({
      readonly kind: 'candidate-pair';
      readonly local: string;
      readonly remote: string;
      readonly relayed: boolean;
    } & TracedLink)
  | ({ readonly kind: 'signaling-state'; readonly state: RTCSignalingState } & TracedLink)
  | ({ readonly kind: 'ice-gathering-state'; readonly state: RTCIceGatheringState } & TracedLink)
  | ({ readonly kind: 'ice-connection-state'; readonly state: RTCIceConnectionState } & TracedLink)
  | ({ readonly kind: 'dtls-state'; readonly state: RTCDtlsTransportState } & TracedLink)
  | ({ readonly kind: 'connection-state'; readonly state: RTCPeerConnectionState } & TracedLink)
  | ({
      readonly kind: 'track';
      readonly step:
        | 'sending'
        | 'sending-nothing'
        | 'receiving'
        | 'silent'
        | 'first-frame'
        | 'stalled'
        | 'key-frame';
      readonly line: Line;
    } & TracedLink)
  | ({
      /** An encoder was told what to send (W3C webrtc-pc, section 5.2): bits and frames per second, how much smaller. */
      readonly kind: 'encoding';
      readonly line: Line;
      readonly maxBitrate: number;
      readonly maxFramerate: number;
      readonly scaleResolutionDownBy: number;
      /** Such as `video/H264`; null where the choice is the browser's. */
      readonly codec: string | null;
    } & TracedLink)
  | ({
      /**
       * The link to the SFU: its offer was said (`asked`), answered or refused, with the code as `reason`; it took the place
       * of the one before (`standing`); the SFU has lost it; it said who is in its slots; it was told what is to be seen.
       */
      readonly kind: 'sfu';
      readonly step: 'asked' | 'answered' | 'refused' | 'standing' | 'lost' | 'seats' | 'want';
      readonly reason?: string;
    } & TracedLink)
  | ({ readonly kind: 'data-channel'; readonly state: RTCDataChannelState } & TracedLink);

/** One step, when it happened. `at` is in milliseconds on the clock of `performance.now()`; `seq` counts from 0. */
export type TraceEvent = TraceStep & { readonly at: number; readonly seq: number };

/** The typed, time-stamped record of what a room and its links did. Bounded: the oldest events make room. */
export interface Trace {
  /** The events still held, oldest first. */
  readonly events: readonly TraceEvent[];
  /** Records a step now. */
  record(step: TraceStep): void;
  /** Records an operation of the browser that failed (`error`), or something received that could not be used (`dropped`). */
  trouble(traced: TracedLink, step: 'error' | 'dropped', what: string, why: unknown): void;
  /** Calls back for each new event until the signal aborts. */
  subscribe(listener: (event: TraceEvent) => void, options?: { signal?: AbortSignal }): void;
}
