// What two ends of a link say to each other about lines that stand still (LAD-10), and what they do about it.

import { LINE_KIND, type Line, type PeerMessage } from '@maru/protocol';
import { traceTrouble } from '../../trace/trace-connection.js';
import type { TracedLink } from '../../trace/trace-event.js';
import type { LineTracks, LinkWorld } from '../peer-link.js';
import type { Connection } from '../rtc-connection.js';
import { lineTransceiver, sendAfresh } from '../rtc-lines.js';
import type { ReceivedOn } from '../rtc-media-watch.js';
import type { LadderInput } from './ladder.js';
import { makeKeyFrame } from './rtc-key-frame.js';
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
  const { world, signal, traced, connection, expects, send, climb } = options;
  const { clock } = world.env;
  const sentAt = new Map<Line, number>();
  const watchdog = createWatchdog();

  async function sendLine(line: Line): Promise<void> {
    const now = clock.now();
    if (now - (sentAt.get(line) ?? Number.NEGATIVE_INFINITY) < AFRESH_MS) return;
    sentAt.set(line, now);
    const pc = connection()?.pc;
    if (!pc) return;
    try {
      const sending = await sendAfresh(pc, line, options.tracks());
      const sender = lineTransceiver(pc, line)?.sender;
      if (sender && LINE_KIND[line] === 'video') await makeKeyFrame(sender);
      send({ type: 'nudged', line, sending });
    } catch (error) {
      if (!signal.aborted) traceTrouble(world.trace, traced(), 'error', 'replaceTrack', error);
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
