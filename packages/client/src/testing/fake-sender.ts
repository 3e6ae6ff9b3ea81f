// A sender for tests: it holds parameters as W3C webrtc-pc, section 5.2 says, and reports what a test gives it.

import { settle } from './fake-env.js';

export const FAKE_CODECS: readonly RTCRtpCodec[] = ['video/VP8', 'video/H264', 'video/VP9'].map(
  (mimeType) => ({
    mimeType,
    clockRate: 90_000,
  }),
);

/** An encoding with the codec of W3C webrtc-extensions, section 4, which lib.dom does not know yet. */
type Encoding = RTCRtpEncodingParameters & { codec?: RTCRtpCodec };

export class FakeSender {
  encoding: Encoding = { active: true };
  /** Every encoding that was set, in order. */
  readonly set: Encoding[] = [];
  /** Before the first description there is none to set. */
  negotiated = true;
  /** Refuses to be told the codec, as browsers without that extension may. */
  refusesCodec = false;
  /** Refuses everything, as the sender of a closed connection does. */
  broken = false;
  /** Bits per second that its path takes. */
  available: number | null = null;
  cpuLimited = false;
  /** How many `setParameters` are under way at the same time, at most. */
  mostAtOnce = 0;
  #underWay = 0;
  #read = false;

  /** As the links hand it out. */
  get it(): RTCRtpSender {
    return this as unknown as RTCRtpSender;
  }

  getParameters(): RTCRtpSendParameters {
    this.#read = true;
    return {
      transactionId: 'now',
      codecs: this.negotiated ? FAKE_CODECS.map((codec, payloadType) => ({ ...codec, payloadType })) : [],
      encodings: this.negotiated ? [{ ...this.encoding }] : [],
      headerExtensions: [],
      rtcp: {},
    };
  }

  async setParameters({ encodings: [encoding = {}] }: RTCRtpSendParameters): Promise<void> {
    if (!this.#read) throw new DOMException('not read in this turn', 'InvalidStateError');
    this.#read = false;
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    await settle();
    this.#underWay -= 1;
    if (this.broken) throw new DOMException('closed', 'InvalidStateError');
    if (this.refusesCodec && 'codec' in encoding) throw new DOMException('codec?', 'OperationError');
    this.encoding = encoding;
    this.set.push(encoding);
  }

  async getStats(): Promise<RTCStatsReport> {
    if (this.broken) throw new DOMException('closed', 'InvalidStateError');
    const entries = [
      { id: 'out', type: 'outbound-rtp', qualityLimitationReason: this.cpuLimited ? 'cpu' : 'none' },
      { id: 'pair', type: 'candidate-pair', nominated: true, availableOutgoingBitrate: this.available },
      { id: 'other', type: 'candidate-pair', nominated: false, availableOutgoingBitrate: 1 },
    ];
    return new Map(entries.map((entry) => [entry.id, entry]));
  }
}
