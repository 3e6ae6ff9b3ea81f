// The kinds of RTCP packet that the SFU knows (RFC 3550, section 6; RFC 4585), as one union told apart by `kind`.
import type { FullIntraRequest } from './full-intra-request.js';
import type { GenericNack } from './generic-nack.js';
import type { Goodbye } from './goodbye.js';
import type { PictureLossIndication } from './picture-loss-indication.js';
import type { ReceiverReport } from './receiver-report.js';
import type { RembMessage } from './remb.js';
import type { SenderReport } from './sender-report.js';
import type { SourceDescription } from './source-description.js';
import type { TransportFeedback } from './transport-feedback.js';

/**
 * A packet that was framed well but is not acted on: extended reports, application-defined ones, kinds not known
 * here, and known kinds whose content is not as it should be. Its content is not kept.
 */
export interface OtherRtcp {
  readonly kind: 'other';
  /** 192 to 223. */
  readonly packetType: number;
  /** The five bits of the header: a count, or the feedback message type. */
  readonly format: number;
  /** Of the whole packet, in bytes. */
  readonly length: number;
}

export type RtcpPacket =
  | SenderReport
  | ReceiverReport
  | SourceDescription
  | Goodbye
  | GenericNack
  | PictureLossIndication
  | FullIntraRequest
  | RembMessage
  | TransportFeedback
  | OtherRtcp;
