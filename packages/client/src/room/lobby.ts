// The lobby: looks at the room from outside and keeps offers ready for those inside (ROOM-3, DESIGN 4.1).

import type { Occupancy } from '@maru/protocol';
import type { Clock } from '../env/env.js';
import type { LineTracks, LinkFactory } from '../link/peer-link.js';
import type { Channel } from '../signalling/channel.js';
import type { IceServers } from './ice-servers.js';
import { createPreparedOffers, type PreparedOffers } from './prepared-offers.js';

export interface LobbyOptions {
  readonly room: string;
  readonly clock: Clock;
  readonly channel: Channel;
  readonly links: LinkFactory;
  readonly iceServers: IceServers;
  tracks(): LineTracks;
  onChange(): void;
  onPeeked(): void;
}

export interface Lobby {
  readonly occupancy: Occupancy | null;
  /** True once the server has answered on this socket. */
  readonly peeked: boolean;
  /** True once the server has answered on this socket and an offer per peer inside is ready. */
  readonly ready: boolean;
  readonly offers: PreparedOffers;
  /** Asks the server about the room; on each new socket, and when credentials may run out. */
  peek(): void;
  /** The socket is lost: what was said on it no longer holds. */
  down(): void;
  setOccupancy(occupancy: Occupancy): void;
  /** Makes no offers while a join is under way. */
  hold(held: boolean): void;
  close(): void;
}

export function createLobby(options: LobbyOptions): Lobby {
  const { room, clock, channel, links, iceServers, onChange } = options;
  const offers = createPreparedOffers({ clock, links, tracks: options.tracks, onChange });
  let occupancy: Occupancy | null = null;
  let peeked = false;
  let held = false;
  let closed = false;

  function adjust(): void {
    // Who joins takes one seat: no more than the others can ever be offered to.
    if (held || !occupancy) return;
    const { count, limit, topology } = occupancy;
    // To the SFU there is one link, whoever is inside.
    offers.want(topology === 'mesh' ? Math.min(count, limit - 1) : 0);
  }

  function setOccupancy(next: Occupancy): void {
    occupancy = next;
    adjust();
    onChange();
  }

  return {
    get occupancy() {
      return occupancy;
    },
    get peeked() {
      return peeked;
    },
    get ready() {
      return peeked && offers.ready;
    },
    offers,
    peek() {
      channel.ask(
        'peek',
        { room },
        {
          answered(answer) {
            peeked = true;
            if (iceServers.set(answer.iceServers, clock)) offers.renew();
            options.onPeeked();
            setOccupancy(answer.occupancy);
          },
          failed(error) {
            // A lost socket peeks again when it is back.
            if (closed || error.code === 'server-unreachable') return;
            if (error.retry) channel.backOff(error.detail.retryAfterMs);
            else channel.stop(error);
          },
        },
      );
    },
    down() {
      peeked = false;
      onChange();
    },
    setOccupancy,
    hold(next) {
      held = next;
      adjust();
    },
    close() {
      closed = true;
      held = true;
      offers.close();
    },
  };
}
