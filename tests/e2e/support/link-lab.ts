// Runs inside the page of the link test: two real links of one page, joined by a wire that can be cut.

import type { Line } from '@maru/protocol';
import { browserEnv } from '../../../packages/client/src/env/browser-env.js';
import type { LinkSnapshot } from '../../../packages/client/src/link/link.js';
import { createLinkFactory } from '../../../packages/client/src/link/link-factory.js';
import { loadCare } from '../../../packages/client/src/link/load-care.js';
import { startLoopback } from '../../../packages/client/src/link/loopback.js';
import type { LineTracks, LinkWorld, PeerLink } from '../../../packages/client/src/link/peer-link.js';
import { createTrace } from '../../../packages/client/src/trace/trace.js';
import type { TraceEvent } from '../../../packages/client/src/trace/trace-event.js';

const NOTHING: LineTracks = { mic: null, camera: null, screen: null, screenAudio: null };

/** Every connection that the page has made. */
const connections: RTCPeerConnection[] = [];

const trace = createTrace(browserEnv);
const world: LinkWorld = {
  env: browserEnv,
  trace,
  iceServers: () => [],
  connect(configuration) {
    const connection = new RTCPeerConnection(configuration);
    connections.push(connection);
    return connection;
  },
};
const factory = createLinkFactory(world);

interface End {
  readonly link: PeerLink;
  readonly received: unknown[];
}

/** Whether the ends expect a microphone and a camera of each other. */
let expected = false;

/** Signals wait here while the wire is cut. */
const wire = { cut: false, count: 0 };

function events(received: unknown[], other: () => PeerLink) {
  return {
    onChange: (_: LinkSnapshot) => {},
    onSignal(data: string) {
      wire.count++;
      if (!wire.cut) other().receive(data);
    },
    onMessage: (message: unknown) => {
      received.push(message);
    },
  };
}

const ends: { near?: End; far?: End } = {};

function end(name: 'near' | 'far'): End {
  const found = ends[name];
  if (!found) throw new Error(`There is no ${name} end.`);
  return found;
}

async function devices(): Promise<LineTracks> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 320, height: 240 },
  });
  return { ...NOTHING, mic: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null };
}

function peer(name: 'near' | 'far', polite: boolean, tracks: LineTracks) {
  const received: unknown[] = [];
  const other = name === 'near' ? 'far' : 'near';
  return {
    received,
    options: {
      peer: other,
      polite,
      tracks,
      events: events(received, () => end(other).link),
      // Both ends send and show both, unless a test says otherwise.
      expects: (line: Line) => expected && (line === 'mic' || line === 'camera'),
    },
  };
}

let loopback: ReturnType<typeof startLoopback> | null = null;

const lab = {
  /** The near end adopts an offer that was prepared; the far end receives it. */
  async startPrepared(): Promise<void> {
    await loadCare();
    const tracks = await devices();
    const prepared = factory.prepare(tracks);
    const data = await prepared.data;
    const far = peer('far', true, await devices());
    ends.far = { link: factory.create(far.options), received: far.received };
    const near = peer('near', false, tracks);
    ends.near = { link: prepared.adopt(near.options), received: near.received };
    end('far').link.receive(data);
  },
  /** Both ends offer at the same instant. */
  async startGlare(): Promise<void> {
    for (const [name, polite] of [
      ['near', false],
      ['far', true],
    ] as const) {
      const { options, received } = peer(name, polite, await devices());
      ends[name] = { link: factory.create(options), received };
    }
    end('near').link.offer();
    end('far').link.offer();
  },
  async startLoopback(): Promise<void> {
    loopback = startLoopback(world, await devices());
    ends.near = { link: loopback.near as PeerLink, received: [] };
    ends.far = { link: loopback.far as PeerLink, received: [] };
  },
  snapshot(name: 'near' | 'far') {
    const { phase, dataOpen, lines, stats } = end(name).link.snapshot;
    const flowing = Object.entries(lines)
      .filter(([, line]) => line.receiving)
      .map(([line]) => line);
    const tracks = Object.values(lines).filter(({ track }) => track !== null).length;
    return { phase, dataOpen, flowing, tracks, stats };
  },
  level: (name: 'near' | 'far') => end(name).link.level(),
  say(name: 'near' | 'far', text: string): boolean {
    return end(name).link.send({ type: 'chat', id: 'abcdefghijkl', at: Date.now(), text });
  },
  received: (name: 'near' | 'far') => end(name).received,
  async framesDecoded(name: 'near' | 'far'): Promise<number> {
    const { track } = end(name).link.snapshot.lines.camera;
    if (!track) return 0;
    const owner = connections.find((pc) => pc.getReceivers().some((receiver) => receiver.track === track));
    let frames = 0;
    (await owner?.getStats(track))?.forEach((entry: { type: string; framesDecoded?: number }) => {
      if (entry.type === 'inbound-rtp') frames += entry.framesDecoded ?? 0;
    });
    return frames;
  },
  async replaceCamera(name: 'near' | 'far', on: boolean): Promise<void> {
    end(name).link.setTrack('camera', on ? (await devices()).camera : null);
  },
  /** What becomes of the far end's camera when its browser stops sending it, behind the back of the link. */
  async loseFarCamera(): Promise<void> {
    expected = true;
    const far = connections.at(-1);
    await far?.getTransceivers()[1]?.sender.replaceTrack(null);
  },
  stalled: () =>
    trace.events.flatMap((event) => (event.kind === 'track' && event.step === 'stalled' ? [event.line] : [])),
  retry: (name: 'near' | 'far') => end(name).link.retry(),
  cut(cut: boolean): void {
    wire.cut = cut;
    if (cut) return;
    end('near').link.resync();
    end('far').link.resync();
  },
  /** What becomes of the far end's connection when its browser is gone without a word to the near end. */
  breakFar(): void {
    connections.at(-1)?.close();
  },
  mLines(): string[] {
    const sdp = connections.at(-1)?.localDescription?.sdp ?? '';
    return Array.from(sdp.matchAll(/^m=(\w+)/gm), (match) => match[1] ?? '');
  },
  offers: () =>
    trace.events.filter(
      (event) => event.kind === 'description' && event.step === 'created' && event.type === 'offer',
    ).length,
  answers: () =>
    trace.events.filter(
      (event) => event.kind === 'description' && event.step === 'created' && event.type === 'answer',
    ).length,
  settled: () => connections.every((pc) => ['stable', 'closed'].includes(pc.signalingState)),
  descriptions: () => trace.events.filter(({ kind }) => kind === 'description').length,
  kinds: () => [...new Set(trace.events.map(({ kind }) => kind))],
  troubles: (): Extract<TraceEvent, { kind: 'link' }>[] =>
    trace.events
      .filter((event) => event.kind === 'link')
      .filter(({ step }) => step === 'error' || step === 'dropped'),
  peers: () => [...new Set(trace.events.flatMap((event) => ('link' in event ? [event.peer] : [])))],
  connections: () => connections.map((pc) => pc.connectionState),
  open: () => connections.filter((pc) => pc.signalingState !== 'closed').length,
  codecs(): string[] {
    const sdp = connections[0]?.localDescription?.sdp ?? '';
    return [...new Set(Array.from(sdp.matchAll(/^a=rtpmap:\d+ (\S+?)\//gm), (match) => match[1] ?? ''))];
  },
  sdpLength: () => connections[0]?.localDescription?.sdp.length ?? 0,
  hangUp(): void {
    if (loopback) loopback.hangUp();
    else for (const name of ['near', 'far'] as const) end(name).link.close();
  },
};

export type LinkLab = typeof lab;

declare global {
  interface Window {
    lab: LinkLab;
  }
}
window.lab = lab;
