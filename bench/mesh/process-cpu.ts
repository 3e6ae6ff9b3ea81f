// The processor time of a process and everything that it has started, from /proc (proc(5)).

import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second, as Linux counts them for programs on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100;

interface Usage {
  readonly parent: number;
  readonly ticks: number;
}

/** Seconds of processor time, in user mode and in the kernel, of the living processes under `root`, itself included. */
export async function processorSeconds(root: number): Promise<number> {
  const usages = new Map<number, Usage>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const usage = await usageOf(name);
    if (usage) usages.set(Number(name), usage);
  }
  const isUnderRoot = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = usages.get(pid)?.parent;
    return parent !== undefined && parent > 1 && isUnderRoot(parent);
  };
  let ticks = 0;
  for (const [pid, usage] of usages) if (isUnderRoot(pid)) ticks += usage.ticks;
  return ticks / TICKS_PER_SECOND;
}

async function usageOf(pid: string): Promise<Usage | null> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // It has ended since it was listed.
  }
  // The name stands in brackets and may hold spaces: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, userTicks, systemTicks] = [fields[1], fields[11], fields[12]].map(Number);
  if (parent === undefined || userTicks === undefined || systemTicks === undefined) return null;
  return { parent, ticks: userTicks + systemTicks };
}
