// In which codecs this browser makes a picture in several sizes at once.

import type { VideoCodec } from '@maru/protocol';
import type { Clock } from '../env/env.js';

/** All that is asked for: three sizes, which build upon each other in key frames alone (W3C webrtc-svc, section 6). */
const SPATIAL_LAYERS = 'L3T3_KEY';

/** As large a picture as a camera usually gives; what is asked is whether it can be done, not how well. */
const PICTURE = { width: 1_280, height: 720, bitrate: 2_000_000, framerate: 30 } as const;

/** How long the browser may take to say; a call is not to wait for a codec. */
const ANSWER_MS = 500;

/**
 * Those of these codecs in which pictures can be sent to the SFU. VP8 and H.264 go as simulcast; of VP9 and AV1 browsers
 * make several sizes as spatial layers of one stream, where they can. Never rejects.
 */
export async function sendableCodecs(
  videoCodecs: readonly VideoCodec[],
  clock: Clock,
): Promise<readonly VideoCodec[]> {
  const layered: readonly VideoCodec[] = videoCodecs.filter((codec) => codec === 'VP9' || codec === 'AV1');
  if (layered.length === 0) return videoCodecs;
  // A browser that does not know the question says yes to what no VP8 has.
  const asked = Promise.all(['VP8' as const, ...layered].map(makesSpatialLayers));
  const [unheard, ...answers] = await new Promise<readonly boolean[]>((resolve) => {
    const timer = clock.after(ANSWER_MS, () => resolve([]));
    void asked.then((answered) => {
      timer.cancel();
      resolve(answered);
    });
  });
  return videoCodecs.filter((codec) => {
    const place = layered.indexOf(codec);
    return place < 0 || (!unheard && answers[place]);
  });
}

/** Asks the browser (W3C webrtc-svc, section 5; media-capabilities, type `webrtc`). */
async function makesSpatialLayers(codec: VideoCodec): Promise<boolean> {
  const video = { contentType: `video/${codec}`, ...PICTURE, scalabilityMode: SPATIAL_LAYERS };
  try {
    const info = await globalThis.navigator?.mediaCapabilities?.encodingInfo({ type: 'webrtc', video });
    return info?.supported ?? false;
  } catch {
    // One that refuses the question does not have them.
    return false;
  }
}
