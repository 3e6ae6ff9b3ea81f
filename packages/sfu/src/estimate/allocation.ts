// Who is shown at which quality: the budget of one link divided among its video slots. A pure function.

import { type LayerOption, ladder, type Step } from './ladder.js';

/** Going up takes so much more than a step costs, so that a small ripple of the estimate does not flap layers. */
export const UP_MARGIN = 0.12;

export interface Demand {
  /** Number of the slot; each occurs once. */
  readonly slot: number;
  /** The higher, the sooner: 0 to 3 (`want`). */
  readonly priority: number;
  /** How wide it is drawn, in device pixels. */
  readonly maxWidth: number;
  /** What could be shown in it; empty while its source sends nothing. */
  readonly options: readonly LayerOption[];
  /** What is shown now, as it was chosen last; null for nothing. */
  readonly held: Pick<Step, 'source' | 'temporalLimit'> | null;
}

export interface Choice {
  readonly slot: number;
  /** Null: nothing fits, the slot is paused. */
  readonly step: Step | null;
}

interface Seat {
  readonly demand: Demand;
  readonly steps: readonly Step[];
  /** Index of the step held now; -1 for none. */
  readonly held: number;
  level: number;
  open: boolean;
}

/**
 * Divides `budget` bit/s. `reserved` bit/s (audio) are taken off first, whatever the budget is. Then every slot gets its
 * lowest step, in order of priority and size; then the slots of the highest priority go up in turns, one step each, until
 * none of them can; then those of the next. What a slot has already it keeps at its cost; to go up there must be
 * `UP_MARGIN` of the step's bitrate to spare. One choice per demand, in the demands' order.
 */
export function allocate(demands: readonly Demand[], budget: number, reserved = 0): readonly Choice[] {
  const seats = demands.map(seat);
  const order = [...seats].sort(byImportance);
  let left = Math.max(budget - reserved, 0);
  for (const next of order) left -= climb(next, left);
  for (let from = 0; from < order.length; ) {
    const priority = (order[from] as Seat).demand.priority;
    let to = from;
    while (to < order.length && (order[to] as Seat).demand.priority === priority) to++;
    for (let moved = true; moved; ) {
      moved = false;
      for (let i = from; i < to; i++) {
        const cost = climb(order[i] as Seat, left);
        left -= cost;
        if (cost > 0) moved = true;
      }
    }
    from = to;
  }
  return seats.map((done) => ({ slot: done.demand.slot, step: done.steps[done.level] ?? null }));
}

/** What all demands cost at their best, in bit/s: what a larger estimate could be used for. */
export function wantedBitrate(demands: readonly Demand[], reserved = 0): number {
  let wanted = reserved;
  for (const { options, maxWidth } of demands) wanted += ladder(options, maxWidth).at(-1)?.bitrate ?? 0;
  return wanted;
}

/** What choices cost together, in bit/s. */
export function allocatedBitrate(choices: readonly Choice[]): number {
  return choices.reduce((sum, { step }) => sum + (step?.bitrate ?? 0), 0);
}

function seat(demand: Demand): Seat {
  const steps = ladder(demand.options, demand.maxWidth);
  return { demand, steps, held: heldLevel(demand, steps), level: -1, open: true };
}

/** Where in the ladder that lies which is shown now. A layer that is no longer offered counts as its costliest part that is. */
function heldLevel({ held, options }: Demand, steps: readonly Step[]): number {
  if (held === null) return -1;
  const exact = steps.findIndex(
    (step) => step.source === held.source && step.temporalLimit === held.temporalLimit,
  );
  if (exact >= 0) return exact;
  // Above the new ceiling, or a step that another took the place of: all that costs no more is not a way up.
  const option = options.find(({ source }) => source === held.source);
  if (option === undefined) return -1;
  const cost = option.temporal?.[held.temporalLimit] ?? option.bitrate;
  return steps.findLastIndex((step) => step.bitrate <= cost);
}

/** Takes the next step if it fits into `left`; what it costs more than the one before, 0 when it does not fit. */
function climb(seat: Seat, left: number): number {
  if (!seat.open) return 0;
  const next = seat.steps[seat.level + 1];
  if (next === undefined) {
    seat.open = false;
    return 0;
  }
  const cost = next.bitrate - (seat.steps[seat.level]?.bitrate ?? 0);
  const margin = seat.level + 1 > seat.held ? next.bitrate * UP_MARGIN : 0;
  if (cost + margin > left) {
    seat.open = false;
    return 0;
  }
  seat.level++;
  return cost;
}

function byImportance(a: Seat, b: Seat): number {
  const { demand: x } = a;
  const { demand: y } = b;
  return y.priority - x.priority || y.maxWidth - x.maxWidth || x.slot - y.slot;
}
