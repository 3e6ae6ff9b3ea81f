// How much script a browser downloads: the chunks that an entry needs before it can run, each gzipped.

import { gzipSync } from 'node:zlib';
import { build, type InlineConfig, type Rolldown } from 'vite';

type Chunk = Rolldown.OutputChunk;

/** Builds for production without writing anything, and gives the chunks. */
export async function buildChunks(config: InlineConfig): Promise<readonly Chunk[]> {
  const built = await build({ logLevel: 'error', ...config, build: { ...config.build, write: false } });
  const outputs = Array.isArray(built) ? built : [built];
  return outputs
    .flatMap((output) => ('output' in output ? output.output : []))
    .filter((part) => part.type === 'chunk');
}

/** The chunks that these need, themselves included: all that is imported at once, nothing that is imported later. */
export function needed(all: readonly Chunk[], first: readonly Chunk[]): readonly Chunk[] {
  const byName = new Map(all.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<Chunk>();
  const queue = [...first];
  for (let chunk = queue.pop(); chunk; chunk = queue.pop()) {
    if (found.has(chunk)) continue;
    found.add(chunk);
    queue.push(...chunk.imports.flatMap((name) => byName.get(name) ?? []));
  }
  return [...found];
}

/** The size of chunks as they are sent: each gzipped by itself at zlib's usual level, in kB of 1,000 bytes. */
export function gzippedKilobytes(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0) / 1_000;
}
