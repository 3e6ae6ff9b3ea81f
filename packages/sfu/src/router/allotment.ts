// Between a slot of a link and the division of what its path carries: what could be shown, and what was chosen.

import type { Choice, Demand } from '../estimate/allocation.js';
import { ALL_TEMPORAL_LAYERS } from '../send/temporal-layers.js';
import type { Outlet } from './outlet.js';

/** What one slot could show, and what it shows now. */
export function demandOf(outlet: Outlet, now: number): Demand {
  const { showing, chosen, temporalLimit } = outlet;
  if (!showing) throw new Error('a slot that shows nothing has no demand');
  const { publication, width, priority } = showing;
  const options = publication.activity
    .layers(now)
    .filter(({ rid, alive }) => alive && publication.streams.has(rid))
    .map(({ rid, bitrate }) => ({
      source: rid,
      bitrate: Math.max(bitrate, 1),
      width: publication.width(rid),
    }));
  return {
    slot: outlet.plan.index,
    priority,
    maxWidth: publication.wanted(width),
    options,
    held: chosen && temporalLimit !== null ? { source: chosen.rid, temporalLimit } : null,
  };
}

/** Shows what was chosen, or nothing. */
export function carryOut(outlet: Outlet, choice: Choice | undefined, now: number): void {
  const step = choice?.step ?? null;
  const stream = step && outlet.showing?.publication.streams.get(String(step.source));
  outlet.temporalLimit = step?.temporalLimit ?? null;
  if (!step || !stream) {
    outlet.leave();
    return;
  }
  outlet.choose(stream, now);
  outlet.slot.setTemporalLimit(
    Number.isFinite(step.temporalLimit) ? step.temporalLimit : ALL_TEMPORAL_LAYERS,
  );
}
