// A link to another peer over RTCPeerConnection: negotiation, ladder and watch put together, one snapshot out.

import {
  byLine,
  LINES,
  type Line,
  type LinkSignal,
  MAX_PEER_MESSAGE_LENGTH,
  type PeerMessage,
  parseLinkSignal,
  parsePeerMessage,
} from '@maru/protocol';
import { replaced } from '../replaced.js';
import type { LadderInput, Path } from './care/ladder.js';
import type { MediaWatch } from './care/media-watch.js';
import type { Recovery } from './care/recovery.js';
import { createInbox } from './inbox.js';
import type { LinkPhase, LinkSnapshot, RemoteLine } from './link.js';
import { careNow, loadCare } from './load-care.js';
import {
  failNegotiation,
  type NegotiationEffect,
  type NegotiationInput,
  startNegotiation,
  stepNegotiation,
} from './negotiation.js';
import type { LineTracks, LinkWorld, PeerLink, PeerLinkOptions } from './peer-link.js';
import { type Connection, openConnection, rtcIceServers } from './rtc-connection.js';
import { sendTracks } from './rtc-effects.js';
import { createExecutor } from './rtc-executor.js';
import { applyTracks, lineTransceiver } from './rtc-lines.js';
import { startsSmall } from './small-start.js';

/** What each connection state says of the path. It sums up ICE and DTLS (W3C webrtc-pc, section 4.3.3). */
const PATH_OF: Partial<Record<RTCPeerConnectionState, Path>> = {
  connected: 'up',
  disconnected: 'shaky',
  failed: 'down',
};

const SILENT_LINE: RemoteLine = { track: null, receiving: false };
const SILENT_LINES = byLine(() => SILENT_LINE);

/** Length of a link id, in characters of base64url: 72 random bits. */
export const LINK_ID_LENGTH = 12;

/** Makes a link; with `adopted`, over a connection whose offer was prepared and given to the peer. */
export function createPeerLink(
  world: LinkWorld,
  options: PeerLinkOptions,
  adopted: Connection | null = null,
): PeerLink {
  const { env, trace } = world;
  const { peer, polite, events } = options;
  const scope = new AbortController();
  const { signal } = scope;
  let tracks: LineTracks = options.tracks;
  let negotiation = startNegotiation(polite, adopted?.traced.link);
  let watch: MediaWatch | undefined;
  let recovery: Recovery | undefined;
  /** What is to be told to the recovery once it has been loaded. */
  const happened: LadderInput[] = [];
  let started = false;
  let hadMedia = false;
  let snapshot: LinkSnapshot = {
    phase: 'new',
    step: 'rest',
    reason: null,
    lines: SILENT_LINES,
    dataOpen: false,
    stats: null,
  };

  const traced = () => ({ peer, link: executor.connection?.traced.link ?? '' });
  const newLinkId = () => env.random.id(LINK_ID_LENGTH);
  const say = (said: LinkSignal): void => {
    if (!signal.aborted) events.onSignal(JSON.stringify(said));
  };
  const executor = createExecutor(
    {
      trace,
      clock: env.clock,
      say,
      open: (link, relay) => openConnection(world, { peer, link }, say, relay),
      iceServers: () => rtcIceServers(world.iceServers()),
      tracks: () => tracks,
      onAsked: () => climb({ type: 'asked' }),
      onTaken(connection, by) {
        take(connection);
        // A path that came back while a rebuild was made ready has just been closed for it.
        if (by === 'answer' || recovery?.path === 'up') climb({ type: 'replaced' });
      },
    },
    adopted,
  );
  const inbox = createInbox<NegotiationInput>(negotiate, signal);

  /** Begins to look after the link, from what has happened until now. */
  function attend(): void {
    if (signal.aborted) return;
    recovery = careNow()?.createRecovery({
      world,
      polite,
      signal,
      traced,
      connection: () => executor.connection,
      tracks: () => tracks,
      apply: async (wanted) => {
        const pc = executor.connection?.pc;
        if (pc) await applyTracks(pc, wanted);
      },
      expects: options.expects ?? (() => false),
      send,
      negotiate: (step) => inbox.push(step === 'ask' ? { type: step } : { type: step, link: newLinkId() }),
      onChange: update,
    });
    if (!recovery) return;
    if (executor.connection && !watch) watchOver(executor.connection);
    for (const input of happened.splice(0)) recovery.input(input);
    update();
  }

  function watchOver(connection: Connection): void {
    watch = careNow()?.watchMedia({
      clock: env.clock,
      trace,
      connection,
      lines: LINES,
      transceiver: (line) => lineTransceiver(connection.pc, line),
      onChange: update,
      onSummary: (received) => recovery?.look(received),
    });
  }

  function climb(input: LadderInput): void {
    if (recovery) recovery.input(input);
    else happened.push(input);
  }

  async function negotiate(input: NegotiationInput): Promise<void> {
    const before = negotiation;
    const [next, effects] = stepNegotiation(before, input);
    negotiation = next;
    const done: NegotiationEffect[] = [];
    for (const effect of effects) {
      try {
        await executor.run(effect);
      } catch (error) {
        if (signal.aborted) return;
        negotiation = failNegotiation(before, done);
        trace.trouble(traced(), input.type === 'signal' ? 'dropped' : 'error', effect.do, error);
        return;
      }
      if (signal.aborted) return;
      done.push(effect);
      if (effect.do === 'answer' && !effect.fresh) climb({ type: 'followed' });
    }
    update();
  }

  function start(): void {
    started = true;
    climb({ type: 'started' });
    update();
  }

  /** A connection takes the former one's place: it is listened to until it is closed. */
  function take(connection: Connection): void {
    const { pc, control } = connection;
    const listening = { signal: connection.signal };
    watchOver(connection);
    pc.addEventListener('connectionstatechange', readPath, listening);
    control.addEventListener('open', update, listening);
    control.addEventListener('close', readPath, listening);
    control.addEventListener('message', ({ data }: MessageEvent<unknown>) => receiveMessage(data), listening);
    sendTracks(trace, connection, tracks);
    for (const line of LINES) if (tracks[line]) traceSending(line);
  }

  /** Tells the ladder how the connection in use is doing. */
  function readPath(): void {
    const connection = executor.connection;
    if (!connection) return;
    const { pc, control } = connection;
    // A control channel that closes means that the other end has closed its connection, whatever ICE still says.
    const path = control.readyState === 'closed' ? 'gone' : PATH_OF[pc.connectionState];
    if (path) climb({ type: 'path', path });
    if (!path || !recovery) update();
  }

  function receiveMessage(data: unknown): void {
    const bounded = typeof data === 'string' && data.length <= MAX_PEER_MESSAGE_LENGTH;
    const parsed = bounded ? parsePeerMessage(data) : null;
    if (!parsed?.ok) trace.trouble(traced(), 'dropped', 'a message', 'of no schema');
    else if (!recovery?.receive(parsed.message)) events.onMessage(parsed.message);
  }

  function send(message: PeerMessage): boolean {
    const control = executor.connection?.control;
    const text = JSON.stringify(message);
    if (signal.aborted || control?.readyState !== 'open' || text.length > MAX_PEER_MESSAGE_LENGTH)
      return false;
    try {
      control.send(text);
      return true;
    } catch (error) {
      // The buffer is full (W3C webrtc-pc, section 6.2, send): the caller sends again later.
      trace.trouble(traced(), 'error', 'send', error);
      return false;
    }
  }

  function traceSending(line: Line): void {
    trace.record({ kind: 'track', step: tracks[line] ? 'sending' : 'sending-nothing', line, ...traced() });
  }

  function phaseNow(): LinkPhase {
    if (signal.aborted) return 'closed';
    const path = recovery ? recovery.path : PATH_OF[executor.connection?.pc.connectionState ?? 'new'];
    if (path === 'up') return 'connected';
    if (recovery?.gaveUp) return 'failed';
    if (hadMedia) return 'reconnecting';
    return started ? 'connecting' : 'new';
  }

  function lineNow(line: Line): RemoteLine {
    const pc = executor.connection?.pc;
    // Before the other end has described itself nobody has promised to send anything.
    const track = (pc?.currentRemoteDescription && lineTransceiver(pc, line)?.receiver.track) || null;
    // Without the chunk nobody can tell: what is there is shown.
    const receiving = track !== null && (watch?.receiving(line) ?? snapshot.phase === 'connected');
    return replaced(snapshot.lines[line], { track, receiving });
  }

  /** Replaces the snapshot if anything in it has changed. */
  function update(): void {
    const phase = phaseNow();
    if (phase === 'connected') hadMedia = true;
    watch?.setRunning(phase === 'connected');
    const closed = phase === 'closed';
    const before = snapshot;
    snapshot = replaced(before, {
      phase,
      step: recovery?.step ?? 'rest',
      reason: recovery?.reason ?? null,
      lines: replaced(before.lines, closed ? SILENT_LINES : byLine(lineNow)),
      dataOpen: !closed && executor.connection?.control.readyState === 'open',
      stats: phase === 'connected' ? (watch?.stats ?? null) : null,
    });
    if (snapshot !== before) events.onChange(snapshot);
  }

  if (adopted) take(adopted);
  // The polite end waits for an offer from the start, so that it notices when none comes (LAD-6).
  if (adopted || polite) start();
  attend();
  if (!recovery) {
    loadCare().then(attend, (error: unknown) => trace.trouble(traced(), 'error', 'in-call', error));
  }

  return {
    get snapshot() {
      return snapshot;
    },
    sender(line) {
      const sender = executor.connection && lineTransceiver(executor.connection.pc, line)?.sender;
      return sender && !startsSmall(sender) ? sender : null;
    },
    receive(data) {
      const parsed = parseLinkSignal(data);
      if (parsed.ok) inbox.push({ type: 'signal', signal: parsed.message });
      else trace.trouble(traced(), 'dropped', 'a signal', 'of no schema');
    },
    setTrack(line, track) {
      if (signal.aborted || tracks[line] === track) return;
      tracks = { ...tracks, [line]: track };
      traceSending(line);
      if (executor.connection) sendTracks(trace, executor.connection, tracks);
    },
    send,
    offer() {
      start();
      inbox.push({ type: 'offer', link: newLinkId() });
    },
    resync: () => inbox.push({ type: 'resync' }),
    retry: () => climb({ type: 'retry' }),
    hint: () => climb({ type: 'hint' }),
    setReachable: (reachable) => climb({ type: 'reachable', reachable }),
    level: () => watch?.level() ?? 0,
    close() {
      if (signal.aborted) return;
      scope.abort();
      executor.close();
      update();
    },
  };
}
