// What the server tells those inside, applied to the members and to what is known of the room.

import type { ServerEvent } from '@maru/protocol';
import type { Trace } from '../trace/trace-event.js';
import type { Members } from './members.js';
import type { Inside } from './stance.js';

/** Applies one event; true when what is known of the room itself has changed. */
export function applyEvent(event: ServerEvent, inside: Inside, members: Members, trace: Trace): boolean {
  switch (event.type) {
    case 'signal':
      members.receive(event.from, event.data);
      return false;
    case 'peer-joined':
      trace.record({ kind: 'room', step: 'peer-joined', peer: event.peer.id });
      members.add(event.peer, { offer: event.offer });
      return false;
    case 'peer-back':
      trace.record({ kind: 'room', step: 'peer-back', peer: event.peer.id });
      members.add(event.peer);
      return false;
    case 'peer-away':
      trace.record({ kind: 'room', step: 'peer-away', peer: event.peer });
      members.away(event.peer);
      return false;
    case 'peer-left':
      members.remove(event.peer);
      return false;
    case 'peer-state':
      members.setState(event.peer, event.state);
      return false;
    case 'room-locked':
      inside.info = { ...inside.info, locked: event.locked };
      return true;
    case 'room-topology': {
      const { topology, epoch } = event;
      if (epoch <= inside.info.epoch) return false;
      inside.info = { ...inside.info, topology, epoch };
      members.setTopology(topology);
      return true;
    }
    case 'occupancy':
    case 'closing':
    case 'sfu-lost':
    case 'sfu-seats':
      // For those outside, for the channel, for the link to the SFU.
      return false;
  }
}
