// The server end of an SFU link over libdatachannel: ICE, DTLS, SRTP and SCTP; bytes in, bytes out, no media knowledge.
//
// libdatachannel hands every RTP and RTCP packet of a BUNDLE to its one track when its description has exactly one media
// line: so the browser is described to it as that (composePipeOffer), and all else is told apart by the SFU itself.

import { type DataChannel, PeerConnection, type Track } from 'node-datachannel';

/** Largest UDP payload that any path carries (RFC 8200, section 5: 1,280 bytes less IPv6 and UDP headers). */
const MTU = 1_280;
/** Id of the negotiated control channel, the same at both ends (RFC 8832). */
const CONTROL_CHANNEL = { label: 'control', id: 0 } as const;
/** A control channel that has this much waiting, in bytes, belongs to someone who is not reading. */
const MAX_CONTROL_BACKLOG = 1_048_576;

/**
 * Tracks and channels give their handle in the event loop back when they have told that they are closed, for which somebody
 * must listen; else only when they are collected.
 */
const RELEASE = (): void => undefined;

/** What a pipe tells its owner. None is called after `close`. */
export interface PipeEvents {
  /** ICE and DTLS are done: packets flow. */
  onConnected(): void;
  /** An RTP or RTCP packet, decrypted. The buffer is the owner's. */
  onPacket(packet: Buffer): void;
  onControlOpen(): void;
  onControl(text: string): void;
  /** The transport has ended by itself; the pipe is closed. */
  onLost(reason: string): void;
}

export interface PipeOptions {
  /** The one UDP port that all pipes of this process share; 0: one of the system's choosing for each pipe. */
  readonly port: number;
  /** Address to bind, all when undefined. */
  readonly bindAddress?: string | undefined;
}

export class Pipe {
  readonly #events: PipeEvents;
  readonly #connection: PeerConnection;
  readonly #control: DataChannel;
  #track: Track | null = null;
  /** Ends the wait for an answer, which does not come any more once the connection is closed. */
  #abandon: ((reason: Error) => void) | null = null;
  #phase: 'new' | 'open' | 'connected' | 'closed' = 'new';

  constructor(name: string, options: PipeOptions, events: PipeEvents) {
    this.#events = events;
    this.#connection = new PeerConnection(name, {
      iceServers: [],
      mtu: MTU,
      // It would offer by itself as soon as it has the control channel.
      disableAutoNegotiation: true,
      ...(options.bindAddress === undefined ? {} : { bindAddress: options.bindAddress }),
      ...(options.port === 0
        ? {}
        : { enableIceUdpMux: true, portRangeBegin: options.port, portRangeEnd: options.port }),
    });
    this.#connection.onTrack((track) => this.#take(track));
    this.#connection.onStateChange((state) => this.#changed(state));
    this.#control = this.#connection.createDataChannel(CONTROL_CHANNEL.label, {
      negotiated: true,
      id: CONTROL_CHANNEL.id,
    });
    this.#control.onClosed(RELEASE);
    this.#control.onOpen(() => {
      if (this.#phase !== 'closed') this.#events.onControlOpen();
    });
    this.#control.onMessage((message) => {
      if (typeof message === 'string') this.#handle(() => this.#events.onControl(message));
    });
  }

  /**
   * Takes the offer that `composePipeOffer` has made and gives the answer to be read by `readPipeAnswer`.
   * Rejects when libdatachannel does not take it, or is closed first.
   */
  accept(offer: string): Promise<string> {
    this.#phase = 'open';
    return new Promise((resolve, reject) => {
      this.#abandon = reject;
      this.#connection.onLocalDescription((sdp, type) => {
        if (type === 'answer') resolve(sdp);
      });
      try {
        this.#connection.setRemoteDescription(offer, 'offer');
        this.#connection.setLocalDescription('answer');
      } catch (error) {
        reject(error);
      }
    });
  }

  /** Sends an RTP or RTCP packet, which is copied before this returns. False where there is no transport for it. */
  send(packet: Buffer): boolean {
    if (this.#phase !== 'connected' || !this.#track) return false;
    try {
      return this.#track.sendMessageBinary(packet);
    } catch {
      // The track was closed by the other end and its event is still on the way (DESIGN, section 6).
      return false;
    }
  }

  /** Says something on the control channel; false when it is not open, or is not being read. */
  sendControl(text: string): boolean {
    if (this.#phase === 'closed') return false;
    try {
      if (!this.#control.isOpen() || this.#control.bufferedAmount() > MAX_CONTROL_BACKLOG) return false;
      return this.#control.sendMessage(text);
    } catch {
      // As for packets: closed, and not told yet.
      return false;
    }
  }

  /** Ends the transport and frees its native parts; safe to call twice. */
  close(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#abandon?.(new Error('closed before it was answered'));
    this.#abandon = null;
    this.#track?.close();
    this.#control.close();
    this.#connection.close();
  }

  /**
   * Hands something to the owner. What a native callback throws would end the process, with all its links: a failure in
   * handling what came by this link ends this link alone, and says so.
   */
  #handle(give: () => void): void {
    if (this.#phase === 'closed') return;
    try {
      give();
    } catch (error) {
      this.close();
      this.#events.onLost(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  #take(track: Track): void {
    if (this.#phase === 'closed') return;
    this.#track = track;
    track.onClosed(RELEASE);
    // Open as soon as DTLS is done; the connection's own state says so only with SCTP, two round trips later.
    track.onOpen(() => this.#changed('connected'));
    track.onMessage((packet) => {
      this.#handle(() => this.#events.onPacket(packet));
    });
  }

  #changed(state: string): void {
    if (this.#phase === 'closed') return;
    if (state === 'connected') {
      if (this.#phase === 'connected') return;
      this.#phase = 'connected';
      this.#handle(() => this.#events.onConnected());
    } else if (state === 'failed' || state === 'closed') {
      // Not yet when it is `disconnected`: that may pass, and the client looks for another path by itself.
      this.close();
      this.#events.onLost(state);
    }
  }
}
