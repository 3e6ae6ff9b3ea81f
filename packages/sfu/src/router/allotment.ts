// Between a slot of a link and the division of what its path carries: what could be shown, and what was chosen.

import { allocatedBitrate, type Choice, type Demand } from '../estimate/allocation.js';
import { ladder } from '../estimate/ladder.js';
import { ALL_LAYERS } from '../send/layer-filter.js';
import type { Outlet } from './outlet.js';

/** What one slot could show, and what it shows now. */
export function demandOf(outlet: Outlet, now: number): Demand {
  const { showing, chosen, held } = outlet;
  if (!showing) throw new Error('a slot that shows nothing has no demand');
  const { publication, width, priority } = showing;
  const options = publication.activity
    .layers(now)
    .filter(({ rid, alive }) => alive && publication.streamOf(rid) !== undefined)
    .map(({ rid, bitrate, temporal }) => ({
      source: rid,
      bitrate: Math.max(bitrate, 1),
      width: publication.width(rid),
      temporal,
    }));
  return {
    slot: outlet.plan.index,
    priority,
    maxWidth: publication.wanted(width),
    options,
    held: chosen ? held : null,
  };
}

/**
 * By so much more than there is may be spent so that no picture is taken away altogether: estimates have dips, and one that
 * comes and goes is worse than a queue for a moment. If it lasts, the estimate falls further.
 */
const OVERDRAFT = 1.25;

/** The same choices, but with pictures that are shown now kept at their lowest step for as long as that is borne. */
export function keepShown(
  demands: readonly Demand[],
  choices: readonly Choice[],
  budget: number,
  reserved: number,
): readonly Choice[] {
  let spent = reserved + allocatedBitrate(choices);
  const kept = [...choices];
  const lost = choices.flatMap(({ step }, place) => (step ? [] : [place]));
  lost.sort((a, b) => (demands[b]?.priority ?? 0) - (demands[a]?.priority ?? 0));
  for (const place of lost) {
    const { held, options = [], maxWidth = 0, slot = -1 } = demands[place] ?? {};
    const [least] = ladder(options, maxWidth);
    if (!held || !least || spent + least.bitrate > budget * OVERDRAFT) continue;
    spent += least.bitrate;
    kept[place] = { slot, step: least };
  }
  return kept;
}

/** Shows what was chosen, or nothing. */
export function carryOut(outlet: Outlet, choice: Choice | undefined, now: number): void {
  const step = choice?.step ?? null;
  const publication = outlet.showing?.publication;
  const rid = String(step?.source);
  const stream = publication?.streamOf(rid);
  outlet.held = step;
  if (!step || !publication || !stream) {
    outlet.leave();
    return;
  }
  const spatial = publication.spatialLimit(rid, outlet.showing?.width ?? 0, now);
  const spatialLayer = publication.spatialLayer(rid);
  outlet.slot.setLayerLimits(Math.min(spatial, ALL_LAYERS), Math.min(step.temporalLimit, ALL_LAYERS));
  outlet.choose(stream, now);
  if (stream === outlet.slot.source) outlet.beginLayer(stream, spatialLayer, now);
}
