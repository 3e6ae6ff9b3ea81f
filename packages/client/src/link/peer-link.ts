// The seam between the room and the links of a mesh: how a room makes a link to another peer.

import type { IceFailure, IceServer, Line } from '@maru/protocol';
import type { Env } from '../env/env.js';
import type { Trace } from '../trace/trace-event.js';
import type { Link, LinkEvents } from './link.js';

/** What every line sends at first. */
export type LineTracks = Readonly<Record<Line, MediaStreamTrack | null>>;

/** What links need of their surroundings. */
export interface LinkWorld {
  readonly env: Env;
  readonly trace: Trace;
  /** The ICE servers to use for a connection that is made or restarted now. */
  iceServers(): readonly IceServer[];
  /** Makes a connection; `new RTCPeerConnection` in a browser. */
  connect(configuration: RTCConfiguration): RTCPeerConnection;
  /** True while nobody can see the page: what it does not draw, a browser need not decode. */
  hidden?(): boolean;
  /** One of the ICE servers gave nothing on any network of this device. */
  iceServerFailed?(url: string, failure: IceFailure): void;
}

export interface PeerLinkOptions {
  /** The other peer's id. */
  readonly peer: string;
  /** True for the one of the two with the lower order (NEG-2). */
  readonly polite: boolean;
  readonly tracks: LineTracks;
  readonly events: LinkEvents;
  /** Whether media should come on a line now: the other end says that it sends it, and it was not asked not to. */
  expects?(line: Line): boolean;
}

/** A link to another peer of a mesh. */
export interface PeerLink extends Link {
  /** Offers a connection now (NEG-2); does nothing when there is one already. */
  offer(): void;
  /** Whether what is signalled can reach the other end now: our socket is open and it is present (LAD-5). */
  setReachable(reachable: boolean): void;
  /**
   * What sends a line on the connection in use, to be told how. Null before the first, while a fresh connection's first
   * picture is on its way, and for a link that is made of something else.
   */
  sender(line: Line): RTCRtpSender | null;
}

/** An offer made before there is anyone to give it to, with its candidates gathered. */
export interface PreparedOffer {
  /** The opaque string for `join`, once candidates were gathered or a second has passed; rejects when that fails. */
  readonly data: Promise<string>;
  setTrack(line: Line, track: MediaStreamTrack | null): void;
  /** Hands the connection over to a link; it waits for the answer. */
  adopt(options: PeerLinkOptions): PeerLink;
  /** Frees the connection; safe after `adopt`, where it does nothing. */
  dispose(): void;
}

/** How a room makes links; the one implementation is over RTCPeerConnection, another may be over the SFU. */
export interface LinkFactory {
  create(options: PeerLinkOptions): PeerLink;
  prepare(tracks: LineTracks): PreparedOffer;
}
