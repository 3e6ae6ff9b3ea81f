// How a room makes its links over RTCPeerConnection.

import type { LinkFactory, LinkWorld } from './peer-link.js';
import { createPeerLink } from './rtc-peer-link.js';
import { prepareOffer } from './rtc-prepared-offer.js';

/** Makes links whose connections come from `world.connect`. */
export function createLinkFactory(world: LinkWorld): LinkFactory {
  return {
    create: (options) => createPeerLink(world, options),
    prepare: (tracks) => prepareOffer(world, tracks),
  };
}
