// Two links of the product's own code over fake connections, joined by a wire that a test can cut.

import { setMaxListeners } from 'node:events';
import {
  type IceServer,
  type Line,
  type LinkSignal,
  type PeerMessage,
  parseLinkSignal,
} from '@maru/protocol';
import { vi } from 'vitest';
import type { LinkPhase, LinkSnapshot } from '../src/link/link.js';
import { createLinkFactory } from '../src/link/link-factory.js';
import { loadCare } from '../src/link/load-care.js';
import type { LineTracks, LinkWorld, PeerLink, PeerLinkOptions } from '../src/link/peer-link.js';
import { fakeEnv, settle } from '../src/testing/fake-env.js';
import { FakeNetwork } from '../src/testing/fake-peer-connection.js';
import { FakeStream, fakeTrack } from '../src/testing/fake-transceiver.js';
import { createTrace } from '../src/trace/trace.js';
import type { TraceEvent } from '../src/trace/trace-event.js';

// A browser has no such limit: every listener of a connection ends with the one signal of its scope.
setMaxListeners(100);

// As in a page whose chunk has come before the call: a fake clock does not wait for a loader.
await loadCare();

export const NOTHING: LineTracks = { mic: null, camera: null, screen: null, screenAudio: null };

/** The steps that do something about a path, or end it. */
const DONE = /ask|restart|relay|rebuild|give-up/;

/** What one end of a pair has been told. */
export class Watched {
  readonly phases: LinkPhase[] = [];
  readonly messages: PeerMessage[] = [];
  readonly said: LinkSignal[] = [];
  /** The lines on which this end expects something. */
  readonly expected = new Set<Line>();
  link: PeerLink | null = null;

  get it(): PeerLink {
    if (!this.link) throw new Error('this end has no link yet');
    return this.link;
  }

  get phase(): LinkPhase {
    return this.it.snapshot.phase;
  }

  /** How many of what was said are of this kind. */
  count(kind: LinkSignal['kind']): number {
    return this.said.filter((signal) => signal.kind === kind).length;
  }
}

export class Pair {
  readonly env = fakeEnv();
  readonly clock = this.env.clock;
  readonly network = new FakeNetwork(this.clock);
  readonly trace = createTrace(this.env);
  readonly near = new Watched();
  readonly far = new Watched();
  servers: IceServer[] = [{ urls: ['stun:stun.example'] }];
  /** What was said of ICE servers that gave nothing. */
  readonly reports: string[] = [];
  hidden = false;
  readonly world: LinkWorld = {
    env: this.env,
    trace: this.trace,
    iceServers: () => this.servers,
    connect: this.network.connect,
    hidden: () => this.hidden,
    iceServerFailed: (url, failure) => this.reports.push(`${failure} ${url}`),
  };
  readonly factory = createLinkFactory(this.world);
  /** Signals are lost while it is. */
  cut = false;
  /** Which signals are lost on their way. */
  loses: (signal: LinkSignal) => boolean = () => false;

  constructor() {
    // The one browser class that links use beside the connection.
    vi.stubGlobal('MediaStream', FakeStream);
  }

  options(name: 'near' | 'far', tracks: LineTracks = NOTHING): PeerLinkOptions {
    const end = this[name];
    const other = name === 'near' ? this.far : this.near;
    return {
      peer: name === 'near' ? 'far' : 'near',
      polite: name === 'far',
      tracks,
      events: {
        onChange(snapshot: LinkSnapshot) {
          if (snapshot.phase !== end.phases.at(-1)) end.phases.push(snapshot.phase);
        },
        onSignal: (data: string) => {
          const parsed = parseLinkSignal(data);
          if (!parsed.ok) throw new Error(`A link said what no schema knows: ${data}`);
          end.said.push(parsed.message);
          if (!this.cut && !this.loses(parsed.message)) other.link?.receive(data);
        },
        onMessage: (message: PeerMessage) => {
          end.messages.push(message);
        },
      },
      expects: (line) => end.expected.has(line),
    };
  }

  create(name: 'near' | 'far', tracks?: LineTracks): PeerLink {
    const link = this.factory.create(this.options(name, tracks));
    this[name].link = link;
    return link;
  }

  /** Both ends, connected by the near end's offer. */
  async connect(nearTracks?: LineTracks, farTracks?: LineTracks): Promise<void> {
    this.create('far', farTracks);
    this.create('near', nearTracks).offer();
    await this.idle();
  }

  /** Lets everything happen that needs no time. */
  async idle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await settle();
  }

  /** Lets time pass in steps, so that what falls due in between can have its effect. */
  async pass(ms: number, step = 250): Promise<void> {
    for (let done = 0; done < ms; done += step) {
      await this.clock.advance(Math.min(step, ms - done));
      await this.idle();
    }
  }

  /** Signalling works again, and both ends are told. */
  mend(): void {
    this.cut = false;
    this.near.link?.resync();
    this.far.link?.resync();
  }

  close(): void {
    this.near.link?.close();
    this.far.link?.close();
  }

  events<K extends TraceEvent['kind']>(kind: K): Extract<TraceEvent, { kind: K }>[] {
    return this.trace.events.filter(
      (event): event is Extract<TraceEvent, { kind: K }> => event.kind === kind,
    );
  }

  /** How many answers an end has made; one may be said more than once (NEG-8). */
  answersMade(name: 'near' | 'far'): number {
    return this.events('description').filter(
      ({ step, type, peer }) => step === 'created' && type === 'answer' && peer !== name,
    ).length;
  }

  /** What the ladder of an end did about its path, or followed, in order. */
  climbed(name: 'near' | 'far'): string[] {
    return this.steps.flatMap((step) =>
      DONE.test(step) && step.startsWith(name) ? [step.slice(name.length + 1)] : [],
    );
  }

  /** The steps that the ladder came to, in order, of both ends. */
  get steps(): string[] {
    return this.events('link').flatMap(({ step, reason, peer }) =>
      step === 'ladder' ? [`${peer === 'far' ? 'near' : 'far'} ${reason}`] : [],
    );
  }

  /** What could not be used. */
  get dropped(): string[] {
    return this.events('link').flatMap(({ step, reason }) => (step === 'dropped' ? [reason ?? ''] : []));
  }

  /** What the browser refused. */
  get errors(): string[] {
    return this.events('link').flatMap(({ step, reason }) => (step === 'error' ? [reason ?? ''] : []));
  }
}

export const camera = (id = 'camera'): LineTracks => ({
  ...NOTHING,
  mic: fakeTrack('audio', 'mic'),
  camera: fakeTrack('video', id),
});
