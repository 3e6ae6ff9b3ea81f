// Payloads that say where they come from, so that a packet is known again wherever the router sends it.
import type { PictureSize } from '../../src/codec/picture-size.js';
import { Vp9Descriptor } from '../../src/codec/vp9-descriptor.js';
import type { LineName } from '../../src/router/room-events.js';
import { packetOf, vp9Payload } from './codec-packets.js';

/** Of which client, line and encoding a packet is, and its place there. */
export interface Label {
  readonly client: number;
  readonly line: LineName;
  readonly rid: string;
  readonly frame: number;
  /** Of the packet in its frame. */
  readonly index: number;
  readonly keyFrame: boolean;
  /** Of VP8 and VP9, 15 bits; -1 for audio. */
  readonly pictureId: number;
  /** Inside its encoding (VP9). */
  readonly spatialLayer: number;
  /** Of VP8; each of these frames can be the first of its layer. */
  readonly temporalLayer: number;
}

const LINES: readonly LineName[] = ['mic', 'camera', 'screen', 'screenAudio'];
const RIDS = ['', 'l', 'm', 'h'];
const LABEL_LENGTH = 9;
/** VP8's descriptor with all its ids (RFC 7741, section 4.2). */
const DESCRIPTOR_LENGTH = 6;
/** What a key frame begins with (RFC 6386, section 9.1): frame tag, start code and sizes. */
const KEY_FRAME_HEADER_LENGTH = 10;

/** A VP8 payload of so many bytes. */
export function vp8Payload(label: Label, size: { width: number; height: number }, bytes: number): Buffer {
  const first = label.index === 0;
  const key = first && label.keyFrame;
  const head = Buffer.alloc(DESCRIPTOR_LENGTH + (key ? KEY_FRAME_HEADER_LENGTH : 1));
  head[0] = first ? 0x90 : 0x80;
  head[1] = 0xe0;
  head.writeUInt16BE(0x8000 | label.pictureId, 2);
  head[4] = label.frame & 0xff;
  head[5] = 0x20 | (label.temporalLayer << 6);
  head[DESCRIPTOR_LENGTH] = key ? 0 : 1;
  if (key) {
    head.set([0x9d, 0x01, 0x2a], DESCRIPTOR_LENGTH + 3);
    head.writeUInt16LE(size.width, DESCRIPTOR_LENGTH + 6);
    head.writeUInt16LE(size.height, DESCRIPTOR_LENGTH + 8);
  }
  return padded(Buffer.concat([head, labelBytes(label)]), bytes);
}

/** A VP9 payload: the first or last packet of a spatial layer, or one in between. `sizes`: of all layers. */
export function svcPayload(
  label: Label,
  { start, end }: { start: boolean; end: boolean },
  sizes: readonly PictureSize[],
  bytes: number,
): Buffer {
  const structure = [((sizes.length - 1) << 5) | 0x10];
  for (const { width, height } of sizes) structure.push(width >> 8, width & 0xff, height >> 8, height & 0xff);
  const head = vp9Payload({
    start,
    end,
    interPicture: !label.keyFrame,
    pictureId: label.pictureId,
    temporalLayer: 0,
    spatialLayer: label.spatialLayer,
    tl0PictureIndex: label.frame & 0xff,
    ...(label.keyFrame && label.index === 0 && { structure }),
  });
  return padded(Buffer.concat([Buffer.from(head), labelBytes(label)]), bytes);
}

export function audioPayload(label: Label, bytes: number): Buffer {
  return padded(labelBytes(label), bytes);
}

/** What these have written, by the name of the codec; null for anything else. */
export function readLabel(payload: Buffer, codec: string): Label | null {
  if (codec === 'VP9') return readSvcLabel(payload);
  const video = codec === 'VP8';
  const key = video && payload[0] === 0x90 && ((payload[DESCRIPTOR_LENGTH] ?? 1) & 1) === 0;
  const from = video ? DESCRIPTOR_LENGTH + (key ? KEY_FRAME_HEADER_LENGTH : 1) : 0;
  return labelAt(payload, from, key, video ? payload.readUInt16BE(2) & 0x7fff : -1);
}

function readSvcLabel(payload: Buffer): Label | null {
  const descriptor = new Vp9Descriptor();
  if (!descriptor.read(packetOf(payload))) return null;
  const { interPicture, startOfFrame, spatialLayer, pictureId, length } = descriptor;
  // Behind the two bytes that stand for the picture.
  return labelAt(payload, length + 2, !interPicture && startOfFrame && spatialLayer === 0, pictureId);
}

function labelAt(payload: Buffer, from: number, keyFrame: boolean, pictureId: number): Label | null {
  if (payload.length < from + LABEL_LENGTH) return null;
  const line = LINES[payload[from + 2] ?? -1];
  const layer = payload[from + 3] ?? 0xff;
  const rid = RIDS[layer & 0x0f];
  if (line === undefined || rid === undefined) return null;
  return {
    client: payload.readUInt16BE(from),
    line,
    rid,
    frame: payload.readUInt32BE(from + 4),
    index: payload[from + 8] ?? 0,
    keyFrame,
    pictureId,
    spatialLayer: (layer >> 4) & 0x03,
    temporalLayer: layer >> 6,
  };
}

function labelBytes(label: Label): Buffer {
  const bytes = Buffer.alloc(LABEL_LENGTH);
  bytes.writeUInt16BE(label.client, 0);
  bytes[2] = LINES.indexOf(label.line);
  bytes[3] = RIDS.indexOf(label.rid) | (label.spatialLayer << 4) | (label.temporalLayer << 6);
  bytes.writeUInt32BE(label.frame, 4);
  bytes[8] = label.index;
  return bytes;
}

function padded(payload: Buffer, bytes: number): Buffer {
  return payload.length >= bytes ? payload : Buffer.concat([payload, Buffer.alloc(bytes - payload.length)]);
}
