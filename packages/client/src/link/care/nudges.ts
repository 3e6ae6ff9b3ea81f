// What two ends of a link say to each other about lines that stand still (LAD-10), and what they do about it.

import type { Line, PeerMessage } from '@maru/protocol';
import type { TracedLink } from '../../trace/trace-event.js';
import type { LineTracks, LinkWorld } from '../peer-link.js';
import type { Connection } from '../rtc-connection.js';
import type { LadderInput } from './ladder.js';
import { makeKeyFrame } from './rtc-key-frame.js';
import type { ReceivedOn } from './summaries.js';
import { createWatchdog } from './watchdog.js';

/** How often a line is sent afresh at most, whatever the other end asks for: each time costs a key frame. */
export const AFRESH_MS = 5_000;

export interface NudgesOptions {
  readonly world: LinkWorld;
  /** Aborts when the link is closed. */
  readonly signal: AbortSignal;
  traced(): TracedLink;
  connection(): Connection | null;
  tracks(): LineTracks;
  /** Makes each line of the connection in use send the track it should. */
  apply(tracks: LineTracks): Promise<void>;
  expects(line: Line): boolean;
  send(message: PeerMessage): boolean;
  climb(input: LadderInput): void;
}

export interface Nudges {
  /** Takes a message that is about lines; false for any other. */
  receive(message: PeerMessage): boolean;
  /** Looks at what has been received so far. */
  look(received: ReceivedOn): void;
}

export function createNudges(options: NudgesOptions): Nudges {
  const { world, signal, traced, tracks, apply, expects, send, climb } = options;
  const { clock } = world.env;
  const sentAt = new Map<Line, number>();
  const watchdog = createWatchdog();

  async function sendLine(line: Line): Promise<void> {
    const now = clock.now();
    if (now - (sentAt.get(line) ?? Number.NEGATIVE_INFINITY) < AFRESH_MS) return;
    sentAt.set(line, now);
    const track = tracks()[line];
    try {
      // Taken off the encoder and given to it again, after whatever was asked for before.
      await apply({ ...tracks(), [line]: null });
      await apply(tracks());
      const pc = options.connection()?.pc;
      if (pc) await makeKeyFrame(pc, line);
      const sending = track?.enabled === true && !track.muted && track.readyState !== 'ended';
      send({ type: 'nudged', line, sending });
    } catch (error) {
      if (!signal.aborted) world.trace.trouble(traced(), 'error', 'replaceTrack', error);
    }
  }

  return {
    receive(message) {
      if (message.type === 'nudged') watchdog.answered(message.line, message.sending, clock.now());
      else if (message.type !== 'nudge') return false;
      else if (message.line) void sendLine(message.line);
      return true;
    },
    look(received) {
      const found = watchdog.look({
        now: clock.now(),
        received,
        // Of a page that nobody sees a browser need not decode anything.
        expects: (line) => expects(line) && !world.hidden?.(),
      });
      for (const line of found.nudge) {
        world.trace.record({ kind: 'track', step: 'stalled', line, ...traced() });
        send({ type: 'nudge', line });
        // Perhaps it is not the line but the path, of which the browser has not noticed.
        climb({ type: 'hint' });
      }
      if (found.stalled) climb({ type: 'stalled' });
    },
  };
}
