// Watches the slots of the connection in use: in which frames flow, and what its statistics come to.

import type { Timer } from '../env/env.js';
import type { StatsEntry, Summary } from '../link/care/stats-summary.js';
import type { LinkStats } from '../link/link.js';
import type { SfuSession } from './sfu-session.js';
import type { SfuWorld } from './sfu-world.js';

/** How often the slots are looked at; a slot that somebody was given this moment is looked at more often. */
const LOOK_MS = 250;
const FIRST_LOOK_MS = 50;
const FIRST_LOOKS = 40;

/** How long a slot may be without a frame before nothing flows. A still screen is sent once a second. */
const SILENT_AFTER_MS = 2_000;

/** How long after a slot was given to another the frames in it may still be those of before: what was on its way, decoded. */
export const RESEAT_MS = 100;

/** How often statistics are summed up: getStats costs the page a few milliseconds with so many m-lines. */
const SUMMARY_MS = 2_000;

const NEVER = Number.NEGATIVE_INFINITY;

export interface SlotWatch {
  /** Whether frames flow in the slot of this transceiver. */
  flows(transceiver: RTCRtpTransceiver): boolean;
  /** Loudness of a slot of sound, 0 to 1 (W3C webrtc-stats, audioLevel). */
  level(transceiver: RTCRtpTransceiver): number;
  /** The statistics of the link, with the picture of one slot. */
  stats(picture: RTCRtpTransceiver | undefined): LinkStats | null;
  /** These slots were given to others: their next frames are looked for closely, and those of before do not count. */
  reseated(transceivers: readonly RTCRtpTransceiver[]): void;
}

/** Watches a session until its connection is closed. `onChange`: what it says has changed. */
export function watchSlots(world: SfuWorld, session: SfuSession, onChange: () => void): SlotWatch {
  const { clock } = world.env;
  const { pc, signal, traced } = session.connection;
  const frames = new Map<RTCRtpTransceiver, { readonly timestamp: number; readonly seenAt: number }>();
  const givenAt = new Map<RTCRtpTransceiver, number>();
  /** Slots of sound in which packets came since the summary before: sound that no element plays has no frames. */
  let heard = new Set<string>();
  const flowing = new Set<RTCRtpTransceiver>();
  let entries: readonly StatsEntry[] = [];
  let before: Summary | null = null;
  let looks = 0;
  let summaryDueAt = 0;
  let timer: Timer;

  function look(): void {
    timer = clock.after(looks++ < FIRST_LOOKS ? FIRST_LOOK_MS : LOOK_MS, look);
    const now = clock.now();
    let changed = false;
    for (const slot of [...session.slots('audio'), ...session.slots('video')]) {
      const timestamp = latestFrame(slot.receiver);
      const known = frames.get(slot);
      if (timestamp > 0 && timestamp !== known?.timestamp) {
        const counts = now - (givenAt.get(slot) ?? Number.NEGATIVE_INFINITY) >= RESEAT_MS;
        frames.set(slot, { timestamp, seenAt: counts ? now : NEVER });
      }
      const seenAt = frames.get(slot)?.seenAt ?? NEVER;
      const flows = now - seenAt < SILENT_AFTER_MS || heard.has(slot.mid ?? '');
      changed ||= flows !== flowing.has(slot);
      if (flows) flowing.add(slot);
      else flowing.delete(slot);
    }
    if (now >= summaryDueAt) {
      summaryDueAt = now + SUMMARY_MS;
      void sumUp();
    }
    if (changed) onChange();
  }

  async function sumUp(): Promise<void> {
    try {
      entries = [...(await pc.getStats()).values()];
    } catch (error) {
      if (!signal.aborted) world.trace.trouble(traced, 'error', 'getStats', error);
      return;
    }
    if (signal.aborted) return;
    const former = before;
    before = world.care.summarize(entries, null, former?.totals ?? null);
    const { pair, received } = before;
    if (pair && pair.id !== former?.pair?.id) {
      const { id: _, ...ends } = pair;
      world.trace.record({ kind: 'candidate-pair', ...ends, ...traced });
    }
    const packets = (of: Summary | null, mid: string): number => of?.received.get(mid)?.packets ?? 0;
    heard = new Set(
      [...received].flatMap(([mid, { frames: pictures, packets: now }]) =>
        pictures === null && former && now > packets(former, mid) ? [mid] : [],
      ),
    );
    onChange();
  }

  look();
  signal.addEventListener('abort', () => timer.cancel(), { once: true });
  return {
    flows: (transceiver) => flowing.has(transceiver),
    level: ({ receiver }) => receiver.getSynchronizationSources()[0]?.audioLevel ?? 0,
    stats(picture) {
      if (!before) return null;
      const entry = picture && entries.find(({ type, mid }) => type === 'inbound-rtp' && mid === picture.mid);
      return {
        ...before.stats,
        width: number(entry?.['frameWidth']),
        height: number(entry?.['frameHeight']),
        framesPerSecond: number(entry?.['framesPerSecond']),
      };
    },
    reseated(transceivers) {
      looks = 0;
      if (signal.aborted) return;
      for (const slot of transceivers) {
        givenAt.set(slot, clock.now());
        frames.set(slot, { timestamp: latestFrame(slot.receiver), seenAt: NEVER });
        flowing.delete(slot);
      }
      timer.cancel();
      timer = clock.after(FIRST_LOOK_MS, look);
    },
  };
}

/** When the newest frame of a receiver was played (W3C webrtc-pc, section 5.5); 0 when there was none of late. */
function latestFrame(receiver: RTCRtpReceiver): number {
  return Math.max(0, ...receiver.getSynchronizationSources().map(({ timestamp }) => timestamp));
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
