// A client that is no browser: ICE, DTLS and SRTP by libdatachannel, and RTP and RTCP as bytes in and out.

import { type DataChannel, PeerConnection, type Track, Video } from 'node-datachannel';

/** The one m-line of media that libdatachannel knows of: it hands every RTP and RTCP packet to it. */
export const MEDIA_MID = 'media';
/** Whatever payload types packets have: libdatachannel does not look. */
const PAYLOAD_TYPE = 96;
const CONTROL_CHANNEL = { label: 'control', id: 0 } as const;
/** On one machine a connection takes some ten milliseconds; a hundred at a time take longer. */
const LONGEST_CONNECT_MS = 30_000;

/** Tracks and channels keep the process alive until they have told somebody that they are closed. */
const RELEASE = (): void => undefined;

export class RawClient {
  /** An RTP or RTCP packet came, decrypted. */
  onPacket: (packet: Buffer) => void = () => undefined;
  readonly #connection: PeerConnection;
  readonly #control: DataChannel | null;
  readonly #connected: Promise<void>;
  #track: Track | null = null;
  #closed = false;

  /** `control`: with the negotiated data channel of Maru's clients. */
  constructor(
    readonly name: string,
    options: { readonly control: boolean },
  ) {
    this.#connection = new PeerConnection(name, { iceServers: [], mtu: 1_280, disableAutoNegotiation: true });
    this.#connected = new Promise((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error(`${name} did not connect.`)), LONGEST_CONNECT_MS);
      this.#connection.onStateChange((state) => {
        if (state === 'connected') resolve();
        else if (state === 'failed') reject(new Error(`${name} could not connect.`));
        else return;
        clearTimeout(timeout);
      });
    });
    // Whoever waits for it hears of it; a turn that ends before does not.
    this.#connected.catch(() => undefined);
    this.#connection.onTrack((track) => this.#take(track));
    this.#control = options.control
      ? this.#connection.createDataChannel(CONTROL_CHANNEL.label, {
          negotiated: true,
          id: CONTROL_CHANNEL.id,
        })
      : null;
    this.#control?.onClosed(RELEASE);
  }

  /** The client's own offer, with all candidates. */
  async offer(): Promise<string> {
    const video = new Video(MEDIA_MID, 'SendRecv');
    video.addVP8Codec(PAYLOAD_TYPE);
    this.#take(this.#connection.addTrack(video));
    return this.#describe('offer');
  }

  /** Takes the answer to its offer. */
  accept(answer: string): void {
    this.#connection.setRemoteDescription(answer, 'answer');
  }

  /** Answers an offer of one m-line. */
  answer(offer: string): Promise<string> {
    this.#connection.setRemoteDescription(offer, 'offer');
    return this.#describe('answer');
  }

  /** Resolves when ICE and DTLS are done. */
  connected(): Promise<void> {
    return this.#connected;
  }

  /** Sends a packet, which is copied before this returns. */
  send(packet: Buffer): void {
    if (!this.#closed && this.#track?.isOpen()) this.#track.sendMessageBinary(packet);
  }

  /** Says something on the control channel, as soon as it is open. */
  say(text: string): void {
    const control = this.#control;
    if (!control) throw new Error(`${this.name} has no control channel.`);
    if (control.isOpen()) control.sendMessage(text);
    else control.onOpen(() => control.sendMessage(text));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#track?.close();
    this.#control?.close();
    this.#connection.close();
  }

  #take(track: Track): void {
    this.#track = track;
    track.onClosed(RELEASE);
    track.onMessage((packet) => {
      if (!this.#closed) this.onPacket(packet);
    });
  }

  #describe(type: 'offer' | 'answer'): Promise<string> {
    return new Promise((resolve) => {
      this.#connection.onGatheringStateChange((state) => {
        const description = state === 'complete' ? this.#connection.localDescription() : null;
        if (description) resolve(description.sdp);
      });
      this.#connection.setLocalDescription(type);
    });
  }
}
