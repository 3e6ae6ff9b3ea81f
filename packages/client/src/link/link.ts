// A link, seen from its owner: what a room needs of it, whatever is at the other end.

import type { ErrorCode, Line, PeerMessage } from '@maru/protocol';
import type { LadderStep } from './care/ladder.js';

/**
 * How a link is doing, in the order a person meets it. `reconnecting` has had media before and is climbing the
 * ladder; `failed` has given up and waits for `retry`.
 */
export type LinkPhase = 'new' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed';

/**
 * One line as it arrives: the track is always there once negotiated; `receiving` says whether media flows in it. The
 * track is another one after the link was rebuilt (LAD-3): whoever shows it compares it on each change.
 */
export interface RemoteLine {
  readonly track: MediaStreamTrack | null;
  readonly receiving: boolean;
}

/** What the statistics of a link come to. Null where the browser has not said yet. */
export interface LinkStats {
  /** Round trip of the selected candidate pair, in milliseconds. */
  readonly rttMs: number | null;
  /** Share of incoming packets that were lost since the last summary, 0 to 1. */
  readonly lossIn: number | null;
  /** Bits per second, all lines together, since the last summary. */
  readonly bitrateIn: number | null;
  readonly bitrateOut: number | null;
  /** The camera as it is received. */
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  /** True when either end of the selected pair is a relay candidate (RFC 8445, section 5.1.1.2); null before there is a pair. */
  readonly relayed: boolean | null;
}

/** Why there is no path to the other end, as an error code: what is wrong, and with it what helps. */
export type NoPathReason = Extract<
  ErrorCode,
  | 'no-relay'
  | 'relay-unreachable'
  | 'relay-refused'
  | 'peer-unreachable'
  | 'no-path'
  | 'sfu-full'
  | 'sfu-unavailable'
>;

/** Everything a view may want to know about a link; replaced, never changed in place. */
export interface LinkSnapshot {
  readonly phase: LinkPhase;
  /** What is being done about the path; `healthy` when nothing need be. */
  readonly step: LadderStep;
  /** Why no path was found so far; null while there is one, and before it was looked for. */
  readonly reason: NoPathReason | null;
  readonly lines: Readonly<Record<Line, RemoteLine>>;
  /** True while the control channel is open. */
  readonly dataOpen: boolean;
  readonly stats: LinkStats | null;
}

/** One RTCPeerConnection after another towards the same peer; the owner sees one lasting link. */
export interface Link {
  readonly snapshot: LinkSnapshot;
  /** Takes the opaque string of a `signal` from the other end. Anything unusable is traced and dropped. */
  receive(data: string): void;
  /** Sends this track on a line from now on, or nothing. Never a renegotiation. */
  setTrack(line: Line, track: MediaStreamTrack | null): void;
  /** Sends on the control channel; false when it is not open. */
  send(message: PeerMessage): boolean;
  /** The signalling path to the other end works again: say again whatever may have been lost. */
  resync(): void;
  /** Tries again now, as a person wants it: after `failed` from a fresh connection. */
  retry(): void;
  /** The network may have changed: looks at once whether anything still arrives (LAD-7). */
  hint(): void;
  /** Loudness of the other end's microphone as its packets say, 0 to 1 (W3C webrtc-stats, audioLevel). */
  level(): number;
  /** Ends the link and frees everything; safe to call twice. */
  close(): void;
}

/** What a link tells its owner. */
export interface LinkEvents {
  /** The snapshot was replaced. */
  onChange(snapshot: LinkSnapshot): void;
  /** A string for the other end's `receive`. */
  onSignal(data: string): void;
  /** A message came over the control channel. */
  onMessage(message: PeerMessage): void;
}
