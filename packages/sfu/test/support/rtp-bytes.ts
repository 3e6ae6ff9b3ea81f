// RTP packets built for tests from what they shall say.
import { beginExtensionBlock, endExtensionBlock, writeExtension } from '../../src/rtp/extension-block.js';
import { ONE_BYTE_PROFILE } from '../../src/rtp/header-extension.js';
import { type RtpPacket, readRtp } from '../../src/rtp/rtp-packet.js';

export interface RtpContent {
  readonly marker?: boolean;
  readonly payloadType?: number;
  readonly sequenceNumber?: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly csrcs?: readonly number[];
  readonly profile?: number;
  /** Elements by id, in this order. */
  readonly extensions?: readonly (readonly [id: number, data: Uint8Array])[];
  readonly payload?: Uint8Array;
  /** Bytes of padding, 0 to 255. */
  readonly padding?: number;
}

export function rtpBytes(content: RtpContent): Buffer {
  const csrcs = content.csrcs ?? [];
  const header = Buffer.alloc(12 + csrcs.length * 4);
  header[0] = 0x80 | csrcs.length;
  header[1] = (content.marker ? 0x80 : 0) | (content.payloadType ?? 96);
  header.writeUInt16BE(content.sequenceNumber ?? 1, 2);
  header.writeUInt32BE(content.timestamp ?? 2, 4);
  header.writeUInt32BE(content.ssrc ?? 3, 8);
  csrcs.forEach((csrc, index) => {
    header.writeUInt32BE(csrc, 12 + index * 4);
  });
  const block = extensionBlock(content.profile ?? ONE_BYTE_PROFILE, content.extensions ?? []);
  if (block.length > 0) header[0] |= 0x10;
  const padding = Buffer.alloc(content.padding ?? 0);
  if (padding.length > 0) {
    header[0] |= 0x20;
    padding[padding.length - 1] = padding.length;
  }
  return Buffer.concat([header, block, content.payload ?? Buffer.alloc(0), padding]);
}

function extensionBlock(profile: number, extensions: NonNullable<RtpContent['extensions']>): Buffer {
  const out = Buffer.alloc(8 + extensions.reduce((sum, [, data]) => sum + 2 + data.length, 0));
  let at = beginExtensionBlock(0);
  for (const [id, data] of extensions) at = writeExtension(out, at, profile, id, data, 0, data.length);
  return out.subarray(0, endExtensionBlock(out, 0, at, profile));
}

/** The same, read. */
export function rtpPacket(content: RtpContent): RtpPacket {
  return sound(readRtp(rtpBytes(content)));
}

/** A packet whose extension block holds exactly these bytes, padded to 32 bits. */
export function packetWithElements(profile: number, elements: readonly number[]): RtpPacket {
  const words = Math.ceil(elements.length / 4);
  const bytes = Buffer.alloc(16 + words * 4);
  bytes[0] = 0x90;
  bytes.writeUInt16BE(profile, 12);
  bytes.writeUInt16BE(words, 14);
  bytes.set(elements, 16);
  return sound(readRtp(bytes));
}

function sound(packet: RtpPacket | null): RtpPacket {
  if (packet === null) throw new Error('the test built a packet that is not RTP');
  return packet;
}
