// What one link is made of, as the SFU understood it from the client's offer (RFC 3264, RFC 8829, RFC 8843).

import type { VideoCodec } from '../codec/codec.js';
import type { DataPlan, RemoteTransport, SectionPlan } from './section-plan.js';

/** What a client can send, in the order of its first four m-lines. */
export const LINE_ORDER = ['mic', 'camera', 'screen', 'screenAudio'] as const;

/** A payload format that both sides accepted. */
export interface PayloadCodec {
  /** Spelt as its RTP payload format registers it: `opus`, `red`, `VP8`, `VP9`, `H264`, `AV1`. */
  readonly name: string;
  /** 0 to 127, without 64 to 95, which would look like RTCP (RFC 5761, section 4). One meaning in the whole BUNDLE. */
  readonly payloadType: number;
  /** Of its retransmissions (RFC 4588), null where there are none. */
  readonly rtxPayloadType: number | null;
  /** In hertz. */
  readonly clockRate: number;
  /** Of audio; null for video. */
  readonly channels: number | null;
  /** The format parameters that the answer gives (`a=fmtp`), possibly empty. */
  readonly parameters: string;
  /** Feedback that was offered and is accepted (`a=rtcp-fb`), such as `nack pli`. */
  readonly feedback: readonly string[];
}

/** Local identifiers of header extensions (RFC 8285): 1 to 14, one meaning in the whole BUNDLE; 0 = not negotiated. */
export interface ExtensionIds {
  readonly mid: number;
  readonly rid: number;
  readonly repairedRid: number;
  readonly audioLevel: number;
  readonly transportSequence: number;
  readonly absoluteSendTime: number;
  readonly videoOrientation: number;
  readonly dependencyDescriptor: number;
  readonly playoutDelay: number;
}

/** One of the four things that the client sends. */
export interface SendingLine {
  readonly line: (typeof LINE_ORDER)[number];
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  /** Accepted, preferred first; never empty. */
  readonly codecs: readonly PayloadCodec[];
  /** Its encodings (RFC 8852), in the order offered; empty where it is one stream. */
  readonly rids: readonly string[];
  /** Its streams, where the offer declares them and there are no RIDs. */
  readonly ssrcs: readonly { readonly ssrc: number; readonly rtxSsrc: number | null }[];
}

/** One m-line into which the SFU can put any peer's stream. */
export interface SlotPlan {
  /** Among the slots of its kind, from 0. */
  readonly index: number;
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  /** All that the client can decode and the room may use, under the client's own payload types. */
  readonly codecs: readonly PayloadCodec[];
  /** Of what the SFU sends in it, for life. */
  readonly ssrc: number;
  /** Of its retransmissions; 0 for audio, which has none. */
  readonly rtxSsrc: number;
}

export interface LinkPlan {
  readonly lines: readonly SendingLine[];
  readonly audioSlots: readonly SlotPlan[];
  readonly videoSlots: readonly SlotPlan[];
  /** All identifiers of the link: what packets from the client may carry. */
  readonly extensions: ExtensionIds;
  /** Those that packets to the client may carry. Fewer: Firefox sends dependency descriptors and reads none. */
  readonly slotExtensions: ExtensionIds;
  /** Whether packets to the client may have two-byte extension elements beside one-byte ones (`a=extmap-allow-mixed`). */
  readonly mixedExtensions: boolean;
  /** Names of the video codecs that it decodes in its slots. */
  readonly receives: readonly string[];
  /** Under which the SFU reports about what it receives: that of no slot. */
  readonly feedbackSsrc: number;
  /** The browser's end of ICE and DTLS. */
  readonly remote: RemoteTransport;
  /** Its data channels, null where it offered none. */
  readonly data: DataPlan | null;
  /** Every m-line of the offer, in order: what the answer mirrors. */
  readonly sections: readonly SectionPlan[];
}

/** A plan, or why there is none: a sentence that quotes nothing of the offer. */
export type Planned =
  | { readonly ok: true; readonly plan: LinkPlan }
  | { readonly ok: false; readonly reason: string };

export interface SdpPolicy {
  /** Allowed, preferred first. VP8 is kept besides wherever it is offered: every browser has it (RFC 7742, section 5). */
  readonly videoCodecs: readonly VideoCodec[];
  /** An SSRC picked at random outside; the link's own are counted up from it. */
  firstSsrc(): number;
  /** Slots beyond these are answered as inactive. */
  readonly maxAudioSlots: number;
  readonly maxVideoSlots: number;
  /** Whether everyone in the room takes redundant audio (RFC 2198). Default no: Firefox does not. */
  readonly audioRedundancy?: boolean;
  /**
   * Whether everyone in the room turns pictures by their header extension (3GPP TS 26.114). Default no: Firefox does not, and
   * a sender that may not say it turns its pictures itself.
   */
  readonly videoOrientation?: boolean;
}
