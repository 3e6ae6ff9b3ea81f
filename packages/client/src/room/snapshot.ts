// The parts of the snapshot that follow from the stance and the channel.

import type { PeerState } from '@maru/protocol';
import type { MaruError } from '../maru-error.js';
import type { ChannelStatus } from '../signalling/channel.js';
import type { RoomPhase, RoomSnapshot, SignallingPhase } from './room.js';
import type { Stance } from './stance.js';

const PHASE = {
  lobby: 'lobby',
  joining: 'joining',
  inside: 'joined',
  left: 'left',
} as const satisfies Record<Stance['at'], RoomPhase>;

export function phaseOf(stance: Stance): RoomPhase {
  return PHASE[stance.at];
}

/** An open socket on which the server does not know us yet is still on the way back. */
export function signallingOf(stance: Stance, { phase }: ChannelStatus): SignallingPhase {
  return phase === 'open' && stance.at === 'inside' && !stance.synced ? 'reconnecting' : phase;
}

/** Inside, a server that is away is no error: the call goes on. One that will not have us back is. */
export function errorOf(stance: Stance, { phase, error }: ChannelStatus): MaruError | null {
  switch (stance.at) {
    case 'lobby':
      // That the server could not be reached is over when it can.
      return stance.error?.code === 'server-unreachable' ? error : (stance.error ?? error);
    case 'joining':
      return null;
    case 'inside':
      return phase === 'closed' ? error : null;
    case 'left':
      return stance.error;
  }
}

export function selfOf(stance: Stance, state: PeerState, speaking: boolean): RoomSnapshot['self'] {
  if (stance.at !== 'inside') return null;
  const { id, name } = stance.self;
  return { id, name, state, speaking: speaking && state.mic };
}
