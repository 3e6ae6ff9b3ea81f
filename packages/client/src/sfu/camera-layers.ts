// Which encodings of a picture are sent, and how large each is: simulcast (W3C webrtc-pc, section 5.2; RFC 8853). Pure.

import type { Layer } from '@maru/protocol';

/** One encoding of a sender. `scale`: `scaleResolutionDownBy`. */
export interface LayerOrder {
  readonly rid: Layer;
  readonly active: boolean;
  readonly scale: number;
}

/** The most that each encoding takes, in bits per second, and how much smaller it is than the source at first. */
export const CAMERA_ENCODINGS = [
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
] as const satisfies readonly (RTCRtpEncodingParameters & { rid: Layer })[];

export const SCREEN_ENCODINGS = [
  { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 400_000 },
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 2_500_000 },
] as const satisfies readonly (RTCRtpEncodingParameters & { rid: Layer })[];

/**
 * How many encodings Chromium makes of a picture, by its pixels: of a small one only the first (libwebrtc, simulcast
 * formats). Those must then be the large ones, or a small camera would be sent at a quarter of its width.
 */
const ENCODED: readonly { readonly pixels: number; readonly layers: number }[] = [
  { pixels: 960 * 540, layers: 3 },
  { pixels: 480 * 270, layers: 2 },
  { pixels: 0, layers: 1 },
];

/**
 * The encodings for a source of so many pixels, the smallest first. `shown`: those that somebody is shown (`encode`), null
 * before that is known. Of a source of which something is shown at least one is sent.
 */
export function layerOrders(
  rids: readonly Layer[],
  pixels: number,
  shown: readonly Layer[] | null,
): readonly LayerOrder[] {
  const most = ENCODED.find((row) => pixels >= row.pixels)?.layers ?? 1;
  const made = Math.min(rids.length, most);
  const wanted = (rid: Layer): boolean => shown?.includes(rid) ?? true;
  const none = !rids.slice(0, made).some(wanted) && (shown?.length ?? 1) > 0;
  return rids.map((rid, i) => ({
    rid,
    active: i < made && (wanted(rid) || (none && i === made - 1)),
    // The largest that is made is the whole picture, each one before it half as wide.
    scale: 2 ** Math.max(0, made - 1 - i),
  }));
}

/** Whether a sender's encodings are as ordered already. */
export function sameLayers(
  encodings: readonly RTCRtpEncodingParameters[],
  orders: readonly LayerOrder[],
): boolean {
  return encodings.every(({ rid, active, scaleResolutionDownBy }) => {
    const order = orders.find((each) => each.rid === rid);
    return !order || (order.active === (active ?? true) && order.scale === (scaleResolutionDownBy ?? 1));
  });
}
