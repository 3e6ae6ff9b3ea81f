// One turn of the bench in a process of its own: it starts a target, measures one thing with fresh clients, and ends.

import { measureLinks } from './links.js';
import { type Load, measureLoad } from './load.js';
import { measureBroadcastSize, measureRoomSize } from './room-size.js';
import { startFloor } from './targets/floor.js';
import { startJanus } from './targets/janus.js';
import { startMaru } from './targets/maru.js';
import type { Target, TargetName } from './targets/target.js';

/** What is to be measured. */
export type Turn =
  | { readonly kind: 'load'; readonly target: TargetName; readonly load: Load }
  | { readonly kind: 'links'; readonly target: TargetName }
  | { readonly kind: 'room' | 'broadcast'; readonly target: 'maru' };

export interface TurnResults {
  readonly load: Awaited<ReturnType<typeof measureLoad>>;
  readonly links: Awaited<ReturnType<typeof measureLinks>>;
  readonly room: Awaited<ReturnType<typeof measureRoomSize>>;
  readonly broadcast: Awaited<ReturnType<typeof measureBroadcastSize>>;
}

function start(turn: Turn): Promise<Target> {
  switch (turn.target) {
    case 'maru':
      return startMaru({ oneCore: turn.kind === 'room' || turn.kind === 'broadcast' });
    case 'floor':
      return startFloor();
    case 'janus':
      return startJanus();
  }
}

function measure(turn: Turn, target: Target): Promise<TurnResults[Turn['kind']]> {
  switch (turn.kind) {
    case 'load':
      return measureLoad(target, turn.load);
    case 'links':
      return measureLinks(target);
    case 'room':
      return measureRoomSize(target);
    case 'broadcast':
      return measureBroadcastSize(target);
  }
}

const turn: Turn = JSON.parse(process.argv[2] ?? '');
const target = await start(turn);
/** Whoever has asked is gone, or waits no longer: no process may be left behind. */
const giveUp = (): void => void target.close().finally(() => process.exit(1));
process.on('SIGTERM', giveUp);
process.on('disconnect', giveUp);
try {
  const result = await measure(turn, target);
  if (process.send) await new Promise((resolve) => process.send?.(result, resolve));
  else console.log(JSON.stringify(result));
} finally {
  await target.close();
}
// The native library keeps threads that nobody waits for.
process.exit(0);
