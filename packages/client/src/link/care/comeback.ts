// Notices that packets come again on a path that was dead, and has our pictures begin anew for the other end (LAD-11).
// A receiver that lacks a key frame asks for one only every 3 s (Chromium 156), and what it asked for over the dead
// path is lost: without this, pictures come back up to 3 s after sound.

import type { Timer } from '../../env/env.js';
import type { NudgesOptions } from './nudges.js';
import { arrivedOn } from './path-probe.js';
import { makeKeyFrame } from './rtc-key-frame.js';

/** How long nothing that is expected may be heard or seen before the packets are counted; longer than bursts of loss. */
export const QUIET_MS = 700;
/** How often it is looked; while something flows that costs next to nothing, and no statistics. */
export const LOOK_MS = 200;

/** What is listened to and looked at, with its place among a link's m-lines (NEG-1). */
const EXPECTED = [
  ['mic', 0],
  ['camera', 1],
] as const;
const PICTURES = ['camera', 'screen'] as const;

type Options = Pick<NudgesOptions, 'world' | 'signal' | 'traced' | 'connection' | 'expects'>;

/** `quiet`: with what had come when it was last counted. `back`: it has come again, until something flows. */
type State = { readonly at: 'flowing' | 'back' } | Quiet;
interface Quiet {
  readonly at: 'quiet';
  readonly arrived: number | null;
}

/** Looks until the signal aborts. */
export function watchForComeback(options: Options): void {
  const { world, signal, connection } = options;
  const { clock } = world.env;
  let state: State = { at: 'flowing' };
  let newest = 0;
  let flowedAt = clock.now();
  let timer: Timer = clock.after(LOOK_MS, look);
  signal.addEventListener('abort', () => timer.cancel());

  function look(): void {
    timer = clock.after(LOOK_MS, look);
    const pc = connection()?.pc;
    if (!pc) return;
    const now = clock.now();
    const lines = world.hidden?.() ? [] : EXPECTED.filter(([line]) => options.expects(line));
    const frame = Math.max(0, ...lines.flatMap(([, place]) => framesOf(pc, place)));
    if (lines.length === 0 || frame > newest) {
      // Sound is played within milliseconds: it may be heard before its packets were counted.
      if (lines.length > 0 && state.at === 'quiet') void begin(pc);
      [newest, flowedAt, state] = [frame, now, { at: 'flowing' }];
      return;
    }
    if (now - flowedAt < QUIET_MS || state.at === 'back') return;
    const quiet: Quiet = state.at === 'quiet' ? state : { at: 'quiet', arrived: null };
    state = quiet;
    void count(pc, quiet);
  }

  async function count(pc: RTCPeerConnection, before: Quiet): Promise<void> {
    try {
      const arrived = Math.max(0, ...(await arrivedOn(pc, ['bytesReceived'])).values());
      // Something flows again, or another count was quicker.
      if (signal.aborted || state !== before) return;
      if (before.arrived === null || arrived <= before.arrived) {
        state = { at: 'quiet', arrived };
        return;
      }
      state = { at: 'back' };
      await begin(pc);
    } catch (error) {
      trouble(pc, error);
    }
  }

  async function begin(pc: RTCPeerConnection): Promise<void> {
    try {
      await Promise.all(PICTURES.map((line) => beginLine(pc, line)));
    } catch (error) {
      trouble(pc, error);
    }
  }

  async function beginLine(pc: RTCPeerConnection, line: (typeof PICTURES)[number]): Promise<void> {
    if (!(await makeKeyFrame(pc, line))) return;
    world.trace.record({ kind: 'track', step: 'key-frame', line, ...options.traced() });
  }

  /** A connection that was closed meanwhile has nothing to tell. */
  function trouble(pc: RTCPeerConnection, error: unknown): void {
    if (pc.signalingState !== 'closed') world.trace.trouble(options.traced(), 'error', 'comeback', error);
  }
}

/** When what was received last on an m-line was played (W3C webrtc-pc, section 5.5). */
function framesOf(pc: RTCPeerConnection, place: number): number[] {
  const sources = pc.getTransceivers()[place]?.receiver.getSynchronizationSources() ?? [];
  return sources.map(({ timestamp }) => timestamp);
}
