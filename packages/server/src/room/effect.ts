// What the rooms want done, as data: the socket edge carries it out.

import type { ServerErrorCode, ServerMessage } from '@maru/protocol';

/** A step in the life of a room or a peer, for the log. */
export type LifecycleStep =
  | 'room-opened'
  | 'room-closed'
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

export type Effect = SocketEffect | Note;

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
