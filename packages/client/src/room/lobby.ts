// The lobby: looks at the room from outside and keeps offers ready for those inside (ROOM-3, DESIGN 4.1).

import { MAX_MESSAGE_BYTES, MAX_SIGNAL_LENGTH, type Occupancy } from '@maru/protocol';
import type { Clock } from '../env/env.js';
import { careNow, loadCare } from '../link/load-care.js';
import type { LineTracks, LinkFactory } from '../link/peer-link.js';
import type { Channel } from '../signalling/channel.js';
import { messageSize } from '../signalling/message-size.js';
import type { Trace } from '../trace/trace-event.js';
import type { IceServers } from './ice-servers.js';
import type { PreparedOffers } from './prepared-offers.js';

/** Bytes of a `join` left for all but the offers. */
const JOIN_OVERHEAD_BYTES = 4_096;

/** Until somebody is inside to whom one could offer. */
const NO_OFFERS: PreparedOffers = {
  ready: false,
  want() {},
  renew() {},
  setTrack() {},
  take: () => [],
  giveBack() {},
  close() {},
};

export interface LobbyOptions {
  readonly room: string;
  readonly clock: Clock;
  readonly trace: Trace;
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
  const { room, clock, trace, channel, links, iceServers, tracks, onChange } = options;
  let offers = NO_OFFERS;
  let wanted = 0;
  /** What makes offers could not be fetched: joining does not wait for them. */
  let without = false;
  let occupancy: Occupancy | null = null;
  let peeked = false;
  let held = false;
  let closed = false;

  function adjust(): void {
    // Who joins takes one seat: no more than the others can ever be offered to.
    if (held || !occupancy) return;
    const { count, limit, topology } = occupancy;
    // To the SFU there is one link, whoever is inside.
    wanted = topology === 'mesh' ? Math.min(count, limit - 1) : 0;
    if (wanted > 0 && offers === NO_OFFERS) void load();
    offers.want(wanted);
  }

  /** Offers are made by a part of what a call needs, which comes when there is somebody to call. */
  async function load(): Promise<void> {
    try {
      const { createPreparedOffers } = careNow() ?? (await loadCare());
      if (closed || offers !== NO_OFFERS) return;
      const most = MAX_MESSAGE_BYTES - JOIN_OVERHEAD_BYTES;
      const longest = MAX_SIGNAL_LENGTH;
      offers = createPreparedOffers({ clock, links, tracks, longest, most, sizeOf: messageSize, onChange });
      without = false;
      adjust();
    } catch (error) {
      trace.trouble({ peer: '', link: '' }, 'error', 'in-call', error);
      without = true;
    }
    onChange();
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
      return peeked && (wanted === 0 || without || offers.ready);
    },
    get offers() {
      return offers;
    },
    peek() {
      // Asked for at the same time, so that nobody waits for it who comes to others; whether it came is seen then.
      loadCare().catch(() => undefined);
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
