// The classic loopback call: two links of one page joined in memory. What the Lab shows.

import type { Trace } from '../trace/trace-event.js';
import type { Link } from './link.js';
import type { LineTracks, LinkWorld, PeerLink } from './peer-link.js';
import { createPeerLink } from './rtc-peer-link.js';

/** A call of a page with itself. */
export interface Loopback {
  /** The end that sends the given tracks and offers. */
  readonly near: Link;
  /** The end that receives them, and sends nothing. */
  readonly far: Link;
  /** Both ends' steps, as peers `local` and `remote`. */
  readonly trace: Trace;
  /** Ends both links; safe to call twice. */
  hangUp(): void;
}

const NOTHING: LineTracks = { mic: null, camera: null, screen: null, screenAudio: null };

/** Starts a loopback call. It is the same code as between two people; only the way of the signals differs. */
export function startLoopback(world: LinkWorld, tracks: LineTracks): Loopback {
  function end(name: string, polite: boolean, sent: LineTracks, other: () => PeerLink): PeerLink {
    return createPeerLink(world, {
      peer: name,
      polite,
      tracks: sent,
      events: {
        onChange: () => {}, // The page reads the snapshot as the trace grows.
        onSignal: (data) => other().receive(data),
        onMessage: () => {}, // Nobody speaks on the control channel of a loopback.
      },
    });
  }
  const near: PeerLink = end('local', false, tracks, () => far);
  const far: PeerLink = end('remote', true, NOTHING, () => near);
  near.offer();
  return {
    near,
    far,
    trace: world.trace,
    hangUp() {
      near.close();
      far.close();
    },
  };
}
