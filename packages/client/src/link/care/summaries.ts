// Sums up what one connection receives, again and again: each time beside the time before.

import type { Line } from '@maru/protocol';
import type { Trace } from '../../trace/trace-event.js';
import type { LinkStats } from '../link.js';
import type { Connection } from '../rtc-connection.js';
import { type Received, type StatsEntry, type Summary, summarize } from './stats-summary.js';

/** Lines of sound. Packets alone tell that it flows: sound that no element plays has no frames. */
const SOUNDS: readonly Line[] = ['mic', 'screenAudio'];

/** What has come on each line so far, as statistics say. */
export type ReceivedOn = (line: Line) => Received | undefined;

export interface Summed {
  readonly stats: LinkStats;
  /** Lines of sound on which packets have come since the time before. */
  readonly heard: readonly Line[];
  readonly received: ReceivedOn;
}

/** Makes what sums up; `midOf` names a line's m-line. Each call gives null when the browser had no report. */
export function createSummaries(
  trace: Trace,
  { pc, traced }: Pick<Connection, 'pc' | 'traced'>,
  midOf: (line: Line) => string | null | undefined,
): () => Promise<Summed | null> {
  let before: Summary | null = null;

  return async () => {
    let report: RTCStatsReport;
    try {
      report = await pc.getStats();
    } catch (error) {
      trace.trouble(traced, 'error', 'getStats', error);
      return null;
    }
    const entries: StatsEntry[] = [...report.values()];
    const former = before;
    const now = summarize(entries, midOf('camera') ?? null, former?.totals ?? null);
    before = now;
    const { stats, pair } = now;
    if (pair && pair.id !== former?.pair?.id) {
      const { id: _, ...ends } = pair;
      trace.record({ kind: 'candidate-pair', ...ends, ...traced });
    }
    const on = (of: Summary, line: Line): Received | undefined => of.received.get(midOf(line) ?? '');
    const packets = (of: Summary, line: Line): number => on(of, line)?.packets ?? 0;
    return {
      stats,
      heard: SOUNDS.filter((line) => former && packets(now, line) > packets(former, line)),
      received: (line) => on(now, line),
    };
  };
}
