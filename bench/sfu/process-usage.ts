// What processes use while something is measured: the target's, and the bench's own.

import { readFile } from 'node:fs/promises';
import { processorSeconds } from '../mesh/process-cpu.js';

export interface Usage {
  /** Processor time of the target's process, in seconds. */
  readonly seconds: number;
  /** The same as a share of one core. */
  readonly share: number;
  /** Of the bench's own process: near 1 and above, it is the bench that is at its limit. */
  readonly ownShare: number;
}

/** Measures from now until `end`. */
export async function beginUsage(pid: number): Promise<{ end(): Promise<Usage> }> {
  const before = await processorSeconds(pid);
  const own = process.cpuUsage();
  const startedAt = performance.now();
  return {
    async end() {
      const elapsedMs = performance.now() - startedAt;
      const seconds = (await processorSeconds(pid)) - before;
      const { user, system } = process.cpuUsage(own);
      return {
        seconds,
        share: (seconds * 1_000) / elapsedMs,
        ownShare: (user + system) / 1_000 / elapsedMs,
      };
    },
  };
}

/** The memory that a process has in use, in bytes: its resident set (proc(5), statm, in pages of 4 KiB). */
export async function residentBytes(pid: number): Promise<number> {
  const [, pages] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
  return Number(pages) * 4_096;
}
