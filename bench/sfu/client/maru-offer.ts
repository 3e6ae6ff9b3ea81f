// The offer of Maru's web client as text, around the transport of a raw client; and its answer cut down for that client.

import { MEDIA_MID } from './raw-client.js';

/** Numbers that packets of the bench carry, in every offer the same. */
export const PAYLOAD_TYPES = { opus: 111, vp8: 96, rtx: 97 } as const;
export const EXTENSIONS = { audioLevel: 1, transportSequence: 3, mid: 4, rid: 5, repairedRid: 6 } as const;
/** MIDs of the lines that send. */
export const MIDS = { mic: '0', camera: '1', screen: '2', screenAudio: '3' } as const;

export const EXTENSION_URIS = {
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
} as const;

export interface OfferedMedia {
  /** The encodings of the camera, none for one stream. */
  readonly rids: readonly string[];
  readonly audioSlots: number;
  readonly videoSlots: number;
}

/** `native`: the offer of the raw client itself. */
export function composeOffer(native: string, { rids, audioSlots, videoSlots }: OfferedMedia): string {
  const transport = [...lines(native, 'a=ice-ufrag:', 'a=ice-pwd:', 'a=fingerprint:'), 'a=setup:actpass'];
  const firstSlot = Object.keys(MIDS).length;
  const sections = [
    audio(MIDS.mic, 'sendonly'),
    [...video(MIDS.camera, 'sendonly'), ...simulcast(rids)],
    video(MIDS.screen, 'sendonly'),
    audio(MIDS.screenAudio, 'sendonly'),
    ...Array.from({ length: audioSlots }, (_, slot) => audio(String(firstSlot + slot), 'recvonly')),
    ...Array.from({ length: videoSlots }, (_, slot) =>
      video(String(firstSlot + audioSlots + slot), 'recvonly'),
    ),
    data(String(firstSlot + audioSlots + videoSlots)),
  ];
  const mids = sections.map((_, index) => index).join(' ');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mids}`,
    'a=extmap-allow-mixed',
    ...sections.flatMap((section) => [...section, ...transport]),
    '',
  ].join('\r\n');
}

/** The answer to `native`: the transport of the answer to the composed offer, with one m-line of media. */
export function reduceAnswer(native: string, answer: string): string {
  const transport = lines(answer, 'a=ice-ufrag:', 'a=ice-pwd:', 'a=fingerprint:', 'a=setup:');
  const candidates = answer.split('\r\n').filter((line) => line.startsWith('a=candidate:'));
  const dataMid = native.split(/^m=application/m)[1]?.match(/^a=mid:(\S+)/m)?.[1];
  const mids = dataMid === undefined ? MEDIA_MID : `${MEDIA_MID} ${dataMid}`;
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mids}`,
    `m=video 9 UDP/TLS/RTP/SAVPF ${PAYLOAD_TYPES.vp8}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${MEDIA_MID}`,
    'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${PAYLOAD_TYPES.vp8} VP8/90000`,
    ...transport,
    ...candidates,
    ...(dataMid === undefined ? [] : [...data(dataMid), ...transport]),
    '',
  ].join('\r\n');
}

/** The first line with each beginning. */
function lines(sdp: string, ...beginnings: readonly string[]): string[] {
  const all = sdp.split(/\r?\n/);
  return beginnings.map((beginning) => {
    const found = all.find((line) => line.startsWith(beginning));
    if (found === undefined) throw new Error(`A description has no ${beginning}`);
    return found;
  });
}

function audio(mid: string, direction: string): string[] {
  return rtp(
    'audio',
    mid,
    direction,
    [PAYLOAD_TYPES.opus],
    ['audioLevel', 'transportSequence', 'mid'],
    [
      `a=rtpmap:${PAYLOAD_TYPES.opus} opus/48000/2`,
      `a=fmtp:${PAYLOAD_TYPES.opus} minptime=10;useinbandfec=1`,
      `a=rtcp-fb:${PAYLOAD_TYPES.opus} transport-cc`,
    ],
  );
}

function video(mid: string, direction: string): string[] {
  const { vp8, rtx } = PAYLOAD_TYPES;
  return rtp(
    'video',
    mid,
    direction,
    [vp8, rtx],
    ['transportSequence', 'mid', 'rid', 'repairedRid'],
    [
      `a=rtpmap:${vp8} VP8/90000`,
      ...['nack', 'nack pli', 'ccm fir', 'transport-cc'].map((kind) => `a=rtcp-fb:${vp8} ${kind}`),
      `a=rtpmap:${rtx} rtx/90000`,
      `a=fmtp:${rtx} apt=${vp8}`,
    ],
  );
}

function rtp(
  kind: 'audio' | 'video',
  mid: string,
  direction: string,
  payloadTypes: readonly number[],
  extensions: readonly (keyof typeof EXTENSIONS)[],
  formats: readonly string[],
): string[] {
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadTypes.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    ...extensions.map((name) => `a=extmap:${EXTENSIONS[name]} ${EXTENSION_URIS[name]}`),
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...formats,
  ];
}

function simulcast(rids: readonly string[]): string[] {
  if (rids.length === 0) return [];
  return [...rids.map((rid) => `a=rid:${rid} send`), `a=simulcast:send ${rids.join(';')}`];
}

function data(mid: string): string[] {
  return [
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sctp-port:5000',
    'a=max-message-size:262144',
  ];
}
