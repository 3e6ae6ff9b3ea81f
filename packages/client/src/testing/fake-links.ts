// Links for tests of the room: they record what the room asks of them, and do what the test says.

import type { Line, PeerMessage } from '@maru/protocol';
import type { LinkSnapshot, RemoteLine } from '../link/link.js';
import type { LineTracks, LinkFactory, PeerLink, PeerLinkOptions, PreparedOffer } from '../link/peer-link.js';

const SILENT_LINE: RemoteLine = { track: null, receiving: false };

const NEW_LINK: LinkSnapshot = {
  phase: 'new',
  step: 'rest',
  reason: null,
  lines: { mic: SILENT_LINE, camera: SILENT_LINE, screen: SILENT_LINE, screenAudio: SILENT_LINE },
  dataOpen: false,
  stats: null,
};

export class FakeLink implements PeerLink {
  snapshot: LinkSnapshot = NEW_LINK;
  /** What its lines are sent by, where a test gives it senders. */
  readonly senders = new Map<Line, RTCRtpSender>();
  /** The commands in their order, such as `offer` or `reachable true`. */
  readonly calls: string[] = [];
  readonly received: string[] = [];
  readonly sent: PeerMessage[] = [];
  tracks: LineTracks;
  reachable = false;
  closed = false;
  loudness = 0;
  /** Whether its open channel takes nothing more for now. */
  full = false;

  constructor(
    readonly options: PeerLinkOptions,
    /** The prepared offer that it grew from, or null. */
    readonly prepared: FakePreparedOffer | null,
  ) {
    this.tracks = options.tracks;
    // As the real one: an adopted offer waits for its answer.
    if (prepared) this.snapshot = { ...NEW_LINK, phase: 'connecting' };
  }

  /** Changes the snapshot and tells the room. */
  become(patch: Partial<LinkSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...patch };
    this.options.events.onChange(this.snapshot);
  }

  connect(): void {
    this.become({ phase: 'connected', dataOpen: true });
  }

  offer(): void {
    this.calls.push('offer');
    if (this.snapshot.phase === 'new') this.become({ phase: 'connecting' });
  }

  resync(): void {
    this.calls.push('resync');
  }

  retry(): void {
    this.calls.push('retry');
  }

  hint(): void {
    this.calls.push('hint');
  }

  setReachable(reachable: boolean): void {
    if (reachable !== this.reachable) this.calls.push(`reachable ${reachable}`);
    this.reachable = reachable;
  }

  receive(data: string): void {
    this.received.push(data);
  }

  setTrack(line: Line, track: MediaStreamTrack | null): void {
    this.calls.push(`track ${line}`);
    this.tracks = { ...this.tracks, [line]: track };
  }

  send(message: PeerMessage): boolean {
    if (!this.snapshot.dataOpen || this.full) return false;
    this.sent.push(message);
    return true;
  }

  sender(line: Line): RTCRtpSender | null {
    return this.senders.get(line) ?? null;
  }

  level(): number {
    return this.loudness;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.become({ phase: 'closed', dataOpen: false });
  }
}

export class FakePreparedOffer implements PreparedOffer {
  readonly data: Promise<string>;
  state: 'waiting' | 'adopted' | 'disposed' = 'waiting';
  /** Settles `data`: the offer is ready. */
  readonly finish: () => void;
  readonly fail: () => void;

  constructor(
    readonly factory: FakeLinks,
    readonly text: string,
    public tracks: LineTracks,
  ) {
    let finish = (): void => {};
    let fail = (): void => {};
    this.data = new Promise((resolve, reject) => {
      finish = () => resolve(text);
      fail = () => reject(new Error('no offer today'));
    });
    this.finish = finish;
    this.fail = fail;
  }

  setTrack(line: Line, track: MediaStreamTrack | null): void {
    this.tracks = { ...this.tracks, [line]: track };
  }

  adopt(options: PeerLinkOptions): PeerLink {
    if (this.state !== 'waiting') throw new Error(`adopted while ${this.state}`);
    this.state = 'adopted';
    return this.factory.link(options, this);
  }

  dispose(): void {
    if (this.state === 'waiting') this.state = 'disposed';
  }
}

/** A factory that remembers what it made. */
export class FakeLinks implements LinkFactory {
  readonly all: FakeLink[] = [];
  readonly prepared: FakePreparedOffer[] = [];
  /** Whether offers are ready as soon as they are made. */
  instant = true;

  create(options: PeerLinkOptions): PeerLink {
    return this.link(options, null);
  }

  prepare(tracks: LineTracks): PreparedOffer {
    const offer = new FakePreparedOffer(this, `offer-${this.prepared.length}`, tracks);
    this.prepared.push(offer);
    if (this.instant) offer.finish();
    return offer;
  }

  link(options: PeerLinkOptions, prepared: FakePreparedOffer | null): FakeLink {
    const link = new FakeLink(options, prepared);
    this.all.push(link);
    return link;
  }

  /** The newest link to a peer. Throws when there is none. */
  to(peer: string): FakeLink {
    const link = this.all.findLast(({ options }) => options.peer === peer);
    if (!link) throw new Error(`no link to ${peer}`);
    return link;
  }

  /** The prepared offers that still hold something. */
  get waiting(): FakePreparedOffer[] {
    return this.prepared.filter(({ state }) => state === 'waiting');
  }
}
