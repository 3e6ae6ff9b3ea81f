// What the rooms need from outside: limits, ids, tokens and ICE servers, so that they stay pure themselves.

import type { IceServer } from '@maru/protocol';

/** Who a resume token speaks for. */
export interface Claim {
  readonly room: string;
  readonly peer: string;
  readonly order: number;
}

/** A claim whose signature is genuine. `former`: it was issued by an earlier life of the server (RES-7). */
export interface VerifiedClaim extends Claim {
  readonly former: boolean;
}

export interface RoomsWorld {
  /** Most peers in a room. */
  readonly roomLimit: number;
  /** Most peers in a mesh; a larger room is the SFU's. Null where there is no SFU: then every room is a mesh. */
  readonly meshLimit: number | null;
  /** Most rooms at a time. */
  readonly maxRooms: number;
  /** How long an away peer keeps its place, in milliseconds. */
  readonly graceMs: number;
  /** Until when tokens of a former life rebuild rooms, on the clock of the commands. */
  readonly recoverUntil: number;
  newPeerId(): string;
  /** The lowest order to give; it grows from one life of the server to the next, so that orders never repeat. */
  orderFloor(): number;
  issueToken(claim: Claim): string;
  /** Null when the token is forged, altered, or too old to count. */
  verifyToken(token: string): VerifiedClaim | null;
  /** ICE servers with credentials for one user. */
  iceServers(user: string): IceServer[];
}
