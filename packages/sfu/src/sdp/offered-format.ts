// The payload formats of one m-line (RFC 8866, section 6.6; RFC 4585): rtpmap, fmtp and rtcp-fb put together.

import { type MediaDescription, type ParamMap, parseParams } from 'sdp-transform';

export interface OfferedFormat {
  readonly payloadType: number;
  /** As registered where we know it, else as offered. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  readonly parameters: ParamMap;
  readonly feedback: readonly string[];
}

const KNOWN_NAMES = new Map(
  ['opus', 'red', 'rtx', 'VP8', 'VP9', 'H264', 'AV1'].map((name) => [name.toLowerCase(), name]),
);

/** In the order of the m-line, preferred first. What has no rtpmap, or a payload type that looks like RTCP, is left out. */
export function readFormats(media: MediaDescription): readonly OfferedFormat[] {
  const maps = firstByPayload(media.rtp);
  const parameters = firstByPayload(media.fmtp);
  const feedback = feedbackByPayload(media);
  const forAll = feedback.get('*') ?? [];
  const formats: OfferedFormat[] = [];
  for (const payloadType of readPayloadTypes(media)) {
    const map = maps.get(payloadType);
    if (!map) continue;
    const name = String(map.codec);
    formats.push({
      payloadType,
      name: KNOWN_NAMES.get(name.toLowerCase()) ?? name,
      clockRate: Number(map.rate ?? 0),
      channels: Number(map.encoding ?? 1),
      parameters: parseParams(String(parameters.get(payloadType)?.config ?? '')),
      feedback: [...(feedback.get(payloadType) ?? []), ...forAll],
    });
  }
  return formats;
}

function readPayloadTypes(media: MediaDescription): ReadonlySet<number> {
  const numbers = String(media.payloads ?? '')
    .split(' ')
    .map(Number);
  return new Set(numbers.filter(isUsable));
}

/** Seven bits, and never mistaken for RTCP on the same port (RFC 5761, section 4). */
function isUsable(payloadType: number): boolean {
  return (
    Number.isInteger(payloadType) &&
    payloadType >= 0 &&
    payloadType < 128 &&
    !(payloadType >= 64 && payloadType < 96)
  );
}

function firstByPayload<T extends { readonly payload: number }>(items: readonly T[]): ReadonlyMap<number, T> {
  const found = new Map<number, T>();
  for (const item of items) if (!found.has(item.payload)) found.set(item.payload, item);
  return found;
}

/** By payload type; `*` is about each of them (RFC 4585, section 4.2). */
function feedbackByPayload(media: MediaDescription): ReadonlyMap<number | string, readonly string[]> {
  const found = new Map<number | string, string[]>();
  for (const { payload, type, subtype } of media.rtcpFb ?? []) {
    const kinds = found.get(payload);
    const kind = subtype === undefined ? String(type) : `${type} ${subtype}`;
    if (kinds) kinds.push(kind);
    else found.set(payload, [kind]);
  }
  return found;
}
