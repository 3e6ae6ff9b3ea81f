// Which encodings of a picture are sent, and how large each is: simulcast (W3C webrtc-pc, section 5.2; RFC 8853). Pure.

import type { Layer } from '@maru/protocol';

/** One encoding of a sender. */
export interface LayerOrder {
  readonly rid: Layer;
  readonly active: boolean;
  /** `scaleResolutionDownBy`. */
  readonly scale: number;
  /** In bits per second. */
  readonly maxBitrate: number;
  /** W3C webrtc-svc, section 4.3; undefined for what the browser does by itself. */
  readonly scalabilityMode?: string;
}

export type Encodings = typeof CAMERA_ENCODINGS | typeof SCREEN_ENCODINGS;

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
  encodings: Encodings,
  pixels: number,
  shown: readonly Layer[] | null,
): readonly LayerOrder[] {
  const most = ENCODED.find((row) => pixels >= row.pixels)?.layers ?? 1;
  const made = Math.min(encodings.length, most);
  const wanted = ({ rid }: { rid: Layer }): boolean => shown?.includes(rid) ?? true;
  const none = !encodings.slice(0, made).some(wanted) && (shown?.length ?? 1) > 0;
  return encodings.map((encoding, i) => ({
    rid: encoding.rid,
    active: i < made && (wanted(encoding) || (none && i === made - 1)),
    // The largest that is made is the whole picture, each one before it half as wide.
    scale: 2 ** Math.max(0, made - 1 - i),
    maxBitrate: encoding.maxBitrate,
  }));
}

/**
 * The same pictures as spatial layers of the first encoding alone, where each builds upon the smaller ones in key frames
 * (L3T3_KEY: W3C webrtc-svc, section 6): the SFU takes larger ones away packet by packet, and bits are not sent twice.
 */
export function spatialOrders(orders: readonly LayerOrder[]): readonly LayerOrder[] {
  const layers = 1 + orders.findLastIndex(({ active }) => active);
  const [first] = orders;
  const top = orders[layers - 1] ?? first;
  if (!first || !top) return orders;
  const all = {
    rid: first.rid,
    active: layers > 0,
    scale: top.scale,
    maxBitrate: orders.slice(0, Math.max(1, layers)).reduce((sum, { maxBitrate }) => sum + maxBitrate, 0),
    scalabilityMode: layers > 1 ? `L${layers}T3_KEY` : 'L1T3',
  };
  return [all, ...orders.slice(1).map((order) => ({ ...order, active: false }))];
}

/** What TypeScript's own types leave out (W3C webrtc-svc, section 4.1). */
export interface ScalableEncoding extends RTCRtpEncodingParameters {
  scalabilityMode?: string;
}

/** Whether a sender's encodings are as ordered already. */
export function sameLayers(encodings: readonly ScalableEncoding[], orders: readonly LayerOrder[]): boolean {
  return encodings.every((encoding) => {
    const order = orders.find(({ rid }) => rid === encoding.rid);
    if (!order) return true;
    const { active = true, scaleResolutionDownBy = 1, maxBitrate, scalabilityMode } = encoding;
    const same = order.active === active && order.scale === scaleResolutionDownBy;
    if (order.scalabilityMode === undefined) return same;
    return same && order.maxBitrate === maxBitrate && order.scalabilityMode === scalabilityMode;
  });
}
