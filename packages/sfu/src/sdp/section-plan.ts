// What the answer says in each m-line, and about the client's transport: the part of a plan that only SDP needs.

import type { PayloadCodec, SendingLine, SlotPlan } from './link-plan.js';

/** The browser's credentials (RFC 8839, section 5.4) and the hash of its certificate (RFC 8122). */
export interface RemoteTransport {
  readonly usernameFragment: string;
  readonly password: string;
  readonly fingerprint: Fingerprint;
}

export interface Fingerprint {
  /** As in SDP: `sha-256`. */
  readonly algorithm: string;
  /** Hexadecimal pairs with colons between. */
  readonly value: string;
}

/** The m-line of data channels (RFC 8841). */
export interface DataPlan {
  readonly mid: string;
  /** The client's. */
  readonly sctpPort: number;
  /** Largest message that the client takes, in bytes; 0 = of any size. */
  readonly maxMessageSize: number;
}

/** A header extension as the answer repeats it, directions turned round. */
export interface AnsweredExtension {
  readonly id: number;
  readonly uri: string;
  readonly direction: 'sendonly' | 'recvonly' | null;
}

/** An encoding as the answer repeats it (RFC 8851). */
export interface AnsweredRid {
  readonly rid: string;
  /** Its restrictions, possibly empty. */
  readonly parameters: string;
}

/** What all m-lines of RTP have. */
export interface RtpTerms {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  readonly codecs: readonly PayloadCodec[];
  readonly extensions: readonly AnsweredExtension[];
  /** Reduced-size RTCP (RFC 5506) was offered. */
  readonly reducedSize: boolean;
  /** `a=extmap-allow-mixed` was offered. */
  readonly mixed: boolean;
}

/** An m-line in which the client sends. */
export interface LineSection {
  readonly use: 'line';
  readonly terms: RtpTerms;
  readonly line: SendingLine;
  readonly rids: readonly AnsweredRid[];
}

/** An m-line in which the SFU sends. */
export interface SlotSection {
  readonly use: 'slot';
  readonly terms: RtpTerms;
  readonly slot: SlotPlan;
}

/** An m-line in which nobody sends. */
export interface IdleSection {
  readonly use: 'idle';
  readonly terms: RtpTerms;
}

export interface DataSection {
  readonly use: 'data';
  readonly data: DataPlan;
}

export type RtpSection = LineSection | SlotSection | IdleSection;
export type SectionPlan = RtpSection | DataSection;
