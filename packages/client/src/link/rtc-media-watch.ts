// Watches what a connected link receives: which lines flow, how loud the microphone is, what getStats comes to.

import { LINES, type Line } from '@maru/protocol';
import type { Env, Timer } from '../env/env.js';
import type { Trace } from '../trace/trace-event.js';
import type { LinkStats } from './link.js';
import type { Connection } from './rtc-connection.js';
import { lineTransceiver } from './rtc-lines.js';
import { type StatsEntry, type Summary, summarize } from './stats-summary.js';

/** How often the lines are looked at: soon enough that a picture that returns is not seen to wait. */
const LOOK_MS = 250;

/** How long a line may be without a frame before nothing flows. A still screen is sent once a second. */
const SILENT_AFTER_MS = 2_000;

/** A summary of statistics is made at every eighth look, that is every 2 s: getStats costs about 1 ms each. */
const LOOKS_PER_SUMMARY = 8;

export interface MediaWatch {
  receiving(line: Line): boolean;
  readonly stats: LinkStats | null;
  level(): number;
  /** Starts looking when the connection works, and stops when it does not: nothing flows then. */
  setRunning(running: boolean): void;
}

/** Makes a watch over one connection; it ends with it. `onChange` is called when what it says has changed. */
export function watchMedia(
  { clock }: Pick<Env, 'clock'>,
  trace: Trace,
  { pc, traced, signal }: Connection,
  onChange: () => void,
): MediaWatch {
  const flows = new Map<Line, { readonly timestamp: number; readonly seenAt: number }>();
  const flowing = new Set<Line>();
  const shown = new Set<Line>();
  let timer: Timer | null = null;
  let looks = 0;
  let summary: Summary | null = null;

  function look(): void {
    timer = clock.after(LOOK_MS, look);
    const now = clock.now();
    let changed = false;
    for (const line of LINES) {
      const timestamp = latestFrame(lineTransceiver(pc, line)?.receiver);
      const known = flows.get(line);
      if (timestamp !== null && timestamp !== known?.timestamp) flows.set(line, { timestamp, seenAt: now });
      const seenAt = flows.get(line)?.seenAt ?? Number.NEGATIVE_INFINITY;
      changed = setFlowing(line, now - seenAt < SILENT_AFTER_MS) || changed;
    }
    if (looks++ % LOOKS_PER_SUMMARY === 0) void summarizeNow();
    if (changed) onChange();
  }

  function setFlowing(line: Line, flows: boolean): boolean {
    if (flowing.has(line) === flows) return false;
    if (flows) flowing.add(line);
    else flowing.delete(line);
    trace.record({ kind: 'track', step: flows ? 'receiving' : 'silent', line, ...traced });
    if (flows && !shown.has(line)) {
      shown.add(line);
      trace.record({ kind: 'track', step: 'first-frame', line, ...traced });
    }
    return true;
  }

  async function summarizeNow(): Promise<void> {
    let report: RTCStatsReport;
    try {
      report = await pc.getStats();
    } catch (error) {
      trace.record({ kind: 'link', step: 'error', reason: `getStats: ${String(error)}`, ...traced });
      return;
    }
    if (signal.aborted) return;
    const entries: StatsEntry[] = [];
    report.forEach((entry: StatsEntry) => {
      entries.push(entry);
    });
    const before = summary;
    summary = summarize(entries, lineTransceiver(pc, 'camera')?.mid ?? null, before?.totals ?? null);
    const { pair } = summary;
    if (pair && pair.id !== before?.pair?.id) {
      const { local, remote, relayed } = pair;
      trace.record({ kind: 'candidate-pair', local, remote, relayed, ...traced });
    }
    onChange();
  }

  function stop(): void {
    timer?.cancel();
    timer = null;
  }
  signal.addEventListener('abort', stop, { once: true });

  return {
    receiving: (line) => flowing.has(line),
    get stats() {
      return summary?.stats ?? null;
    },
    level() {
      if (!flowing.has('mic')) return 0;
      return lineTransceiver(pc, 'mic')?.receiver.getSynchronizationSources()[0]?.audioLevel ?? 0;
    },
    setRunning(running) {
      if (running === (timer !== null) || signal.aborted) return;
      if (running) {
        looks = 0;
        look();
        return;
      }
      stop();
      for (const line of LINES) setFlowing(line, false);
      onChange();
    },
  };
}

/** When the newest frame of a receiver was played (W3C webrtc-pc, section 5.5); null when there was none of late. */
function latestFrame(receiver: RTCRtpReceiver | undefined): number | null {
  const times = receiver?.getSynchronizationSources().map(({ timestamp }) => timestamp) ?? [];
  return times.length > 0 ? Math.max(...times) : null;
}
