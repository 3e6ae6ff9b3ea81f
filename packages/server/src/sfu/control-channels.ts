// What clients say to the SFU on the control channels of their links, and what it says to them (PROTOCOL.md, SFU-15 on).

import {
  LAYERS,
  type Layer,
  MAX_COUNTER,
  MAX_MESSAGE_BYTES,
  parseSfuRequest,
  type SfuNotice,
} from '@maru/protocol';
import type { Encodings, Seated, Sfu } from '@maru/sfu';
import { type Allowance, costOf, take } from '../signalling/rate-limit.js';

/** Messages per second of one link in the long run; four times that at once. One of chat, one of views, some state. */
const MESSAGES_PER_SECOND = 30;
/** So many more for each other peer of the room, as what is said to all is said to each. */
const MORE_FOR_EACH_PEER = 4;

/** What control channels need of the SFU. */
export type ControlledSfu = Pick<Sfu, 'want' | 'sendControl' | 'hears' | 'linkTo' | 'peerOf' | 'peersBeside'>;

export type SeatsNotice = Extract<SfuNotice, { type: 'seats' }>;

interface Channel extends Allowance {
  /** Of the last `want`; -1 before the first. */
  wantRev: number;
  /** Of the last `seats`. */
  seatsRev: number;
}

export class ControlChannels {
  /** Messages that were dropped: malformed, too fast, outdated, or for nobody. */
  dropped = 0;
  readonly #sfu: ControlledSfu;
  readonly #early: (link: string, notice: SeatsNotice) => void;
  readonly #channels = new Map<string, Channel>();

  /** `early`: tells a client who is in its slots by another way, as its channel opens two round trips after its pictures come. */
  constructor(sfu: ControlledSfu, early: (link: string, notice: SeatsNotice) => void) {
    this.#sfu = sfu;
    this.#early = early;
  }

  /** Takes a message of a link's client. */
  heard(link: string, text: string): void {
    if (!this.#take(link, text)) this.dropped++;
  }

  /** The link has ended. */
  forget(link: string): void {
    this.#channels.delete(link);
  }

  tellSeats(link: string, seats: readonly Seated[]): void {
    const channel = this.#channel(link);
    channel.seatsRev = Math.min(MAX_COUNTER, channel.seatsRev + 1);
    const notice: SeatsNotice = {
      type: 'seats',
      rev: channel.seatsRev,
      seats: seats.map(({ slot, peer, line }) => ({ slot, peer, line })),
    };
    if (this.#sfu.hears(link)) this.#tell(link, notice);
    else this.#early(link, notice);
  }

  tellReachable(link: string, peers: readonly string[]): void {
    this.#tell(link, { type: 'reachable', peers: [...peers] });
  }

  tellEncodings(link: string, { camera, screen }: Encodings): void {
    this.#tell(link, { type: 'encode', camera: layersOf(camera), screen: layersOf(screen) });
  }

  tellSpeaker(link: string, peer: string | null): void {
    this.#tell(link, { type: 'speaker', peer });
  }

  /** Whether the message was of use. */
  #take(link: string, text: string): boolean {
    const channel = this.#channel(link);
    const perSecond = MESSAGES_PER_SECOND + MORE_FOR_EACH_PEER * this.#sfu.peersBeside(link);
    // UTF-16 units instead of bytes: what counts is that it is bounded before it is read.
    if (take(channel, perSecond, costOf(text.length)) > 0 || text.length > MAX_MESSAGE_BYTES) return false;
    const parsed = parseSfuRequest(text);
    if (!parsed.ok) return false;
    const { message } = parsed;
    switch (message.type) {
      case 'want':
        if (message.rev <= channel.wantRev) return false;
        channel.wantRev = message.rev;
        this.#sfu.want(link, message.slots);
        return true;
      case 'say':
        return this.#passOn(link, message.to, message.message);
    }
  }

  /** Carries a message to a peer of the same room, under the sender's own name (SFU-18). */
  #passOn(link: string, to: string, message: string): boolean {
    const from = this.#sfu.peerOf(link);
    const target = from === null || from === to ? null : this.#sfu.linkTo(link, to);
    return from !== null && target !== null && this.#tell(target, { type: 'heard', from, message });
  }

  #tell(link: string, notice: SfuNotice): boolean {
    return this.#sfu.sendControl(link, JSON.stringify(notice));
  }

  #channel(link: string): Channel {
    let channel = this.#channels.get(link);
    if (!channel) {
      channel = { bucket: null, wantRev: -1, seatsRev: -1 };
      this.#channels.set(link, channel);
    }
    return channel;
  }
}

/** The encodings by name; one that has no RID, as of a client that sends one alone, counts as the largest (SFU-21). */
const layersOf = (rids: readonly string[]): Layer[] =>
  rids.map((rid) => (rid === '' ? 'h' : rid)).filter(isLayer);

const isLayer = (rid: string): rid is Layer => (LAYERS as readonly string[]).includes(rid);
