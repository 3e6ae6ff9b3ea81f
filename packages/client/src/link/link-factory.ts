// How a room makes its links over RTCPeerConnection.

import { careNow } from './load-care.js';
import type { LinkFactory, LinkWorld } from './peer-link.js';
import { openConnection } from './rtc-connection.js';
import { sendTracks, setLocalDescription } from './rtc-effects.js';
import { offerLines } from './rtc-lines.js';
import { createPeerLink } from './rtc-peer-link.js';
import { startSmall } from './small-start.js';

/** What the part that prepares offers takes from here: a chunk of its own, it holds nothing twice. */
const PARTS = { openConnection, createPeerLink, offerLines, sendTracks, setLocalDescription, startSmall };
export type PrepareParts = typeof PARTS;

/** Makes links whose connections come from `world.connect`. */
export function createLinkFactory(world: LinkWorld): LinkFactory {
  return {
    create: (options) => createPeerLink(world, options),
    prepare(tracks) {
      const care = careNow();
      if (!care) throw new Error('the part that prepares offers is not there yet');
      return care.prepareOffer(PARTS, world, tracks);
    },
  };
}
