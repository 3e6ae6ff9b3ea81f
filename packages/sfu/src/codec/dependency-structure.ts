// The template dependency structure (AV1 RTP payload format, appendix A.4): how the frames of a stream hang together,
// told once per key frame so that each frame need only name its template.
import type { BitReader } from './bit-reader.js';

/** Template ids have 6 bits. */
const MAX_TEMPLATES = 64;
/** Highest layers that AV1 has: temporal ids have 3 bits, spatial ids 2. */
const MAX_TEMPORAL_LAYER = 7;
const MAX_SPATIAL_LAYER = 3;

/** Decode target indications, table A.1: what a frame is to those who watch that target. */
export const NOT_PRESENT = 0;
export const DISCARDABLE = 1;
export const SWITCH = 2;
export const REQUIRED = 3;

/** What a frame is and needs; a template unless the frame's descriptor says otherwise. */
export interface FrameDependencies {
  readonly spatialLayer: number;
  readonly temporalLayer: number;
  /** Per decode target one of the four above. */
  readonly indications: readonly number[];
  /** How many frame numbers back the frames are that it refers to. Empty: it refers to none. */
  readonly frameDifferences: readonly number[];
  /** Per chain, how many frame numbers back its previous frame is; 0: it needs none. */
  readonly chainDifferences: readonly number[];
}

/** A subset of a stream that can be watched for itself: all frames up to these layers. */
export interface DecodeTarget {
  readonly spatialLayer: number;
  readonly temporalLayer: number;
  /** The chain that must be whole; -1 when there are no chains. */
  readonly chain: number;
}

export interface DependencyStructure {
  /** Id of the first template. */
  readonly templateIdOffset: number;
  readonly templates: readonly FrameDependencies[];
  readonly decodeTargets: readonly DecodeTarget[];
  readonly chainCount: number;
  /** Largest picture of each spatial layer, in pixels; empty when it is not told. */
  readonly resolutions: readonly { readonly width: number; readonly height: number }[];
}

/** Template of an id of 6 bits, null when the structure has none: then the descriptor belongs to another structure. */
export function templateOf(structure: DependencyStructure, templateId: number): FrameDependencies | null {
  return structure.templates[(templateId + 64 - structure.templateIdOffset) % 64] ?? null;
}

/** template_dependency_structure(); null when it is malformed. */
export function readDependencyStructure(reader: BitReader): DependencyStructure | null {
  const templateIdOffset = reader.bits(6);
  const targetCount = reader.bits(5) + 1;
  const layers = readLayers(reader);
  if (layers === null) return null;
  const indications = layers.map(() => readIndications(reader, targetCount));
  const frameDifferences = layers.map(() => readTemplateDifferences(reader));
  const chainCount = reader.below(targetCount + 1);
  const chains: number[] = [];
  for (let target = 0; target < targetCount; target += 1) {
    chains.push(chainCount === 0 ? -1 : reader.below(chainCount));
  }
  const templates = layers.map((layer, index) => ({
    ...layer,
    indications: indications[index] ?? [],
    frameDifferences: frameDifferences[index] ?? [],
    chainDifferences: readMany(reader, chainCount, 4),
  }));
  const resolutions = reader.flag() ? readResolutions(reader, layers.at(-1)?.spatialLayer ?? 0) : [];
  if (reader.failed) return null;
  return {
    templateIdOffset,
    templates,
    decodeTargets: chains.map((chain, target) => ({ ...layersOf(templates, target), chain })),
    chainCount,
    resolutions,
  };
}

interface Layer {
  readonly spatialLayer: number;
  readonly temporalLayer: number;
}

/** template_layers(): each template's layer by its step from the one before (table A.2). */
function readLayers(reader: BitReader): Layer[] | null {
  const layers: Layer[] = [];
  let spatialLayer = 0;
  let temporalLayer = 0;
  while (layers.length < MAX_TEMPLATES) {
    layers.push({ spatialLayer, temporalLayer });
    const step = reader.bits(2);
    if (step === 3) return layers;
    if (step === 1) temporalLayer += 1;
    if (step === 2) {
      temporalLayer = 0;
      spatialLayer += 1;
    }
    if (reader.failed || temporalLayer > MAX_TEMPORAL_LAYER || spatialLayer > MAX_SPATIAL_LAYER) return null;
  }
  return null;
}

/** frame_dtis(), and one template's part of template_dtis(). */
export function readIndications(reader: BitReader, targetCount: number): number[] {
  return readMany(reader, targetCount, 2);
}

function readTemplateDifferences(reader: BitReader): number[] {
  const differences: number[] = [];
  while (reader.flag()) differences.push(reader.bits(4) + 1);
  return differences;
}

function readResolutions(reader: BitReader, maxSpatialLayer: number): { width: number; height: number }[] {
  const resolutions: { width: number; height: number }[] = [];
  for (let layer = 0; layer <= maxSpatialLayer; layer += 1) {
    resolutions.push({ width: reader.bits(16) + 1, height: reader.bits(16) + 1 });
  }
  return resolutions;
}

function readMany(reader: BitReader, count: number, bits: number): number[] {
  const values: number[] = [];
  for (let index = 0; index < count; index += 1) values.push(reader.bits(bits));
  return values;
}

/** decode_target_layers(): the highest layers of those templates that are present in the target. */
function layersOf(templates: readonly FrameDependencies[], target: number): Layer {
  let spatialLayer = 0;
  let temporalLayer = 0;
  for (const template of templates) {
    if (template.indications[target] === NOT_PRESENT) continue;
    spatialLayer = Math.max(spatialLayer, template.spatialLayer);
    temporalLayer = Math.max(temporalLayer, template.temporalLayer);
  }
  return { spatialLayer, temporalLayer };
}
