// The transceivers and the data channel of a fake peer connection, and tracks and streams to go with them.

import type { FakePeerConnection } from './fake-peer-connection.js';

/** A track with nothing in it, of a size if it has one. */
export class FakeTrack {
  readonly enabled = true;
  readonly muted = false;
  readonly readyState = 'live';

  constructor(
    readonly kind: string,
    readonly id: string,
    readonly settings: MediaTrackSettings = {},
  ) {}

  getSettings(): MediaTrackSettings {
    return this.settings;
  }
}

/** A stream with nothing in it, to stand for `MediaStream` where there is no browser. */
export class FakeStream {
  readonly id = 'stream';
}

/** Makes a track for a link to send. */
export function fakeTrack(
  kind: 'audio' | 'video',
  id: string = kind,
  settings?: MediaTrackSettings,
): MediaStreamTrack {
  return new FakeTrack(kind, id, settings) as unknown as MediaStreamTrack;
}

/** One m-line. What its sender sends is received at the same place of the connection at the other end. */
export class FakeTransceiver {
  mid: string | null = null;
  /** Set with the answer, which here takes every line as it was offered. */
  currentDirection: RTCRtpTransceiverDirection | null = null;
  streams: readonly unknown[] = [];
  readonly sender;
  readonly receiver;
  #replacing: Promise<void> = Promise.resolve();
  /** What does not come though it is sent, and whether a track sent afresh mends that. */
  fault: { readonly lost: 'packets' | 'frames'; readonly mends: boolean } | null = null;
  /** Key frames that its sender was asked for. */
  keyFrames = 0;
  #packets = 0;
  #frames = 0;
  #countedAt = 0;

  constructor(
    readonly owner: FakePeerConnection,
    readonly index: number,
    kind: string,
    track: MediaStreamTrack | null,
    public direction: RTCRtpTransceiverDirection,
    encodings: readonly RTCRtpEncodingParameters[] = [{ active: true }],
  ) {
    const clock = owner.network.clock;
    let parameters = {
      codecs: [],
      encodings: encodings.map((each) => ({ active: true, ...each })),
    } as unknown as RTCRtpSendParameters;
    const sender = {
      transport: null,
      track,
      getParameters: () => structuredClone(parameters),
      setParameters: async (
        next: RTCRtpSendParameters,
        options: { readonly encodingOptions?: readonly { readonly keyFrame: boolean }[] } = {},
      ): Promise<void> => {
        if (owner.signalingState === 'closed') throw new DOMException('closed', 'InvalidStateError');
        parameters = next;
        if (options.encodingOptions?.some(({ keyFrame }) => keyFrame)) this.keyFrames += 1;
      },
      setStreams: (...streams: unknown[]): void => {
        this.streams = streams;
      },
      replaceTrack: async (next: MediaStreamTrack | null): Promise<void> => {
        // Each takes some turns, behind those that were asked for before (W3C webrtc-pc, section 4.4.1.2).
        this.#replacing = later(this.#replacing);
        await this.#replacing;
        if (owner.signalingState === 'closed') throw new DOMException('closed', 'InvalidStateError');
        if (next && next.kind !== kind) throw new TypeError(`a ${next.kind} track on a line of ${kind}`);
        sender.track = next;
        const received = owner.remote?.getTransceivers()[index];
        if (next && received?.fault?.mends) received.fault = null;
      },
    };
    this.sender = sender;
    this.receiver = {
      track: new FakeTrack(kind, `${owner.name}-${index}`),
      getSynchronizationSources: () =>
        this.#receives() && this.fault === null
          ? [{ source: 1, timestamp: clock.now(), rtpTimestamp: 0, audioLevel: 0.5 }]
          : [],
    };
  }

  /** Packets received so far: fifty a second while something is sent. */
  packets(): number {
    this.#count();
    return this.#packets;
  }

  /** Pictures decoded so far: one for every two packets. */
  frames(): number {
    this.#count();
    return Math.floor(this.#frames);
  }

  #count(): void {
    const now = this.owner.network.clock.now();
    const came = this.#receives() && this.fault?.lost !== 'packets' ? (now - this.#countedAt) / 20 : 0;
    this.#packets += came;
    if (this.fault === null) this.#frames += came / 2;
    this.#countedAt = now;
  }

  #receives(): boolean {
    const { owner, index } = this;
    const sent = owner.remote?.getTransceivers()[index]?.sender.track ?? null;
    return owner.network.up && owner.connectionState === 'connected' && sent !== null;
  }
}

/** A negotiated channel: open once both ends are connected. */
export class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  /** Bytes that have come: messages, and what acknowledges those that were sent. */
  received = 0;
  /** What the other end is to get is refused while this is true, as by a full buffer. */
  full = false;
  #other: () => FakeChannel | null = () => null;

  constructor(
    readonly label: string,
    readonly id: number,
  ) {
    super();
  }

  join(other: () => FakeChannel | null): void {
    this.#other = other;
    if (this.readyState === 'connecting') this.become('open');
  }

  become(state: 'open' | 'closed'): void {
    if (this.readyState === state) return;
    this.readyState = state;
    this.dispatchEvent(new Event(state === 'open' ? 'open' : 'close'));
  }

  send(data: unknown): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    if (this.full) throw new DOMException('the buffer is full', 'OperationError');
    const other = this.#other();
    if (!other) return;
    // SCTP acknowledges by itself (RFC 9260, section 6.2).
    this.received += 16;
    other.received += String(data).length;
    other.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

async function later(before: Promise<void>): Promise<void> {
  await before;
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}
