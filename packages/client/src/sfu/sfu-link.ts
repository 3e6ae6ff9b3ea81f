// The lasting link to the SFU: carries out its steps on one connection after another, and holds the one in use.

import type { ServerMessageOf, SfuRequest } from '@maru/protocol';
import type { Timer } from '../env/env.js';
import type { LadderStep } from '../link/care/ladder.js';
import type { LinkPhase, NoPathReason } from '../link/link.js';
import type { LineTracks } from '../link/peer-link.js';
import type { MaruError } from '../maru-error.js';
import {
  PATIENCE,
  PROBE_MS,
  SFU_AT_REST,
  type SfuEffect,
  type SfuInput,
  sfuDueAt,
  stepSfu,
  UNTOUCHED_PROBE_MS,
} from './link-steps.js';
import { openSession, SFU_PEER, type SfuSession } from './sfu-session.js';
import type { SfuWorld } from './sfu-world.js';
import { type SlotWatch, watchSlots } from './slot-watch.js';

/** Length of a link id, in characters of base64url. */
const LINK_ID_LENGTH = 12;

export interface SfuLinkEvents {
  /** What views may show has changed. */
  onChange(): void;
  /** Another connection is in use now, on which the SFU was told nothing yet. */
  onSwitched(): void;
  onHeard(from: string, message: string): void;
}

export interface SfuLink {
  /** The connection in use; null before the first. */
  readonly session: SfuSession | null;
  readonly watch: SlotWatch | null;
  readonly phase: Exclude<LinkPhase, 'closed'>;
  readonly step: LadderStep;
  readonly reason: NoPathReason | null;
  stand(wanted: boolean, askable: boolean): void;
  setTracks(tracks: LineTracks): void;
  say(message: SfuRequest): boolean;
  input(input: SfuInput): void;
  lost(link: string): void;
  /** All that was offered so far ends, whatever its path still carries (SFU-10). */
  disowned(): void;
  seated(seats: ServerMessageOf<'sfu-seats'>): void;
  close(): void;
}

export function createSfuLink(
  world: SfuWorld,
  events: SfuLinkEvents,
  /** Says something that the SFU's transport acknowledges; false where there is nothing to say. */
  touch: () => boolean,
): SfuLink {
  const { env, trace } = world;
  const { clock } = env;
  let state = SFU_AT_REST;
  let session: SfuSession | null = null;
  let watch: SlotWatch | null = null;
  let fresh: SfuSession | null = null;
  /** The last one whose offer was answered. */
  let lastAnswered: SfuSession | null = null;
  let tracks: LineTracks | null = null;
  let hadMedia = false;
  let reason: NoPathReason | null = null;
  let timer: Timer | null = null;
  /** Inputs are taken one after the other, also those that come while one is being taken. */
  const inbox: SfuInput[] = [];
  let busy = false;

  function input(next: SfuInput): void {
    inbox.push(next);
    if (busy) return;
    busy = true;
    try {
      for (let head = inbox.shift(); head; head = inbox.shift()) climb(head);
    } finally {
      busy = false;
    }
    events.onChange();
  }

  function climb(next: SfuInput): void {
    const before = state.rung.at;
    const now = clock.now();
    const [after, effects] = stepSfu(state, next, { now, unit: env.random.unit() });
    state = after;
    if (state.use === 'up') reason = null;
    timer?.cancel();
    const dueAt = sfuDueAt(state);
    timer = dueAt === null ? null : clock.after(Math.max(0, dueAt - now), () => input({ type: 'time' }));
    if (state.rung.at !== before) record(state.rung.at);
    for (const effect of effects) run(effect);
  }

  function record(step: string): void {
    const link = (fresh ?? session)?.connection.traced.link ?? '';
    trace.record({ kind: 'link', step: 'ladder', reason: step, peer: SFU_PEER, link });
  }

  function run(effect: SfuEffect): void {
    switch (effect) {
      case 'open':
        fresh?.connection.close();
        open();
        break;
      case 'ask':
        if (fresh) void ask(fresh);
        break;
      case 'switch':
        take();
        break;
      case 'drop':
        if (fresh) void giveUp(fresh);
        fresh = null;
        break;
      case 'close':
        closeAll();
        break;
      case 'probe':
        if (session) void probe(session);
    }
  }

  function open(): void {
    try {
      const made = openSession(world, env.random.id(LINK_ID_LENGTH), {
        onChange: () => made === session && events.onChange(),
        onReseated: (slots) => made === session && watch?.reseated(slots),
        onPath: () => readPath(made),
        onHeard: (from, message) => made === session && events.onHeard(from, message),
      });
      fresh = made;
      made.offer.then(
        () => made === fresh && input({ type: 'made' }),
        (error: unknown) => failed(made, 'offer', error),
      );
      // What is sent is sent on both, so that the fresh one has pictures when it takes the other's place.
      if (tracks) made.setTracks(tracks);
    } catch (error) {
      // A browser has only so many connections, and says so from the constructor.
      trace.trouble({ peer: SFU_PEER, link: '' }, 'error', 'connection', error);
      fresh = null;
      input({ type: 'failed' });
    }
  }

  async function ask(asked: SfuSession): Promise<void> {
    const { link } = asked.connection.traced;
    const offer = await asked.offer;
    if (asked !== fresh) return;
    world.channel.ask(
      'sfu',
      { link, offer },
      {
        answered({ answer }) {
          if (asked !== fresh) return;
          trace.record({ kind: 'sfu', step: 'answered', ...asked.connection.traced });
          lastAnswered = asked;
          // It is not refused any more: if it does not connect, that is for another reason.
          if (isRefusal(reason)) reason = null;
          input({ type: 'answered' });
          asked.answer(answer).catch((error: unknown) => failed(asked, 'answer', error));
        },
        failed: (error) => refused(asked, error),
      },
    );
    trace.record({ kind: 'sfu', step: 'asked', ...asked.connection.traced });
  }

  function refused(asked: SfuSession, error: MaruError): void {
    if (asked !== fresh) return;
    trace.record({ kind: 'sfu', step: 'refused', reason: error.code, ...asked.connection.traced });
    if (isRefusal(error.code)) reason = error.code;
    input({ type: 'failed', pauseMs: error.detail.retryAfterMs ?? 0 });
  }

  function failed(made: SfuSession, what: string, error: unknown): void {
    if (made !== fresh || made.connection.signal.aborted) return;
    trace.trouble(made.connection.traced, 'error', what, error);
    endFresh();
  }

  /** The fresh connection is at its end, and not for want of a path. */
  function endFresh(): void {
    lastAnswered = null;
    input({ type: 'failed' });
  }

  /** Closes a fresh connection that is not needed any more; of one that found no path it is looked why (LAD-9). */
  async function giveUp(made: SfuSession): Promise<void> {
    const { connection } = made;
    try {
      if (made !== lastAnswered || phase() === 'connected') return;
      const found = await world.care.whyNoPath(connection, world.iceServers());
      // Another stands by now, or none is wanted, or the server has refused the next one already.
      if (phase() === 'connected' || !state.wanted || isRefusal(reason)) return;
      // The SFU has said where it is: that it cannot be reached by our relay is not for want of one at its end.
      reason = found === 'peer-unreachable' ? 'no-path' : found;
      trace.record({ kind: 'link', step: 'no-path', reason, ...connection.traced });
      events.onChange();
    } catch (error) {
      if (!connection.signal.aborted) trace.trouble(connection.traced, 'error', 'getStats', error);
    } finally {
      connection.close();
    }
  }

  /** Tells the steps how a connection does. */
  function readPath(of: SfuSession): void {
    const { pc, control } = of.connection;
    const down = pc.connectionState === 'failed' || control.readyState === 'closed';
    if (of === fresh) {
      // Beside one that works nothing is gained before all can be said on it; else pictures come first.
      if (of.standing && (control.readyState === 'open' || state.use !== 'up')) input({ type: 'up' });
      else if (down) input({ type: 'failed' });
    } else if (of === session) {
      if (down) input({ type: 'path', path: 'down' });
      else if (pc.connectionState === 'disconnected') input({ type: 'path', path: 'shaky' });
      else if (of.standing) input({ type: 'path', path: 'up' });
    }
  }

  /** The fresh connection takes the former one's place. */
  function take(): void {
    const former = session;
    if (!fresh) return;
    session = fresh;
    fresh = null;
    hadMedia = true;
    reason = null;
    watch = watchSlots(world, session, events.onChange);
    trace.record({ kind: 'sfu', step: 'standing', ...session.connection.traced });
    former?.connection.close();
    events.onSwitched();
  }

  function closeAll(): void {
    for (const each of [fresh, session]) each?.connection.close();
    fresh = null;
    session = null;
    watch = null;
    reason = null;
    hadMedia = false;
  }

  async function probe(of: SfuSession): Promise<void> {
    const { pc, signal, traced } = of.connection;
    let touched = false;
    try {
      const ms = world.admission.stance.at === 'inside' ? PROBE_MS : UNTOUCHED_PROBE_MS;
      const alive = await world.care.probePath(pc, clock, ms, {
        signal,
        touch: () => {
          touched = touch();
        },
      });
      // Where nothing was said nothing need have come.
      if (of === session) input({ type: 'probed', alive: alive || (!touched && ms === PROBE_MS) });
    } catch (error) {
      if (!signal.aborted) trace.trouble(traced, 'error', 'getStats', error);
    }
  }

  function phase(): Exclude<LinkPhase, 'closed'> {
    if (state.use === 'up') return 'connected';
    if (state.tries >= PATIENCE) return 'failed';
    if (!state.wanted) return 'new';
    return hadMedia ? 'reconnecting' : 'connecting';
  }

  function step(): LadderStep {
    const { rung, use, tries } = state;
    switch (rung.at) {
      case 'rest':
        return use === 'up' ? 'healthy' : 'rest';
      case 'suspect':
        return 'suspect';
      case 'offer':
        return 'signalling';
      case 'make':
      case 'ask':
      case 'connect':
      case 'pause':
        if (use === 'up') return 'healthy';
        if (tries >= PATIENCE) return 'give-up';
        return hadMedia || tries > 0 ? 'rebuild' : 'connect';
    }
  }

  return {
    get session() {
      return session;
    },
    get watch() {
      return watch;
    },
    get phase() {
      return phase();
    },
    get step() {
      return step();
    },
    get reason() {
      return reason ?? (state.use !== 'up' && state.tries >= PATIENCE ? 'no-path' : null);
    },
    stand(wanted, askable) {
      if (wanted !== state.wanted || askable !== state.askable) input({ type: 'stand', wanted, askable });
    },
    setTracks(next) {
      if (tracks === next) return;
      tracks = next;
      for (const each of [session, fresh]) each?.setTracks(next);
    },
    say: (message) => session?.say(message) ?? false,
    input,
    lost(link) {
      trace.record({ kind: 'sfu', step: 'lost', peer: SFU_PEER, link });
      if (link === session?.connection.traced.link) input({ type: 'lost' });
      else if (link === fresh?.connection.traced.link) endFresh();
    },
    disowned() {
      if (state.use !== 'none') input({ type: 'lost' });
      if (state.rung.at === 'connect') endFresh();
    },
    seated({ link, rev, seats }) {
      for (const each of [session, fresh]) {
        if (each?.connection.traced.link === link) each.seated(rev, seats);
      }
    },
    close() {
      closeAll();
      timer?.cancel();
      timer = null;
      state = SFU_AT_REST;
    },
  };
}

/** Whether the server said so itself. */
function isRefusal(reason: string | null): reason is 'sfu-full' | 'sfu-unavailable' {
  return reason === 'sfu-full' || reason === 'sfu-unavailable';
}
