// The m-lines of a link to the SFU: four that send, in the order of LINES, then slots that receive. Never renegotiated.

import type { Layer, Line } from '@maru/protocol';
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

/** The pictures that are sent in several encodings, and their RIDs, the smallest first. */
export const LAYERS_OF: Readonly<Record<'camera' | 'screen', readonly Layer[]>> = {
  camera: CAMERA_ENCODINGS.map(({ rid }) => rid),
  screen: SCREEN_ENCODINGS.map(({ rid }) => rid),
};

/**
 * The codecs of the SFU's lines. One for pictures, which every browser encodes in three layers and decodes: whoever comes
 * later can be shown what is sent already. Nothing else is offered where the browser allows, so that offers stay small.
 */
const WANTED = /^(audio\/opus|video\/(vp8|rtx))$/i;

/** Adds all lines to a fresh connection, with nothing sent yet. */
export function addSfuLines(pc: RTCPeerConnection): void {
  const person = new MediaStream();
  const screen = new MediaStream();
  for (const line of LINES) {
    const sendEncodings = ENCODINGS[line];
    const transceiver = pc.addTransceiver(LINE_KIND[line], {
      direction: 'sendonly',
      streams: [line.startsWith('screen') ? screen : person],
      ...(sendEncodings && { sendEncodings: sendEncodings.map((encoding) => ({ ...encoding })) }),
    });
    preferCodecs(transceiver, LINE_KIND[line]);
  }
  for (const [kind, count] of [
    ['audio', AUDIO_SLOTS],
    ['video', VIDEO_SLOTS],
  ] as const) {
    for (let slot = 0; slot < count; slot++) {
      preferCodecs(pc.addTransceiver(kind, { direction: 'recvonly' }), kind);
    }
  }
}

function preferCodecs(transceiver: RTCRtpTransceiver, kind: 'audio' | 'video'): void {
  const all = globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];
  const wanted = all.filter(({ mimeType }) => WANTED.test(mimeType));
  if (wanted.length > 0) transceiver.setCodecPreferences?.(wanted);
}

/** Slots of one kind that the answer has taken, in the order of their m-lines. */
export function slotsOf(pc: RTCPeerConnection, kind: 'audio' | 'video'): readonly RTCRtpTransceiver[] {
  const first = LINES.length + (kind === 'audio' ? 0 : AUDIO_SLOTS);
  return pc
    .getTransceivers()
    .slice(first, first + (kind === 'audio' ? AUDIO_SLOTS : VIDEO_SLOTS))
    .filter(({ currentDirection }) => currentDirection === 'recvonly');
}
