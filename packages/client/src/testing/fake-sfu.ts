// An SFU for tests: it answers offers over fake connections, and says and sends what the test wants.

import { parseSfuRequest, type Seating, type SfuNotice, type SfuRequest } from '@maru/protocol';
import { settle } from './fake-env.js';
import type { FakeNetwork, FakePeerConnection } from './fake-peer-connection.js';
import { fakeTrack } from './fake-transceiver.js';

/** Where the slots of each kind begin among the m-lines. */
const FIRST_SLOT = { audio: 4, video: 14 } as const;

/** The SFU's end of one link. */
export class FakeSfuLink {
  /** What the client has said on the control channel. */
  readonly heard: SfuRequest[] = [];
  #rev = 0;

  constructor(
    /** The SFU's own connection, and the client's at the other end. */
    readonly pc: FakePeerConnection,
    readonly client: FakePeerConnection,
  ) {
    pc.channel?.addEventListener('message', (event) => {
      const parsed = parseSfuRequest(String((event as MessageEvent<unknown>).data));
      if (!parsed.ok) throw new Error('the client said what no SFU reads');
      this.heard.push(parsed.message);
    });
  }

  say(notice: SfuNotice): void {
    this.pc.channel?.send(JSON.stringify(notice));
  }

  /** Seats these, all of them, and sends something in their slots unless told not to. */
  seat(seats: readonly Seating[], sending = true): void {
    this.send(sending ? seats : []);
    this.say({ type: 'seats', rev: ++this.#rev, seats: [...seats] });
  }

  /** Sends something in these slots, and nothing in the others. */
  send(seats: readonly Seating[]): void {
    for (const transceiver of this.pc.getTransceivers().slice(FIRST_SLOT.audio)) {
      transceiver.sender.track = null;
    }
    for (const { slot, line } of seats) {
      const kind = line === 'camera' || line === 'screen' ? 'video' : 'audio';
      const transceiver = this.pc.getTransceivers()[FIRST_SLOT[kind] + slot];
      if (transceiver) transceiver.sender.track = fakeTrack(kind);
    }
  }

  /** What was asked for last; null before anything was. */
  get want(): Extract<SfuRequest, { type: 'want' }> | null {
    return this.heard.findLast((message) => message.type === 'want') ?? null;
  }

  /** What was said to other peers. */
  get said(): Extract<SfuRequest, { type: 'say' }>[] {
    return this.heard.filter((message) => message.type === 'say');
  }

  /** What the client sends on its line: the track, or null. */
  sent(line: 'mic' | 'camera' | 'screen'): MediaStreamTrack | null {
    return this.client.getTransceivers()[['mic', 'camera', 'screen'].indexOf(line)]?.sender.track ?? null;
  }
}

export class FakeSfu {
  readonly links: FakeSfuLink[] = [];

  constructor(readonly network: FakeNetwork) {}

  /** The newest link. Throws when there is none. */
  get last(): FakeSfuLink {
    const link = this.links.at(-1);
    if (!link) throw new Error('no link was offered');
    return link;
  }

  /** Answers an offer. The client's candidates are learnt from its checks. */
  async answer(sdp: string): Promise<string> {
    const client = this.network.open.find(({ localDescription }) => localDescription?.sdp.startsWith(sdp));
    if (!client) throw new Error('nobody has made this offer');
    this.network.connect({});
    const pc = this.network.connections.at(-1);
    if (!pc) throw new Error('no connection was made');
    pc.createDataChannel('control', { negotiated: true, id: 0 });
    this.links.push(new FakeSfuLink(pc, client));
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription(await pc.createAnswer());
    await settle();
    const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '';
    await pc.addIceCandidate({ candidate: `candidate:1 1 udp 1 192.0.2.9 9 typ prflx ufrag ${ufrag}` });
    return pc.localDescription?.sdp ?? '';
  }
}
