// One encoding that a client may send (a line, or one RID of it), and which SSRC it has at present.

import type { PayloadCodec, SendingLine } from '../sdp/link-plan.js';

/** Former SSRCs that are remembered, so that their last packets do not take the encoding back. */
const FORMER = 8;
/** So many packets of a former or doubtful SSRC, with none of the present one between, are believed. */
const BELIEVED = 50;

export class Encoding {
  /** -1 when none is known. */
  ssrc = -1;
  repairSsrc = -1;
  /** A packet of the present SSRC came since the last look. */
  heard = false;
  /** Of its last packet; null before the first. Repairs of another one come from before it changed. */
  present: PayloadCodec | null = null;
  readonly #former: number[] = [];
  #doubtful = 0;

  constructor(
    readonly line: SendingLine,
    readonly rid: string | null,
    readonly index: number,
  ) {}

  /** Whether a payload type of the line is of its repairs; null when it is none of the line's. */
  isRepair(payloadType: number): boolean | null {
    for (const codec of this.line.codecs) {
      if (codec.payloadType === payloadType) return false;
      if (codec.rtxPayloadType === payloadType) return true;
    }
    return null;
  }

  /** The codec with this payload type, or with this one of repairs. */
  codec(payloadType: number, repair: boolean): PayloadCodec | null {
    for (const codec of this.line.codecs) {
      if ((repair ? codec.rtxPayloadType : codec.payloadType) === payloadType) return codec;
    }
    return null;
  }

  /**
   * Whether another SSRC may take over. `named`: its packet says the MID. A client that begins an encoding anew may at
   * once; packets that the network held back from the SSRC before may not, nor a guess by payload type, unless the
   * present SSRC is silent.
   */
  admits(ssrc: number, named: boolean): boolean {
    if (this.ssrc < 0 || (named && !this.#former.includes(ssrc))) return true;
    this.#doubtful = this.heard ? 1 : this.#doubtful + 1;
    this.heard = false;
    return this.#doubtful >= BELIEVED;
  }

  moveTo(ssrc: number): void {
    if (this.ssrc >= 0) this.#former.push(this.ssrc);
    if (this.#former.length > FORMER) this.#former.shift();
    this.ssrc = ssrc;
    this.present = null;
    this.heard = false;
    this.#doubtful = 0;
  }
}
