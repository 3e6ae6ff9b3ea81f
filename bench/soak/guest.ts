// One who comes into a room of a worker, sends and is sent for a while, and ends in one of the ways in which people do.

import { startUdpRelay, type UdpRelay } from '../network/udp-relay.js';
import { Delays } from '../sfu/client/delays.js';
import { composeOffer, reduceAnswer } from '../sfu/client/maru-offer.js';
import { Member } from '../sfu/client/member.js';
import { Microphone } from './microphone.js';
import type { SoakedWorker } from './soaked-worker.js';

export const ENDINGS = [
  'closes its connection',
  'is closed by the server',
  'vanishes from the network',
  'links anew, then closes',
  'never connects',
  'is closed while it opens',
] as const;
export type Ending = (typeof ENDINGS)[number];

/** As Maru's web client has at most, fewer pictures. */
const AUDIO_SLOTS = 10;
const VIDEO_SLOTS = 6;
const CAMERA = [
  { rid: 'l', width: 320, height: 180, framesPerSecond: 15 },
  { rid: 'm', width: 640, height: 360, framesPerSecond: 15 },
] as const;
/** Packets a second of each encoding. */
const RATES = [15, 45] as const;
/** Behind those of a member's encodings. */
const MICROPHONE_SSRC = 8;

/** Nobody looks at them. */
const delays = new Delays();

let links = 0;

export class Guest {
  readonly peer: string;
  member: Member | null = null;
  microphone: Microphone | null = null;
  readonly #worker: SoakedWorker;
  #link = '';
  #relay: UdpRelay | null = null;
  #wants = 0;
  #connected = false;
  /** All that it has made; it may leave while it still comes. */
  readonly #members: Member[] = [];
  #left = false;

  constructor(
    readonly number: number,
    readonly room: string,
    readonly ending: Ending,
    worker: SoakedWorker,
  ) {
    this.#worker = worker;
    this.peer = `guest-${String(number).padStart(10, '0')}`;
  }

  async come(): Promise<void> {
    try {
      await this.#come();
    } finally {
      if (this.#left) this.end();
    }
  }

  async #come(): Promise<void> {
    const { ending } = this;
    if (ending === 'vanishes from the network') this.#relay = await startUdpRelay({ size: 1 });
    const link = await this.#open();
    if (ending === 'links anew, then closes') {
      const former = this.member;
      // Beside the former link, which ends when this one stands.
      if (!this.#left) await this.#open();
      former?.close();
    }
    if (link === null || this.member === null) return;
    this.microphone = new Microphone(this.member.number * 16 + MICROPHONE_SSRC, this.number % 4);
    for (const [index, source] of this.member.sources.entries()) source.rate = RATES[index] ?? 0;
  }

  /** Says what it wants to see, and something to everybody, whom it may not even reach. */
  talk(others: readonly string[]): void {
    const { member } = this;
    if (!member || !this.#connected) return;
    this.#wants += 1;
    const from = this.#wants % Math.max(1, others.length);
    const slots = [...others.slice(from), ...others.slice(0, from)].slice(0, VIDEO_SLOTS);
    const want = slots.map((peer, slot) => ({
      slot,
      peer,
      line: 'camera',
      width: this.#wants % 2 === 0 ? 200 : 700,
      priority: 0,
    }));
    member.client.say(JSON.stringify({ type: 'want', rev: this.#wants, slots: want }));
    for (const to of others) member.client.say(JSON.stringify({ type: 'say', to, message: 'Hello.' }));
    // The larger encoding pauses at times, as when the camera's sender is short of bandwidth.
    const larger = member.sources[1];
    if (larger) larger.rate = this.#wants % 5 === 0 ? 0 : RATES[1];
  }

  /** Ends in its way. What the worker still holds of it, it finds out by itself. */
  end(): void {
    switch (this.ending) {
      case 'closes its connection':
      case 'links anew, then closes':
        break;
      case 'vanishes from the network':
        this.#relay?.close();
        break;
      case 'is closed by the server':
      case 'is closed while it opens':
        this.#worker.tell({ type: 'close', link: this.#link });
        break;
      case 'never connects':
        break;
    }
    this.#left = true;
    this.#connected = false;
    for (const member of this.#members) member.close();
  }

  /** Opens a link; null when it is not to come to anything. */
  async #open(): Promise<string | null> {
    const { ending } = this;
    const member = new Member(CAMERA, delays, true);
    this.member = member;
    this.#members.push(member);
    const native = await member.client.offer();
    const link = `link ${++links} of one who ${ending}`;
    this.#link = link;
    const opening = this.#worker.open(
      link,
      this.room,
      composeOffer(native, { rids: member.rids, audioSlots: AUDIO_SLOTS, videoSlots: VIDEO_SLOTS }),
    );
    if (ending === 'is closed while it opens') this.#worker.tell({ type: 'close', link });
    const answer = await opening;
    if (answer === null) return null;
    this.#worker.tell({ type: 'seat', link, peer: this.peer });
    if (ending === 'never connects') return null;
    member.client.accept(this.#throughRelay(reduceAnswer(native, answer)));
    await member.client.connected();
    this.#connected = true;
    return link;
  }

  #throughRelay(answer: string): string {
    const relayPort = this.#relay?.ports[0];
    if (!this.#relay || !relayPort) return answer;
    const { address, port } = this.#worker.address;
    this.#relay.assign(relayPort.port, { address, port });
    return answer.replace(`${address} ${port} typ host`, `${relayPort.address} ${relayPort.port} typ host`);
  }
}
