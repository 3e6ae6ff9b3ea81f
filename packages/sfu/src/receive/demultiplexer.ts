// To which line and encoding a packet of the BUNDLE belongs (RFC 8843, section 9.2; RFC 8852, section 3).

import { readText } from '../rtp/header-extension.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { ExtensionIds, LinkPlan, PayloadCodec, SendingLine } from '../sdp/link-plan.js';
import { Encoding } from './encoding.js';

/** Where a packet belongs. The same object for all packets of an SSRC with one payload type. */
export interface Route {
  readonly line: SendingLine;
  /** Null on a line that is one stream. */
  readonly rid: string | null;
  /** Of the encoding among all of the link, from 0, for life. Its SSRC may change: then the stream began anew. */
  readonly index: number;
  /** Of the encoding itself, also when the packet is a repair. */
  readonly ssrc: number;
  /** The packet is RTX (RFC 4588): to be unwrapped first. */
  readonly repair: boolean;
  /** Of the media inside, also when the packet is a repair. */
  readonly codec: PayloadCodec;
}

/** What is known of one SSRC. */
interface Latch {
  readonly encoding: Encoding;
  readonly repair: boolean;
  payloadType: number;
  /** For packets with that payload type; null where they belong nowhere at present. */
  route: Route | null;
}

/**
 * One per link. MID and RID latch an SSRC, as senders stop telling them once a report has named it; then it takes one
 * look-up. An encoding has one SSRC and one of repairs at a time, so what is remembered is bounded by the plan. MIDs
 * that move an SSRC to another line (section 9.2, last step) need a new negotiation, and there is none.
 */
export class Demultiplexer {
  readonly #extensions: ExtensionIds;
  readonly #encodings: readonly Encoding[];
  readonly #latches = new Map<number, Latch>();

  constructor(plan: Pick<LinkPlan, 'lines' | 'extensions'>) {
    this.#extensions = plan.extensions;
    const rids = plan.lines.flatMap((line) =>
      (line.rids.length > 0 ? line.rids : [null]).map((rid) => ({ line, rid })),
    );
    this.#encodings = rids.map(({ line, rid }, index) => new Encoding(line, rid, index));
    for (const encoding of this.#encodings) this.#declare(encoding);
  }

  /** SSRCs that are known. */
  get size(): number {
    return this.#latches.size;
  }

  /** Null for a packet that cannot be told, or is nothing that was negotiated: to be dropped. */
  route(packet: RtpPacket): Route | null {
    const latch = this.#latches.get(packet.ssrc);
    if (latch === undefined) return this.#latch(packet);
    if (!latch.repair) latch.encoding.heard = true;
    if (latch.payloadType !== packet.payloadType || latch.route === null) {
      latch.payloadType = packet.payloadType;
      latch.route = this.#compose(latch);
    }
    return latch.route;
  }

  /**
   * RTCP BYE: which encoding ended; null when the SSRC is none's. It stays known: some browsers say BYE when they turn
   * an encoding off, and Chromium goes on with the same SSRC when it turns it on again, without telling its RID.
   */
  goodbye(ssrc: number): Pick<Route, 'line' | 'rid' | 'index'> | null {
    const latch = this.#latches.get(ssrc);
    return latch === undefined || latch.repair ? null : latch.encoding;
  }

  #declare(encoding: Encoding): void {
    if (encoding.rid !== null) return;
    const declared = encoding.line.ssrcs[0];
    if (declared === undefined || this.#latches.has(declared.ssrc)) return;
    this.#set(encoding, declared.ssrc, false);
    if (declared.rtxSsrc !== null && !this.#latches.has(declared.rtxSsrc)) {
      this.#set(encoding, declared.rtxSsrc, true);
    }
  }

  /** An SSRC that is not known. */
  #latch(packet: RtpPacket): Route | null {
    const mid = readText(packet, this.#extensions.mid);
    const repairedRid = readText(packet, this.#extensions.repairedRid);
    const rid = repairedRid ?? readText(packet, this.#extensions.rid);
    const encoding = this.#find(mid, rid, packet.payloadType);
    if (encoding === null) return null;
    const repair = encoding.isRepair(packet.payloadType);
    if (repair === null || (repairedRid !== null && !repair)) return null;
    if (repair) {
      // Repairs of what has not been heard of are of no use.
      if (encoding.present === null) return null;
    } else if (!encoding.admits(packet.ssrc, mid !== null)) return null;
    const latch = this.#set(encoding, packet.ssrc, repair);
    latch.payloadType = packet.payloadType;
    latch.route = this.#compose(latch);
    return latch.route;
  }

  /** By MID, else by a payload type that only one line has; inside the line by RID. */
  #find(mid: string | null, rid: string | null, payloadType: number): Encoding | null {
    let line: SendingLine | null = null;
    let found: Encoding | null = null;
    let several = false;
    for (const encoding of this.#encodings) {
      const here = mid === null ? encoding.isRepair(payloadType) !== null : encoding.line.mid === mid;
      if (!here) continue;
      if (line !== null && line !== encoding.line) return null;
      line = encoding.line;
      if (rid !== null && encoding.rid !== null && encoding.rid !== rid) continue;
      several = found !== null;
      found = encoding;
    }
    return several ? null : found;
  }

  #set(encoding: Encoding, ssrc: number, repair: boolean): Latch {
    this.#latches.delete(repair ? encoding.repairSsrc : encoding.ssrc);
    if (repair) encoding.repairSsrc = ssrc;
    else encoding.moveTo(ssrc);
    const latch: Latch = { encoding, repair, payloadType: -1, route: null };
    this.#latches.set(ssrc, latch);
    return latch;
  }

  #compose({ encoding, repair, payloadType }: Latch): Route | null {
    const { line, rid, index, ssrc } = encoding;
    const codec = encoding.codec(payloadType, repair);
    if (codec === null) return null;
    if (!repair) {
      encoding.present = codec;
      const repairs = this.#latches.get(encoding.repairSsrc);
      if (repairs !== undefined) repairs.route = null;
    } else if (encoding.present !== codec) return null;
    return { line, rid, index, ssrc, repair, codec };
  }
}
