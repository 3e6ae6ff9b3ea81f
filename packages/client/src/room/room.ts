// A room as an application sees it: one snapshot, a few commands.

import type { Occupancy, PeerState, RoomInfo } from '@maru/protocol';
import type { LadderStep } from '../link/care/ladder.js';
import type { LinkPhase, LinkStats, NoPathReason, RemoteLine } from '../link/link.js';
import type { MaruError } from '../maru-error.js';
import type { Trace } from '../trace/trace-event.js';

/** Where this client stands towards the room. */
export type RoomPhase =
  /** Not inside: looking at the room, making ready to join. */
  | 'lobby'
  | 'joining'
  | 'joined'
  /** Left by will, or refused for good: see `error`. */
  | 'left';

/** How the signalling socket is doing. The call itself goes on without it. */
export type SignallingPhase = 'connecting' | 'open' | 'reconnecting' | 'closed';

/** One other person in the room. The same object as long as nothing about it changed. */
export interface PeerSnapshot {
  readonly id: string;
  readonly name: string;
  readonly state: PeerState;
  /** `away`: its socket was lost and its place is kept; media may still flow. */
  readonly presence: 'present' | 'away';
  readonly link: LinkPhase;
  /** What is being done about the path to this peer; `healthy` when nothing need be. */
  readonly step: LadderStep;
  /** Why no path was found so far; null while there is one, and before it was looked for. */
  readonly reason: NoPathReason | null;
  readonly mic: RemoteLine;
  readonly camera: RemoteLine;
  readonly screen: RemoteLine;
  readonly screenAudio: RemoteLine;
  readonly speaking: boolean;
  readonly stats: LinkStats | null;
}

/** One line of chat as shown. `from` is null for our own. */
export interface ChatEntry {
  readonly id: string;
  readonly from: string | null;
  readonly name: string;
  readonly text: string;
  /** Unix time in milliseconds, by the sender's clock. */
  readonly at: number;
}

/** Everything a view can be drawn from; replaced, never changed in place. */
export interface RoomSnapshot {
  readonly phase: RoomPhase;
  readonly signalling: SignallingPhase;
  readonly room: string;
  /** How full the room is, while outside; null before the server has said. */
  readonly occupancy: Occupancy | null;
  /** True in the lobby once the socket is open and an offer per peer inside, or the link to the SFU, is ready. */
  readonly ready: boolean;
  /** What is known of the room while inside; `topology` says whether media goes by way of the server's SFU. */
  readonly info: RoomInfo | null;
  readonly self: {
    readonly id: string;
    readonly name: string;
    readonly state: PeerState;
    readonly speaking: boolean;
  } | null;
  /** The others, in the order in which they joined. */
  readonly peers: readonly PeerSnapshot[];
  readonly chat: readonly ChatEntry[];
  /** Who speaks most of all, as the SFU hears it, ourselves included; null in a mesh, where only levels tell. */
  readonly speaker: string | null;
  /** Why the last join failed, why the room was left, or why signalling cannot work; null when all is well. */
  readonly error: MaruError | null;
}

/**
 * How wide the picture of each of a peer's lines is drawn, in device pixels; 0 when nobody can see it. The whole picture
 * counts, with what is cropped away.
 */
export interface ShownWidths {
  readonly camera: number;
  readonly screen: number;
}

/** A client's side of one room. */
export interface Room {
  readonly snapshot: RoomSnapshot;
  readonly trace: Trace;
  subscribe(listener: (snapshot: RoomSnapshot) => void, options?: { signal?: AbortSignal }): void;
  /** Enters under a display name. Rejects with a `MaruError` when refused; the room then is as before. */
  join(options: { name: string; signal?: AbortSignal }): Promise<void>;
  /** Leaves and frees links and socket; devices are the caller's. Resolves at the latest after a second. */
  leave(): Promise<void>;
  /** Says a line to everyone. False when it is empty or too long; nothing is sent then. */
  chat(text: string): boolean;
  setHand(raised: boolean): void;
  setLocked(locked: boolean): Promise<void>;
  /** Tries again what has given up: the link to one peer, or everything. */
  retry(peerId?: string): void;
  /**
   * Says what is shown of a peer now, so that it sends no more than that: call it whenever a picture is resized, hidden
   * or shown again. Who is not shown by this is sent in full. Does nothing where `upload` is `'plain'`.
   */
  show(peerId: string, widths: ShownWidths): void;
  /** Loudness of a peer's microphone now, 0 to 1. */
  level(peerId: string): number;
  /** Frees everything without saying goodbye where that is no longer possible. */
  close(): void;
}
