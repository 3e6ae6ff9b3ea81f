// Payloads that say where they come from, so that a packet is known again wherever the router sends it.
import type { LineName } from '../../src/router/room-events.js';

/** Of which client, line and encoding a packet is, and its place there. */
export interface Label {
  readonly client: number;
  readonly line: LineName;
  readonly rid: string;
  readonly frame: number;
  /** Of the packet in its frame. */
  readonly index: number;
  readonly keyFrame: boolean;
  /** Of VP8, 15 bits; -1 for audio. */
  readonly pictureId: number;
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
  head[5] = 0x20;
  head[DESCRIPTOR_LENGTH] = key ? 0 : 1;
  if (key) {
    head.set([0x9d, 0x01, 0x2a], DESCRIPTOR_LENGTH + 3);
    head.writeUInt16LE(size.width, DESCRIPTOR_LENGTH + 6);
    head.writeUInt16LE(size.height, DESCRIPTOR_LENGTH + 8);
  }
  return padded(Buffer.concat([head, labelBytes(label)]), bytes);
}

export function audioPayload(label: Label, bytes: number): Buffer {
  return padded(labelBytes(label), bytes);
}

/** What `vp8Payload` or `audioPayload` has written; null for anything else. */
export function readLabel(payload: Buffer, video: boolean): Label | null {
  const key = video && payload[0] === 0x90 && ((payload[DESCRIPTOR_LENGTH] ?? 1) & 1) === 0;
  const from = video ? DESCRIPTOR_LENGTH + (key ? KEY_FRAME_HEADER_LENGTH : 1) : 0;
  if (payload.length < from + LABEL_LENGTH) return null;
  const line = LINES[payload[from + 2] ?? -1];
  const rid = RIDS[payload[from + 3] ?? -1];
  if (line === undefined || rid === undefined) return null;
  return {
    client: payload.readUInt16BE(from),
    line,
    rid,
    frame: payload.readUInt32BE(from + 4),
    index: payload[from + 8] ?? 0,
    keyFrame: key,
    pictureId: video ? payload.readUInt16BE(2) & 0x7fff : -1,
  };
}

function labelBytes(label: Label): Buffer {
  const bytes = Buffer.alloc(LABEL_LENGTH);
  bytes.writeUInt16BE(label.client, 0);
  bytes[2] = LINES.indexOf(label.line);
  bytes[3] = RIDS.indexOf(label.rid);
  bytes.writeUInt32BE(label.frame, 4);
  bytes[8] = label.index;
  return bytes;
}

function padded(payload: Buffer, bytes: number): Buffer {
  return payload.length >= bytes ? payload : Buffer.concat([payload, Buffer.alloc(bytes - payload.length)]);
}
