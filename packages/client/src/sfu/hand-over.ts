// One peer's link while it changes its way: the former one goes on showing its lines until the new one receives them.

import type { Line } from '@maru/protocol';
import type { Clock, Timer } from '../env/env.js';
import type { LinkSnapshot, RemoteLine } from '../link/link.js';
import type { PeerLink } from '../link/peer-link.js';
import { LINES } from './sfu-lines.js';
import type { SfuWorld } from './sfu-world.js';

/** How long the former link stays at most once the new one is connected: of what is not shown nothing may come at all. */
export const CONNECTED_MS = 3_000;
/** How long it stays at most in all. */
export const HAND_OVER_MS = 15_000;
/** How often it is looked whether everything has come over. */
const LOOK_MS = 100;

export interface HandOver {
  readonly replaced: SfuWorld['replaced'];
  readonly clock: Clock;
  readonly former: PeerLink;
  readonly next: PeerLink;
  /** What the link shows has changed. */
  onChange(): void;
}

/** A link that is both until all that comes on the former one comes on the next, and then the next alone. */
export function handOver({ clock, former, next, onChange, replaced }: HandOver): PeerLink {
  let old: PeerLink | null = former;
  let snapshot: LinkSnapshot = former.snapshot;
  let connectedAt: number | null = null;
  const startedAt = clock.now();
  let timer: Timer = clock.after(LOOK_MS, look);
  // It has nothing to bring back any more: the other end is letting go of it too.
  former.setReachable(false);

  function look(): void {
    const now = clock.now();
    if (next.snapshot.phase === 'connected') connectedAt ??= now;
    const over =
      now - startedAt >= HAND_OVER_MS ||
      (connectedAt !== null && (now - connectedAt >= CONNECTED_MS || allOver()));
    if (!over) {
      timer = clock.after(LOOK_MS, look);
      return;
    }
    end();
    onChange();
  }

  function allOver(): boolean {
    const before = former.snapshot.lines;
    return LINES.every((line) => !before[line].receiving || next.snapshot.lines[line].receiving);
  }

  function end(): void {
    timer.cancel();
    const ended = old;
    old = null;
    ended?.close();
  }

  function lineOf(line: Line): RemoteLine {
    const to = next.snapshot.lines[line];
    const from = old?.snapshot.lines[line];
    return from?.receiving && !to.receiving ? from : to;
  }

  function current(): LinkSnapshot {
    if (!old) return next.snapshot;
    const stays = old.snapshot.phase === 'connected' && next.snapshot.phase !== 'connected';
    const { phase, step, reason } = stays ? old.snapshot : next.snapshot;
    const lines = replaced(snapshot.lines, {
      mic: lineOf('mic'),
      camera: lineOf('camera'),
      screen: lineOf('screen'),
      screenAudio: lineOf('screenAudio'),
    });
    // Nothing is claimed of a path that is about to be another one.
    snapshot = replaced(snapshot, { ...next.snapshot, phase, step, reason, lines });
    return snapshot;
  }

  return {
    get snapshot() {
      return current();
    },
    setTrack(line, track) {
      old?.setTrack(line, track);
      next.setTrack(line, track);
    },
    send: (message) => next.send(message),
    sender: (line) => next.sender(line),
    level: () => Math.max(next.level(), old?.level() ?? 0),
    offer: () => next.offer(),
    receive: (data) => next.receive(data),
    resync: () => next.resync(),
    retry: () => next.retry(),
    hint: () => next.hint(),
    setReachable: (reachable) => next.setReachable(reachable),
    close() {
      end();
      next.close();
    },
  };
}
