// What a room of the SFU tells the outside, and what it needs of it.

/** A line, as `@maru/protocol` names it. */
export type LineName = 'mic' | 'camera' | 'screen' | 'screenAudio';

/** Who is in a slot; audio and video slots are numbered each from 0. */
export interface Seated {
  readonly slot: number;
  readonly peer: string;
  readonly line: LineName;
}

/** What a client wants to see in a video slot. */
export interface SlotWish {
  /** Index among the video slots of its link. */
  readonly slot: number;
  readonly peer: string;
  readonly line: 'camera' | 'screen';
  /** How wide it is drawn, in device pixels. */
  readonly width: number;
  /** The larger, the sooner it gets its share of a narrow path. */
  readonly priority: number;
}

/** Which encodings of a peer's pictures somebody is shown, by RID, the smallest first. */
export interface Encodings {
  readonly camera: readonly string[];
  readonly screen: readonly string[];
}

/** Told by link id, as a link may outlive none but its own peer. */
export interface RoomEvents {
  /** All seats of a link; each replaces what was told before. */
  onSeats(link: string, seats: readonly Seated[]): void;
  onEncode(link: string, encodings: Encodings): void;
  onSpeaker(link: string, peer: string | null): void;
  /** The other peers to whom the link's control messages get through. */
  onReachable(link: string, peers: readonly string[]): void;
  /** The link cannot go on as it was negotiated: its client should offer another one. */
  onOutdated(link: string, reason: string): void;
}

/** Where a link's packets go: copied before it returns, false when there is no way out. */
export type SendPacket = (packet: Buffer) => boolean;

/** What a room has done since it was made. */
export interface TrafficCounts {
  packetsIn: number;
  bytesIn: number;
  packetsOut: number;
  bytesOut: number;
  /** Packets that came in and belonged to nothing that was negotiated, or were not well formed. */
  packetsDropped: number;
}
