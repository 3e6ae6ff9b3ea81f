// The dependency descriptor, an RTP header extension (AV1 RTP payload format, appendix A.4).
import { BitReader } from './bit-reader.js';
import {
  type DependencyStructure,
  type FrameDependencies,
  readDependencyStructure,
  readIndications,
  templateOf,
} from './dependency-structure.js';

/** Length of the mandatory fields, in bytes; a descriptor of just them says that its frame is as its template. */
const MANDATORY_LENGTH = 3;

export interface DependencyDescriptor {
  readonly startOfFrame: boolean;
  readonly endOfFrame: boolean;
  /** 6 bits. */
  readonly templateId: number;
  /** 16 bits. */
  readonly frameNumber: number;
  /** The structure that came with this packet. */
  readonly structure: DependencyStructure | null;
  /** Bit i: decode target i is sent. Null when the descriptor does not tell, and nothing has changed. */
  readonly activeDecodeTargets: number | null;
  /** Null when it hangs on a structure that is not known. */
  readonly frame: FrameDependencies | null;
}

/** Reads the extension's data; null when it is malformed. `known`: the structure that came last with a packet. */
export function readDependencyDescriptor(
  bytes: Uint8Array,
  known: DependencyStructure | null,
): DependencyDescriptor | null {
  if (bytes.length < MANDATORY_LENGTH) return null;
  const first = bytes[0] as number;
  const templateId = first & 0x3f;
  const reader = new BitReader(bytes, MANDATORY_LENGTH * 8);
  const extended = bytes.length > MANDATORY_LENGTH;
  const flags = extended ? reader.bits(5) : 0;
  let structure: DependencyStructure | null = null;
  if (flags & 0x10) {
    structure = readDependencyStructure(reader);
    if (structure === null) return null;
  }
  const holding = structure ?? known;
  let activeDecodeTargets: number | null = null;
  let frame: FrameDependencies | null = null;
  if (holding !== null) {
    const targetCount = holding.decodeTargets.length;
    if (flags & 0x08) activeDecodeTargets = reader.bits(targetCount);
    else if (structure !== null) activeDecodeTargets = 2 ** targetCount - 1;
    const template = templateOf(holding, templateId);
    // A structure that does not have the template of its own frame is no structure.
    if (template === null && structure !== null) return null;
    frame = template === null ? null : readFrame(reader, flags, holding, template);
    if (frame !== null && reader.failed) return null;
  }
  return {
    startOfFrame: (first & 0x80) !== 0,
    endOfFrame: (first & 0x40) !== 0,
    templateId,
    frameNumber: ((bytes[1] as number) << 8) | (bytes[2] as number),
    structure,
    activeDecodeTargets: frame === null ? null : activeDecodeTargets,
    frame,
  };
}

/** frame_dependency_definition(): the template, but for what the frame has of its own. */
function readFrame(
  reader: BitReader,
  flags: number,
  structure: DependencyStructure,
  template: FrameDependencies,
): FrameDependencies {
  if ((flags & 0x07) === 0) return template;
  const { spatialLayer, temporalLayer } = template;
  const indications =
    flags & 0x04 ? readIndications(reader, structure.decodeTargets.length) : template.indications;
  const frameDifferences = flags & 0x02 ? readFrameDifferences(reader) : template.frameDifferences;
  let { chainDifferences } = template;
  if (flags & 0x01) chainDifferences = Array.from({ length: structure.chainCount }, () => reader.bits(8));
  return { spatialLayer, temporalLayer, indications, frameDifferences, chainDifferences };
}

/** frame_fdiffs(): each behind its size in units of four bits, 0 at the end. */
function readFrameDifferences(reader: BitReader): number[] {
  const differences: number[] = [];
  for (let size = reader.bits(2); size > 0; size = reader.bits(2)) {
    differences.push(reader.bits(4 * size) + 1);
  }
  return differences;
}
