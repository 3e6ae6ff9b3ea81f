// Carries out the ladder of one link: its timer, its trace, and what its steps ask of the connection.

import type { Timer } from '../../env/env.js';
import type { NoPathReason } from '../link.js';
import { watchForComeback } from './comeback.js';
import { reportSilentRelays } from './ice-server-report.js';
import {
  type LadderEffect,
  type LadderInput,
  type LadderStep,
  ladderDueAt,
  ladderStep,
  type Path,
  startLadder,
  stepLadder,
} from './ladder.js';
import { whyNoPath } from './no-path-reason.js';
import { createNudges, type Nudges, type NudgesOptions } from './nudges.js';
import { probePath } from './path-probe.js';

export interface RecoveryOptions extends Omit<NudgesOptions, 'climb'> {
  readonly polite: boolean;
  /** Does what a step wants of the negotiation. */
  negotiate(step: 'restart' | 'ask' | 'relay' | 'rebuild'): void;
  /** What recovery says of itself has changed. */
  onChange(): void;
}

export interface Recovery {
  readonly path: Path;
  readonly step: LadderStep;
  /** True once fresh connections in a row have failed, until there is a path or a person tries again. */
  readonly gaveUp: boolean;
  /** Why there was no path when it was last looked for; null while there is one. */
  readonly reason: NoPathReason | null;
  input(input: LadderInput): void;
  /** Takes a message that is about lines (LAD-10); false for any other. */
  receive: Nudges['receive'];
  /** Looks at what has been received so far. */
  look: Nudges['look'];
}

export function createRecovery(options: RecoveryOptions): Recovery {
  const { world, polite, signal, traced } = options;
  const { clock } = world.env;
  let ladder = startLadder(polite);
  let reason: NoPathReason | null = null;
  let timer: Timer | null = null;
  let hadPath = false;
  const nudges = createNudges({ ...options, climb: input });
  signal.addEventListener('abort', () => timer?.cancel());

  function input(next: LadderInput): void {
    if (signal.aborted) return;
    const now = clock.now();
    const before = ladderStep(ladder);
    const relay = world.iceServers().some(({ urls }) => urls.some((url) => /^turn/i.test(url)));
    const [after, effects] = stepLadder(ladder, next, { now, relay });
    ladder = after;
    timer?.cancel();
    const dueAt = ladderDueAt(after);
    timer = dueAt === null ? null : clock.after(Math.max(0, dueAt - now), () => input({ type: 'time' }));
    const step = ladderStep(after);
    if (step !== before || effects.length > 0) {
      world.trace.record({ kind: 'link', step: 'ladder', reason: step, ...traced() });
    }
    if (after.path === 'up') {
      reason = null;
      if (!hadPath) watchForComeback(options);
      hadPath = true;
    }
    for (const effect of effects) run(effect);
    options.onChange();
  }

  function run(effect: LadderEffect): void {
    if (effect.do === 'probe') void probe(effect.ms);
    else if (effect.do === 'diagnose') void diagnose();
    else options.negotiate(effect.do);
  }

  /** Whether anything arrives. Where nobody can tell, the ladder's own time decides. */
  async function probe(ms: number): Promise<void> {
    const connection = options.connection();
    if (!connection) return;
    try {
      const alive = await probePath(connection.pc, clock, ms, {
        signal: connection.signal,
        touch: () => options.send({ type: 'nudge', line: null }),
      });
      if (!connection.signal.aborted) input({ type: 'probed', alive });
    } catch (error) {
      if (!connection.signal.aborted) world.trace.trouble(traced(), 'error', 'getStats', error);
    }
  }

  async function diagnose(): Promise<void> {
    const connection = options.connection();
    try {
      const found = await whyNoPath(connection, world.iceServers());
      // It was found after all, or the link was closed.
      if (signal.aborted || ladder.path === 'up') return;
      reason = found;
      // A browser gives a silent server up only after 9.5 s, and begins anew with each step that is tried.
      if (connection && found === 'relay-unreachable') {
        reportSilentRelays(world, connection.pc, connection.iceErrors);
      }
      world.trace.record({ kind: 'link', step: 'no-path', reason, ...traced() });
      options.onChange();
    } catch (error) {
      if (!signal.aborted) world.trace.trouble(traced(), 'error', 'getStats', error);
    }
  }

  return {
    get path() {
      return ladder.path;
    },
    get step() {
      return ladderStep(ladder);
    },
    get gaveUp() {
      return ladder.rung.at === 'give-up';
    },
    get reason() {
      return reason;
    },
    input,
    receive: nudges.receive,
    look: nudges.look,
  };
}
