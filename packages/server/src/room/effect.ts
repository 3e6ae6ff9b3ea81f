// What the rooms want done, as data: the socket edge and the SFU's desk carry it out.

import type { ServerErrorCode, ServerMessage } from '@maru/protocol';

/** A step in the life of a room or a peer, for the log. */
export type LifecycleStep =
  | 'room-opened'
  | 'room-closed'
  | 'room-turned-sfu'
  | 'peer-joined'
  | 'peer-away'
  | 'peer-back'
  | 'peer-rebuilt'
  | 'peer-left'
  | 'peer-expired';

/** An effect on sockets. */
export type SocketEffect =
  | { readonly kind: 'send'; readonly to: number; readonly message: ServerMessage }
  | { readonly kind: 'broadcast'; readonly to: readonly number[]; readonly message: ServerMessage }
  /** Answers a request with `refused`; counted by its code (MSG-4). */
  | {
      readonly kind: 'refuse';
      readonly to: number;
      readonly re: number;
      readonly code: ServerErrorCode;
      readonly limit?: number;
      readonly retryAfterMs?: number;
    }
  /** The peer has resumed or joined anew elsewhere: say `closing`, close with 4409 (RES-5, ROOM-13). */
  | { readonly kind: 'replace'; readonly connection: number }
  /** The room is locked to this newcomer after all: close with 4423 (RES-7). */
  | { readonly kind: 'evict'; readonly connection: number };

/** A lifecycle step for the log. `peer` is null for a step of the room itself. */
export interface Note {
  readonly kind: 'note';
  readonly step: LifecycleStep;
  readonly room: string;
  readonly peer: string | null;
}

/** What is to happen to links of the SFU. None concerns a mesh. */
export type SfuEffect =
  /** A connection may offer this link; `peer` is null while it looks in from outside. The answer comes later. */
  | {
      readonly kind: 'sfu-open';
      readonly connection: number;
      readonly re: number;
      readonly room: string;
      readonly peer: string | null;
      readonly link: string;
      readonly offer: string;
    }
  /** The connection is this peer's from now on, and so are the links that it brings along. */
  | { readonly kind: 'sfu-sit'; readonly connection: number; readonly room: string; readonly peer: string }
  /** The connection is gone: with it go its links, unless they are a peer's, who may come back. */
  | { readonly kind: 'sfu-disconnect'; readonly connection: number }
  /** The connection looks at that room no longer. */
  | { readonly kind: 'sfu-unwatch'; readonly connection: number }
  /** The peer is gone for good. */
  | { readonly kind: 'sfu-leave'; readonly peer: string }
  /** The room is empty and forgotten. */
  | { readonly kind: 'sfu-close'; readonly room: string };

export type Effect = SocketEffect | SfuEffect | Note;

export const isSfuEffect = (effect: Effect): effect is SfuEffect => effect.kind.startsWith('sfu-');

/** A refusal, which is always the only effect of its request. */
export function refuse(to: number, re: number, code: ServerErrorCode, limit?: number): Effect[] {
  return [{ kind: 'refuse', to, re, code, ...(limit === undefined ? {} : { limit }) }];
}

/** The plain acknowledgement of a request. */
export function ok(to: number, re: number): Effect {
  return { kind: 'send', to, message: { type: 'ok', re } };
}

/** Notes one lifecycle step. */
export function note(step: LifecycleStep, room: string, peer: string | null): Note {
  return { kind: 'note', step, room, peer };
}
