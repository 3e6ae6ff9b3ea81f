// The m-lines of a link to the SFU: four that send, in the order of LINES, then slots that receive. Never renegotiated.

import type { Line, VideoCodec } from '@maru/protocol';
import { CAMERA_ENCODINGS, SCREEN_ENCODINGS } from './camera-layers.js';

/** The lines in m-line order, and their kinds, as the protocol has them; this chunk takes nothing at run time from there. */
export const LINES = ['mic', 'camera', 'screen', 'screenAudio'] as const satisfies readonly Line[];
export const LINE_KIND = {
  mic: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
} as const satisfies Record<Line, 'audio' | 'video'>;

/** Slots that are offered. The SFU may take fewer. */
export const AUDIO_SLOTS = 10;
export const VIDEO_SLOTS = 14;

/** The encodings that a line is sent in; undefined for one. */
const ENCODINGS = {
  // Sound goes first wherever the browser divides one connection's bits (W3C webrtc-priority, section 4).
  mic: [{ priority: 'high' }],
  camera: CAMERA_ENCODINGS,
  screen: SCREEN_ENCODINGS,
  screenAudio: undefined,
} as const;

/** What every offer holds besides: sound, and repairs of pictures. */
const ALWAYS = /^(audio\/opus|video\/rtx)$/i;

/** The variant of each codec that every implementation of it has; the rest would only make offers long. */
const VARIANTS: Readonly<Record<VideoCodec, RegExp>> = {
  VP8: /^/,
  VP9: /^(?!.*profile-id=[1-9])/,
  H264: /^(?=.*packetization-mode=1)(?=.*profile-level-id=42e0)/i,
  AV1: /^(?!.*profile=[1-9])/,
};

/**
 * Adds all lines to a fresh connection, with nothing sent yet. `videoCodecs`: those that the SFU would use, for the slots;
 * `sendable`: those of them in which this browser makes several sizes (see sendable-codecs.ts), for what it sends. VP8 is one
 * of both, and most often the only one: every browser encodes it in three layers and decodes it.
 */
export function addSfuLines(
  pc: RTCPeerConnection,
  videoCodecs: readonly VideoCodec[],
  sendable: readonly VideoCodec[],
): void {
  const person = new MediaStream();
  const screen = new MediaStream();
  for (const line of LINES) {
    const sendEncodings = ENCODINGS[line];
    const transceiver = pc.addTransceiver(LINE_KIND[line], {
      direction: 'sendonly',
      streams: [line.startsWith('screen') ? screen : person],
      ...(sendEncodings && { sendEncodings: sendEncodings.map((encoding) => ({ ...encoding })) }),
    });
    preferCodecs(transceiver, LINE_KIND[line], sendable);
  }
  for (const [kind, count] of [
    ['audio', AUDIO_SLOTS],
    ['video', VIDEO_SLOTS],
  ] as const) {
    for (let slot = 0; slot < count; slot++) {
      preferCodecs(pc.addTransceiver(kind, { direction: 'recvonly' }), kind, videoCodecs);
    }
  }
}

function preferCodecs(
  transceiver: RTCRtpTransceiver,
  kind: 'audio' | 'video',
  videoCodecs: readonly VideoCodec[],
): void {
  const all = globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];
  const wanted = all.filter(
    (codec) => ALWAYS.test(codec.mimeType) || videoCodecs.some((name) => isVariant(codec, name)),
  );
  if (wanted.length > 0) transceiver.setCodecPreferences?.(wanted);
}

function isVariant({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec, name: VideoCodec): boolean {
  return mimeType.toLowerCase() === `video/${name.toLowerCase()}` && VARIANTS[name].test(sdpFmtpLine);
}

/** Slots of one kind that the answer has taken, in the order of their m-lines. */
export function slotsOf(pc: RTCPeerConnection, kind: 'audio' | 'video'): readonly RTCRtpTransceiver[] {
  const first = LINES.length + (kind === 'audio' ? 0 : AUDIO_SLOTS);
  return pc
    .getTransceivers()
    .slice(first, first + (kind === 'audio' ? AUDIO_SLOTS : VIDEO_SLOTS))
    .filter(({ currentDirection }) => currentDirection === 'recvonly');
}
