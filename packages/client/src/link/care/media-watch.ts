// Watches what a connected link receives: which lines flow, how loud the microphone is, what getStats comes to.

import type { Line } from '@maru/protocol';
import type { Clock, Timer } from '../../env/env.js';
import type { Trace } from '../../trace/trace-event.js';
import type { LinkStats } from '../link.js';
import type { Connection } from '../rtc-connection.js';
import { createSummaries, type ReceivedOn } from './summaries.js';

/** How often the lines are looked at: soon enough that a picture that returns is not seen to wait. */
const LOOK_MS = 250;

/** How long a line may be without a frame before nothing flows. A still screen is sent once a second. */
const SILENT_AFTER_MS = 2_000;

/** How often at first, and for how long, so that the first frame is seen when it comes. */
const FIRST_LOOK_MS = 50;
const FIRST_LOOKS = 40;

/** How often statistics are summed up: getStats costs the page about a millisecond. */
const SUMMARY_MS = 2_000;

export interface MediaWatch {
  receiving(line: Line): boolean;
  readonly stats: LinkStats | null;
  level(): number;
  /** Starts looking when the connection works, and stops when it does not: nothing flows then. */
  setRunning(running: boolean): void;
}

/** What a watch needs of the link around it. */
export interface MediaWatchOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly connection: Connection;
  readonly lines: readonly Line[];
  /** The transceiver of a line; undefined before the connection has its lines. */
  transceiver(line: Line): RTCRtpTransceiver | undefined;
  /** What the watch says has changed. */
  onChange(): void;
  onSummary(received: ReceivedOn): void;
}

/** Makes a watch over one connection; it ends with it. */
export function watchMedia(options: MediaWatchOptions): MediaWatch {
  const { clock, trace, connection, lines, transceiver, onChange } = options;
  const { traced, signal } = connection;
  const frames = new Map<Line, { readonly timestamp: number; readonly seenAt: number }>();
  /** Lines of sound that the last summary has heard. */
  let heard: readonly Line[] = [];
  const flowing = new Set<Line>();
  const shown = new Set<Line>();
  let timer: Timer | null = null;
  let looks = 0;
  let summaryDueAt = 0;
  const summarize = createSummaries(trace, connection, (line) => transceiver(line)?.mid);
  let stats: LinkStats | null = null;

  function look(): void {
    timer = clock.after(looks++ < FIRST_LOOKS ? FIRST_LOOK_MS : LOOK_MS, look);
    const now = clock.now();
    let changed = false;
    for (const line of lines) {
      const timestamp = latestFrame(transceiver(line)?.receiver);
      const known = frames.get(line);
      if (timestamp && timestamp !== known?.timestamp) frames.set(line, { timestamp, seenAt: now });
      const seenAt = frames.get(line)?.seenAt ?? Number.NEGATIVE_INFINITY;
      changed = setFlowing(line, heard.includes(line) || now - seenAt < SILENT_AFTER_MS) || changed;
    }
    if (now >= summaryDueAt) {
      summaryDueAt = now + SUMMARY_MS;
      void sumUp();
    }
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

  async function sumUp(): Promise<void> {
    const summed = await summarize();
    // Stopped meanwhile: nothing flows, whatever was counted before.
    if (!summed || !timer) return;
    stats = summed.stats;
    heard = summed.heard;
    options.onSummary(summed.received);
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
      return stats;
    },
    level() {
      if (!flowing.has('mic')) return 0;
      return transceiver('mic')?.receiver.getSynchronizationSources()[0]?.audioLevel ?? 0;
    },
    setRunning(running) {
      if (running === (timer !== null) || signal.aborted) return;
      if (running) {
        looks = 0;
        summaryDueAt = 0;
        look();
        return;
      }
      stop();
      heard = [];
      for (const line of lines) setFlowing(line, false);
      onChange();
    },
  };
}

/** When the newest frame of a receiver was played (W3C webrtc-pc, section 5.5); 0 when there was none of late. */
function latestFrame(receiver: RTCRtpReceiver | undefined): number {
  return Math.max(0, ...(receiver?.getSynchronizationSources().map(({ timestamp }) => timestamp) ?? []));
}
