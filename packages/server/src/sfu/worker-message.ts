// What the server and a worker of the SFU say to each other over the channel between their processes.

import type { Seating, VideoCodec } from '@maru/protocol';

export interface WorkerOptions {
  /** UDP port for everything; 0: a free one, found by the worker. */
  readonly port: number;
  /**
   * The one UDP port that all workers have together, at which clients are told to find them; null where each has its own. The
   * worker then listens on `port` of the loopback interface, and takes clients as the server gives them (`adopt`).
   */
  readonly sharedPort: number | null;
  /** Address to listen on; null for every interface. */
  readonly bindAddress: string | null;
  /** IP addresses that answers name. */
  readonly announce: readonly string[];
  /** Codecs that rooms may use, preferred first. */
  readonly videoCodecs: readonly VideoCodec[];
  /** Most rooms and links of the worker, and most that one link may send, or is sent, in bit/s. */
  readonly limits: { readonly rooms: number; readonly links: number; readonly linkBitrate: number };
}

/** Whether a link was opened. Offer and answer are packed, as in the protocol. */
export type OpenResult =
  /** `usernameFragment`: of the SFU's end (RFC 8445, section 5.3), by which a client's first packet is told whose it is. */
  | { readonly ok: true; readonly answer: string; readonly usernameFragment: string }
  | {
      readonly ok: false;
      readonly code: 'bad-offer' | 'sfu-full' | 'sfu-unavailable';
      /** For the log at level `debug`: it may quote what was offered. */
      readonly reason: string;
    };

/** What a worker has done since it was started, and what it holds. */
export interface WorkerFigures {
  readonly rooms: number;
  readonly links: number;
  readonly packetsIn: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly packetsDropped: number;
  /** Messages of control channels that were dropped: malformed, too fast, or for nobody. */
  readonly messagesDropped: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** By how much the worst timer of late was late, in seconds. */
  readonly eventLoopDelayS: number;
}

/** Why a worker cannot serve at all. */
export type WorkerProblem = 'port-taken' | 'address-refused' | 'not-loaded';

/** What a worker that has been started does about links. */
export type WorkerCommand =
  | {
      readonly type: 'open';
      readonly request: number;
      readonly link: string;
      readonly room: string;
      readonly offer: string;
    }
  /** The link is this peer's, who is inside. */
  | { readonly type: 'seat'; readonly link: string; readonly peer: string }
  | { readonly type: 'close'; readonly link: string }
  | { readonly type: 'ping' };

/** A client has sent its first packet to the port that all workers share. */
export interface Adoption {
  /** Where it was sent to, and from. */
  readonly local: { readonly address: string; readonly port: number };
  readonly client: { readonly address: string; readonly port: number };
  readonly datagram: Uint8Array;
}

export type ToWorker =
  /** The client is that of this link. */
  | { readonly type: 'adopt'; readonly link: string; readonly adoption: Adoption }
  | { readonly type: 'start'; readonly options: WorkerOptions }
  | WorkerCommand
  | { readonly type: 'stop' };

export interface EarlySeats {
  readonly type: 'seats';
  readonly link: string;
  readonly rev: number;
  readonly seats: Seating[];
}

export type FromWorker =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly problem: WorkerProblem; readonly reason: string }
  | { readonly type: 'opened'; readonly request: number; readonly result: OpenResult }
  /** A link has ended that nobody has closed. */
  | { readonly type: 'closed'; readonly link: string; readonly reason: string }
  /** Who is in the slots of a link whose control channel is not open. */
  | EarlySeats
  | { readonly type: 'pong'; readonly figures: WorkerFigures };
