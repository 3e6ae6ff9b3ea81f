// Performs what the negotiation wants on real connections. Each effect is done wholly or has changed nothing.

import type { CandidateSignal, DescriptionSignal, LinkSignal } from '@maru/protocol';
import type { Clock } from '../env/env.js';
import { traceCandidate, traceRemoteDescription } from '../trace/trace-connection.js';
import type { Trace } from '../trace/trace-event.js';
import type { NegotiationEffect } from './negotiation.js';
import type { LineTracks } from './peer-link.js';
import type { Connection } from './rtc-connection.js';
import { setLocalDescription } from './rtc-effects.js';
import { answerLines, offerLines } from './rtc-lines.js';
import { startSmall } from './small-start.js';

export interface ExecutorOptions {
  readonly trace: Trace;
  readonly clock: Clock;
  /** Opens a connection for a link id; `relay`: over relays alone. */
  open(link: string, relay: boolean): Connection;
  /** The ICE servers as they are now, for a restart. */
  iceServers(): RTCIceServer[];
  tracks(): LineTracks;
  say(signal: LinkSignal): void;
  /** The other end asks for an ICE restart. */
  onAsked(): void;
  /** A connection has taken the former one's place, before the other end hears of it. */
  onTaken(connection: Connection, by: 'offer' | 'answer'): void;
}

export interface Executor {
  /** The connection in use; null before the first. */
  readonly connection: Connection | null;
  /** Does one effect. Rejects when it could not be done; the connection in use is then as before. */
  run(effect: NegotiationEffect): Promise<void>;
  close(): void;
}

/** Makes an executor; `adopted` is a connection whose offer was prepared. */
export function createExecutor(options: ExecutorOptions, adopted: Connection | null): Executor {
  const { trace, say } = options;
  let current = adopted;
  /** The connection that an effect is making ready; closed with the rest when the link closes meanwhile. */
  let opening: Connection | null = null;
  /** The last answer that was said, and the connection it was of, which may be closed by now. */
  let answered: { readonly signal: DescriptionSignal; readonly of: Connection } | null = null;

  /** Prepares a fresh connection, and only then lets it take the place of the old one. */
  async function replace(
    by: 'offer' | 'answer',
    link: string,
    prepare: (fresh: Connection) => Promise<void>,
    relay = false,
  ): Promise<Connection> {
    const fresh = options.open(link, relay);
    opening = fresh;
    try {
      await prepare(fresh);
    } catch (error) {
      fresh.close();
      throw error;
    } finally {
      opening = null;
    }
    current?.close();
    current = fresh;
    options.onTaken(fresh, by);
    return fresh;
  }

  async function offer({ link, round, fresh, relay }: NegotiationEffect & { do: 'offer' }): Promise<void> {
    if (fresh) {
      const prepare = async (connection: Connection): Promise<void> => {
        offerLines(connection.pc, options.tracks());
        startSmall(trace, options.clock, connection);
        await setLocalDescription(trace, connection, await connection.pc.createOffer());
      };
      return sayOffer(await replace('offer', link, prepare, relay), round);
    }
    const connection = inUse();
    const { pc } = connection;
    // One that went over relays alone may find a better path on another network.
    pc.setConfiguration?.({
      ...pc.getConfiguration(),
      iceServers: options.iceServers(),
      iceTransportPolicy: 'all',
    });
    await setLocalDescription(trace, connection, await pc.createOffer({ iceRestart: true }));
    sayOffer(connection, round);
  }

  async function answer(signal: DescriptionSignal, fresh: boolean): Promise<void> {
    if (fresh) {
      const made = await replace('answer', signal.link, async (connection) => {
        await setRemote(connection, signal);
        await answerLines(connection.pc, options.tracks());
        startSmall(trace, options.clock, connection);
        await setLocalDescription(trace, connection, await connection.pc.createAnswer());
      });
      return sayAnswer(made, signal.round);
    }
    const connection = inUse();
    const { pc } = connection;
    await setRemote(connection, signal);
    try {
      await setLocalDescription(trace, connection, await pc.createAnswer());
    } catch (error) {
      if (pc.signalingState === 'have-remote-offer') await pc.setRemoteDescription({ type: 'rollback' });
      throw error;
    }
    sayAnswer(connection, signal.round);
  }

  async function setRemote({ pc, traced }: Connection, { kind, sdp }: DescriptionSignal): Promise<void> {
    await pc.setRemoteDescription({ type: kind, sdp });
    traceRemoteDescription(trace, traced, { type: kind, sdp });
  }

  /** Says the open offer as it is now, with the candidates found so far. */
  function sayOffer({ pc, traced }: Connection, round: number): void {
    const sdp = pc.pendingLocalDescription?.sdp;
    if (sdp) say({ kind: 'offer', link: traced.link, round, sdp });
  }

  function sayAnswer(of: Connection, round: number): void {
    const sdp = of.pc.currentLocalDescription?.sdp;
    if (!sdp) return;
    answered = { of, signal: { kind: 'answer', link: of.traced.link, round, sdp } };
    say(answered.signal);
  }

  /** Says the last answer again: with the candidates found since, or as it was if its connection is closed. */
  function sayAnswerAgain(): void {
    if (!answered) return;
    const { of, signal } = answered;
    if (of.signal.aborted) say(signal);
    else sayAnswer(of, signal.round);
  }

  async function addCandidates(candidates: readonly CandidateSignal[]): Promise<void> {
    const { pc, traced } = inUse();
    for (const { candidate, sdpMid, sdpMLineIndex, usernameFragment } of candidates) {
      try {
        await pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex, usernameFragment });
        if (candidate) traceCandidate(trace, traced, 'remote', candidate);
      } catch (error) {
        // One that is of a former generation or malformed; the others may still connect (NEG-10).
        trace.trouble(traced, 'dropped', 'candidate', error);
      }
    }
  }

  function ignore(signal: LinkSignal): void {
    const traced = { peer: current?.traced.peer ?? '', link: signal.link };
    if ('sdp' in signal) {
      trace.record({ kind: 'description', step: 'ignored', type: signal.kind, sdp: signal.sdp, ...traced });
    } else {
      trace.trouble(traced, 'dropped', signal.kind, 'of no link');
    }
  }

  function inUse(): Connection {
    if (!current) throw new Error('there is no connection');
    return current;
  }

  return {
    get connection() {
      return current;
    },
    async run(effect) {
      switch (effect.do) {
        case 'offer':
          return offer(effect);
        case 'ask':
          return say({ kind: 'restart', link: effect.link, round: effect.round });
        case 'asked':
          return options.onAsked();
        case 'answer':
          return answer(effect.offer, effect.fresh);
        case 'settle':
          return setRemote(inUse(), effect.answer);
        case 'rollback':
          return inUse().pc.setLocalDescription({ type: 'rollback' });
        case 'add-candidates':
          return addCandidates(effect.candidates);
        case 'say-offer':
          return sayOffer(inUse(), effect.round);
        case 'say-answer':
          return sayAnswerAgain();
        case 'say-candidates': {
          const { pc, trickled } = inUse();
          if (pc.connectionState !== 'connected') for (const candidate of trickled) say(candidate);
          return;
        }
        case 'ignore':
          return ignore(effect.signal);
      }
    },
    close() {
      opening?.close();
      current?.close();
    },
  };
}
