// Whether anything arrives on a connection: what its candidate pairs have received, now and a moment later (LAD-7).

import type { Clock } from '../../env/env.js';

/**
 * Waits so long, and tells whether anything has come meanwhile: media, data, or answers to ICE's own checks. `touch`
 * sends something that the other end's transport acknowledges, as nothing need come where nothing is sent. False also
 * when the browser does not say. Rejects with the reason when `signal` aborts.
 */
export async function probePath(
  pc: RTCPeerConnection,
  clock: Clock,
  ms: number,
  { signal, touch }: { readonly signal: AbortSignal; readonly touch: () => void },
): Promise<boolean> {
  const before = await arrivedOn(pc);
  touch();
  await pause(clock, ms, signal);
  const after = await arrivedOn(pc);
  return [...after].some(([pair, count]) => count > (before.get(pair) ?? 0));
}

/** What each candidate pair has received so far (W3C webrtc-stats, RTCIceCandidatePairStats), all in one. */
export async function arrivedOn(
  pc: RTCPeerConnection,
  counters: readonly string[] = ['bytesReceived', 'responsesReceived'],
): Promise<Map<string, number>> {
  const report = await pc.getStats();
  const counts = new Map<string, number>();
  for (const entry of report.values()) {
    if (entry.type !== 'candidate-pair') continue;
    counts.set(
      entry.id,
      counters.reduce((sum, name) => sum + (Number(entry[name]) || 0), 0),
    );
  }
  return counts;
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, resolve);
    signal.addEventListener(
      'abort',
      () => {
        timer.cancel();
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
