// What this browser says that it encodes and decodes well for calls (W3C media-capabilities, type `webrtc`).

import type { VideoCodec } from '@maru/protocol';
import { BY_COST, rankCodecs } from './codec-choice.js';

/** The picture that is asked about: what most cameras of calls give. */
const PICTURE = { width: 640, height: 480, bitrate: 1_000_000, framerate: 30 } as const;

export interface CodecsDoneWell {
  /** Best first; empty where the browser does not say. */
  readonly encodes: readonly VideoCodec[];
  readonly decodes: readonly VideoCodec[];
}

/** Asks the browser. Never rejects: one that cannot be asked does nothing well that we know of. */
export async function codecsDoneWell(): Promise<CodecsDoneWell> {
  const capabilities = globalThis.navigator?.mediaCapabilities;
  if (!capabilities) return { encodes: [], decodes: [] };
  const [encodes, decodes] = await Promise.all([
    ranked((video) => capabilities.encodingInfo({ type: 'webrtc', video })),
    ranked((video) => capabilities.decodingInfo({ type: 'webrtc', video })),
  ]);
  return { encodes, decodes };
}

async function ranked(
  ask: (video: VideoConfiguration) => Promise<MediaCapabilitiesInfo>,
): Promise<VideoCodec[]> {
  const abilities = await Promise.all(
    BY_COST.map(async (codec) => {
      try {
        const { supported, smooth, powerEfficient } = await ask({
          contentType: `video/${codec}`,
          ...PICTURE,
        });
        return { codec, smooth: supported && smooth, powerEfficient };
      } catch {
        // A browser that does not know the type `webrtc` refuses the question: then nothing is known of this codec.
        return { codec, smooth: false, powerEfficient: false };
      }
    }),
  );
  return rankCodecs(abilities);
}
