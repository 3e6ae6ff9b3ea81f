// Packets with hand-made payloads for the tests of codecs: VP8 and VP9 descriptors, dependency descriptors, random bytes.
import { type RtpPacket, readRtp } from '../../src/rtp/rtp-packet.js';

export interface PacketFields {
  sequenceNumber?: number;
  timestamp?: number;
  marker?: boolean;
}

/** A packet with this payload, read as the SFU reads it. */
export function packetOf(payload: readonly number[] | Uint8Array, fields: PacketFields = {}): RtpPacket {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes[0] = 0x80;
  bytes[1] = 96 | (fields.marker ? 0x80 : 0);
  bytes.writeUInt16BE((fields.sequenceNumber ?? 0) & 0xffff, 2);
  bytes.writeUInt32BE((fields.timestamp ?? 0) >>> 0, 4);
  bytes.writeUInt32BE(0x5f5f5f5f, 8);
  bytes.set(payload, 12);
  const packet = readRtp(bytes);
  if (packet === null) throw new Error('no packet');
  return packet;
}

/** A copy of the payload, as it lies behind `room` other bytes of a scratch buffer. */
export function payloadCopy(packet: RtpPacket, room = 0): Buffer {
  const copy = Buffer.alloc(room + packet.payloadLength);
  packet.bytes.copy(copy, room, packet.payloadOffset, packet.payloadOffset + packet.payloadLength);
  return copy;
}

export interface Vp8Fields {
  /** First packet of the frame. */
  start?: boolean;
  keyFrame?: boolean;
  pictureId?: number;
  bits?: 7 | 15;
  tl0PictureIndex?: number;
  temporalLayer?: number;
  layerSync?: boolean;
  keyIndex?: number;
}

export function vp8Payload(fields: Vp8Fields): number[] {
  const { pictureId, bits = 15, tl0PictureIndex, temporalLayer, keyIndex } = fields;
  const extended =
    (pictureId === undefined ? 0 : 0x80) |
    (tl0PictureIndex === undefined ? 0 : 0x40) |
    (temporalLayer === undefined ? 0 : 0x20) |
    (keyIndex === undefined ? 0 : 0x10);
  const payload = [(extended ? 0x80 : 0) | ((fields.start ?? true) ? 0x10 : 0)];
  if (extended) payload.push(extended);
  if (pictureId !== undefined) payload.push(...pictureIdBytes(pictureId, bits));
  if (tl0PictureIndex !== undefined) payload.push(tl0PictureIndex & 0xff);
  if (temporalLayer !== undefined || keyIndex !== undefined) {
    payload.push(((temporalLayer ?? 0) << 6) | (fields.layerSync ? 0x20 : 0) | ((keyIndex ?? 0) & 0x1f));
  }
  return [...payload, fields.keyFrame ? 0x10 : 0x11, 0xab, 0xcd];
}

export interface Vp9Fields {
  start?: boolean;
  end?: boolean;
  interPicture?: boolean;
  flexible?: boolean;
  pictureId?: number;
  bits?: 7 | 15;
  /** Layers are told when there is a temporal one. */
  temporalLayer?: number;
  spatialLayer?: number;
  switchingUp?: boolean;
  tl0PictureIndex?: number;
  references?: readonly number[];
  structure?: readonly number[];
}

export function vp9Payload(fields: Vp9Fields): number[] {
  const { pictureId, bits = 15, temporalLayer, references = [], structure } = fields;
  const flag = (on: unknown, bit: number) => (on ? bit : 0);
  const payload = [
    flag(pictureId !== undefined, 0x80) |
      flag(fields.interPicture, 0x40) |
      flag(temporalLayer !== undefined, 0x20) |
      flag(fields.flexible, 0x10) |
      flag(fields.start ?? true, 0x08) |
      flag(fields.end ?? true, 0x04) |
      flag(structure, 0x02),
  ];
  if (pictureId !== undefined) payload.push(...pictureIdBytes(pictureId, bits));
  if (temporalLayer !== undefined) {
    const layers = (temporalLayer << 5) | flag(fields.switchingUp, 0x10) | ((fields.spatialLayer ?? 0) << 1);
    payload.push(layers);
    if (!fields.flexible) payload.push((fields.tl0PictureIndex ?? 0) & 0xff);
  }
  for (const [index, difference] of references.entries()) {
    payload.push((difference << 1) | flag(index < references.length - 1, 1));
  }
  return [...payload, ...(structure ?? []), 0xab, 0xcd];
}

function pictureIdBytes(pictureId: number, bits: 7 | 15): number[] {
  return bits === 15 ? [0x80 | ((pictureId >> 8) & 0x7f), pictureId & 0xff] : [pictureId & 0x7f];
}

/** Writes f(n) and ns(n). */
export class BitWriter {
  readonly #bits: number[] = [];

  bits(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit -= 1) this.#bits.push(Math.floor(value / 2 ** bit) % 2);
    return this;
  }

  below(value: number, limit: number): this {
    const width = limit.toString(2).length;
    const short = 2 ** width - limit;
    return value < short ? this.bits(value, width - 1) : this.bits(value + short, width);
  }

  done(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    for (const [at, bit] of this.#bits.entries()) {
      bytes[at >> 3] = (bytes[at >> 3] as number) | (bit << (7 - (at & 7)));
    }
    return bytes;
  }
}

export interface TemplateFields {
  spatialLayer: number;
  temporalLayer: number;
  /** One letter of `-DSR` per decode target. */
  indications: string;
  frameDifferences: readonly number[];
  chainDifferences: readonly number[];
}

export interface StructureFields {
  templateIdOffset: number;
  templates: readonly TemplateFields[];
  /** Chain of each decode target; empty: no chains. */
  chains: readonly number[];
  resolutions?: readonly (readonly [number, number])[];
}

export interface DescriptorFields {
  start?: boolean;
  end?: boolean;
  templateId: number;
  frameNumber: number;
  structure?: StructureFields;
  activeDecodeTargets?: number;
  /** What differs from the template, and of what structure that is. */
  custom?: {
    indications?: string;
    frameDifferences?: readonly number[];
    chainDifferences?: readonly number[];
  };
  decodeTargetCount?: number;
}

export function dependencyDescriptor(fields: DescriptorFields): Uint8Array {
  const { structure, activeDecodeTargets, custom = {} } = fields;
  const writer = new BitWriter()
    .bits(Number(fields.start ?? true), 1)
    .bits(Number(fields.end ?? true), 1)
    .bits(fields.templateId, 6)
    .bits(fields.frameNumber, 16);
  const flags = [structure, activeDecodeTargets, ...Object.values(pick(custom))].map(
    (it) => it !== undefined,
  );
  if (!flags.includes(true)) return writer.done();
  for (const flag of flags) writer.bits(Number(flag), 1);
  if (structure) writeStructure(writer, structure);
  if (activeDecodeTargets !== undefined) writer.bits(activeDecodeTargets, fields.decodeTargetCount ?? 1);
  if (custom.indications !== undefined) writeIndications(writer, custom.indications);
  if (custom.frameDifferences) {
    for (const difference of custom.frameDifferences) {
      const size = difference <= 16 ? 1 : difference <= 256 ? 2 : 3;
      writer.bits(size, 2).bits(difference - 1, 4 * size);
    }
    writer.bits(0, 2);
  }
  for (const difference of custom.chainDifferences ?? []) writer.bits(difference, 8);
  return writer.done();
}

function pick({ indications, frameDifferences, chainDifferences }: NonNullable<DescriptorFields['custom']>) {
  return { indications, frameDifferences, chainDifferences };
}

function writeStructure(writer: BitWriter, structure: StructureFields): void {
  const { templates, chains } = structure;
  const targetCount = templates[0]?.indications.length ?? 1;
  const chainCount = chains.length === 0 ? 0 : Math.max(...chains) + 1;
  writer.bits(structure.templateIdOffset, 6).bits(targetCount - 1, 5);
  for (const [index, template] of templates.entries()) {
    const next = templates[index + 1];
    if (next === undefined) writer.bits(3, 2);
    else if (next.spatialLayer > template.spatialLayer) writer.bits(2, 2);
    else writer.bits(next.temporalLayer > template.temporalLayer ? 1 : 0, 2);
  }
  for (const template of templates) writeIndications(writer, template.indications);
  for (const template of templates) {
    for (const difference of template.frameDifferences) writer.bits(1, 1).bits(difference - 1, 4);
    writer.bits(0, 1);
  }
  writer.below(chainCount, targetCount + 1);
  for (const chain of chains) writer.below(chain, chainCount);
  for (const template of chainCount === 0 ? [] : templates) {
    for (const difference of template.chainDifferences) writer.bits(difference, 4);
  }
  writer.bits(Number(structure.resolutions !== undefined), 1);
  for (const [width, height] of structure.resolutions ?? []) writer.bits(width - 1, 16).bits(height - 1, 16);
}

function writeIndications(writer: BitWriter, indications: string): void {
  for (const letter of indications) writer.bits('-DSR'.indexOf(letter), 2);
}

/** One spatial layer, three temporal ones (scalability mode L1T3), in the shape of AV1 RTP, appendix A.8. */
export const L1T3: StructureFields = {
  templateIdOffset: 0,
  templates: [
    { spatialLayer: 0, temporalLayer: 0, indications: 'SSS', frameDifferences: [], chainDifferences: [0] },
    { spatialLayer: 0, temporalLayer: 0, indications: 'SSS', frameDifferences: [4], chainDifferences: [4] },
    { spatialLayer: 0, temporalLayer: 1, indications: '-DS', frameDifferences: [2], chainDifferences: [2] },
    { spatialLayer: 0, temporalLayer: 2, indications: '--D', frameDifferences: [1], chainDifferences: [1] },
    { spatialLayer: 0, temporalLayer: 2, indications: '--D', frameDifferences: [1], chainDifferences: [3] },
  ],
  chains: [0, 0, 0],
  resolutions: [[1280, 720]],
};

/** Numbers of 32 bits that a seed gives (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
