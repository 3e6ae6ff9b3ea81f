// The channel over fake sockets: greeting, requests and answers, events, loss.

import { CLOSE, type ServerEvent, type VideoCodec } from '@maru/protocol';
import { describe, expect, test } from 'vitest';
import type { MaruError } from '../src/maru-error.js';
import { type ChannelStatus, createChannel } from '../src/signalling/channel.js';
import { REQUEST_MS } from '../src/signalling/requests.js';
import { fakeEnv } from '../src/testing/fake-env.js';
import { FakeSockets } from '../src/testing/fake-sockets.js';
import { createTrace } from '../src/trace/trace.js';
import { peerId } from './support/test-room.js';

function setUp(onUp: () => void = () => {}) {
  const env = fakeEnv();
  const sockets = new FakeSockets();
  const events: ServerEvent[] = [];
  const statuses: ChannelStatus[] = [];
  const trace = createTrace(env);
  let downs = 0;
  const channel = createChannel({
    url: 'wss://maru.example/ws',
    agent: 'test',
    env,
    trace,
    sockets: sockets.factory,
    events: {
      onUp: () => onUp(),
      onDown: () => downs++,
      onEvent: (event) => events.push(event),
      onStatus: (status) => statuses.push(status),
    },
  });
  const welcome = (): void => {
    sockets.last.open();
    sockets.last.say({ type: 'welcome', re: sockets.last.last('hello').id, protocol: 1, server: 'test' });
  };
  return {
    env,
    sockets,
    events,
    statuses,
    trace,
    channel,
    welcome,
    get downs() {
      return downs;
    },
  };
}

/** Asks, and keeps what becomes of it. */
function asked() {
  const outcome: { answer?: unknown; error?: MaruError } = {};
  return {
    outcome,
    handlers: {
      answered(answer: unknown) {
        outcome.answer = answer;
      },
      failed(error: MaruError) {
        outcome.error = error;
      },
    },
  };
}

describe('greeting', () => {
  test('opens a socket only when told to', () => {
    const { sockets, channel } = setUp();
    expect(sockets.all).toHaveLength(0);
    channel.wake();
    expect(sockets.all.map(({ url }) => url)).toEqual(['wss://maru.example/ws']);
  });

  test('[SFU-23] knows in which codecs the SFU would have pictures: VP8, unless welcome says more', () => {
    const { sockets, channel, welcome } = setUp();
    channel.wake();
    expect(channel.videoCodecs).toBeNull();
    welcome();
    expect(channel.videoCodecs).toEqual(['VP8']);
    channel.renew();
    sockets.last.open();
    const re = sockets.last.last('hello').id;
    const videoCodecs: VideoCodec[] = ['AV1', 'VP8'];
    sockets.last.say({ type: 'welcome', re, protocol: 1, server: 'test', videoCodecs });
    expect(channel.videoCodecs).toEqual(['AV1', 'VP8']);
  });

  test('[HS-3] sends the first request right behind hello, without waiting for welcome', () => {
    const world = setUp(() => world.channel.ask('peek', { room: 'a' }, {}));
    world.channel.wake();
    world.sockets.last.open();
    expect(world.sockets.last.types).toEqual(['hello', 'peek']);
    expect(world.channel.up).toBe(true);
    expect(world.statuses).toEqual([]);
  });

  test('[HS-1] hello is the first request on each socket, with the version', async () => {
    const { env, sockets, channel, welcome } = setUp();
    channel.wake();
    welcome();
    sockets.last.end();
    await env.clock.advance(500);
    welcome();
    expect(sockets.all.map(({ sent }) => sent[0])).toEqual([
      expect.objectContaining({ type: 'hello', protocol: 1, agent: 'test' }),
      expect.objectContaining({ type: 'hello', protocol: 1, agent: 'test' }),
    ]);
  });

  test.each(['protocol-too-old', 'protocol-too-new'] as const)('[HS-2] %s ends the channel', async (code) => {
    const { env, sockets, statuses, channel } = setUp();
    channel.wake();
    sockets.last.open();
    sockets.last.say({ type: 'refused', re: sockets.last.last('hello').id, code });
    expect(statuses.at(-1)).toMatchObject({ phase: 'closed', error: { code } });
    await env.clock.advance(60_000);
    expect(sockets.all).toHaveLength(1);
    expect(env.clock.pending).toBe(0);
  });

  test('a server that is too busy for now is asked again later', async () => {
    const { env, sockets, statuses, channel } = setUp();
    channel.wake();
    sockets.last.open();
    const re = sockets.last.last('hello').id;
    sockets.last.say({ type: 'refused', re, code: 'server-busy', retryAfterMs: 5_000 });
    await env.clock.advance(4_999);
    expect(sockets.all).toHaveLength(1);
    await env.clock.advance(500);
    expect(sockets.all).toHaveLength(2);
    expect(statuses.at(-1)?.error?.code).toBe('server-unreachable');
  });
});

describe('requests', () => {
  test('each answer reaches the request that it names', () => {
    const { sockets, channel, welcome } = setUp();
    channel.wake();
    welcome();
    const first = asked();
    const second = asked();
    channel.ask('lock', { locked: true }, first.handlers);
    const lockId = sockets.last.last('lock').id;
    channel.ask('ice', {}, second.handlers);
    sockets.last.say({ type: 'ice-servers', re: sockets.last.last('ice').id, iceServers: [] });
    expect(first.outcome).toEqual({});
    expect(second.outcome.answer).toMatchObject({ type: 'ice-servers' });
    sockets.last.say({ type: 'ok', re: lockId });
    expect(first.outcome.answer).toMatchObject({ type: 'ok' });
  });

  test('a refusal carries its code and what belongs to it', () => {
    const { sockets, channel, welcome } = setUp();
    channel.wake();
    welcome();
    const { outcome, handlers } = asked();
    channel.ask('peek', { room: 'a' }, handlers);
    const re = sockets.last.last('peek').id;
    sockets.last.say({ type: 'refused', re, code: 'too-fast', retryAfterMs: 700 });
    expect(outcome.error).toMatchObject({ code: 'too-fast', detail: { retryAfterMs: 700 }, retry: true });
  });

  test('an answer of another type than was asked for is a failure, not a lie', () => {
    const { sockets, channel, welcome } = setUp();
    channel.wake();
    welcome();
    const { outcome, handlers } = asked();
    channel.ask('ice', {}, handlers);
    sockets.last.say({ type: 'ok', re: sockets.last.last('ice').id });
    expect(outcome.answer).toBeUndefined();
    expect(outcome.error?.code).toBe('bad-message');
  });

  test('one that is not answered times out', async () => {
    const { env, sockets, channel, welcome } = setUp();
    channel.wake();
    welcome();
    const { outcome, handlers } = asked();
    channel.ask('ice', {}, handlers);
    for (let waited = 0; waited < REQUEST_MS; waited += 1_000) {
      await env.clock.advance(1_000);
      // The server lives, it only does not answer this.
      sockets.last.say({ type: 'room-locked', locked: true, by: peerId('a') });
    }
    expect(outcome.error?.code).toBe('request-timeout');
  });

  test('fails at once without a socket, and when the socket is lost', () => {
    const { sockets, channel, welcome } = setUp();
    const before = asked();
    channel.ask('ice', {}, before.handlers);
    expect(before.outcome.error?.code).toBe('server-unreachable');
    channel.wake();
    welcome();
    const during = asked();
    channel.ask('ice', {}, during.handlers);
    sockets.last.end();
    expect(during.outcome.error?.code).toBe('server-unreachable');
  });

  test('a signal is answered only when it is refused', async () => {
    const { env, sockets, channel, welcome } = setUp();
    channel.wake();
    welcome();
    const refusals: string[] = [];
    channel.signal(peerId('a'), 'one', ({ code }) => refusals.push(`one ${code}`));
    channel.signal(peerId('a'), 'two', ({ code }) => refusals.push(`two ${code}`));
    const re = sockets.last.last('signal').id;
    sockets.last.say({ type: 'refused', re, code: 'peer-away' });
    await env.clock.advance(4_000);
    expect(refusals).toEqual(['two peer-away']);
  });
});

describe('events and the end', () => {
  test('events come in order; what cannot be read is dropped and traced', () => {
    const { sockets, events, trace, channel, welcome } = setUp();
    channel.wake();
    welcome();
    sockets.last.events.onText('{"type":"from-the-future"}');
    sockets.last.events.onText('not JSON');
    sockets.last.say({ type: 'room-locked', locked: true, by: peerId('a') });
    sockets.last.say({ type: 'peer-away', peer: peerId('a') });
    expect(events.map(({ type }) => type)).toEqual(['room-locked', 'peer-away']);
    const unread = trace.events.filter((event) => event.kind === 'message' && event.type === 'unreadable');
    expect(unread).toHaveLength(2);
  });

  test('[RES-11] closing for a restart drops the socket at once and connects again', async () => {
    const world = setUp();
    world.channel.wake();
    world.welcome();
    await world.env.clock.advance(1_000);
    world.sockets.last.say({ type: 'closing', reason: 'restart' });
    expect(world.downs).toBe(1);
    expect(world.sockets.last.closed).toBe(true);
    expect(world.statuses.at(-1)?.phase).toBe('reconnecting');
    await world.env.clock.advance(500);
    expect(world.sockets.all).toHaveLength(2);
  });

  test('[RES-5] closing because the peer is elsewhere ends the channel, even if the close code is lost', async () => {
    const { env, sockets, statuses, channel, welcome } = setUp();
    channel.wake();
    welcome();
    sockets.last.say({ type: 'closing', reason: 'replaced' });
    expect(statuses.at(-1)).toMatchObject({ phase: 'closed', error: { code: 'replaced-elsewhere' } });
    await env.clock.advance(60_000);
    expect(sockets.all).toHaveLength(1);
  });

  test('what a former socket says is not heard', async () => {
    const { env, sockets, events, channel, welcome } = setUp();
    channel.wake();
    welcome();
    const former = sockets.last;
    former.end();
    await env.clock.advance(500);
    welcome();
    former.say({ type: 'peer-away', peer: peerId('a') });
    former.end(CLOSE.replaced);
    expect(events).toEqual([]);
    expect(channel.up).toBe(true);
  });

  test('says unreachable while no socket opens, and takes it back when one does', async () => {
    const { env, sockets, statuses, channel, welcome } = setUp();
    channel.wake();
    sockets.last.end();
    expect(statuses.at(-1)).toMatchObject({ phase: 'connecting', error: { code: 'server-unreachable' } });
    await env.clock.advance(500);
    welcome();
    expect(statuses.at(-1)).toEqual({ phase: 'open', error: null });
  });

  test('stopping frees the socket and every timer, and says nothing more', async () => {
    const { env, sockets, channel, welcome } = setUp();
    channel.wake();
    welcome();
    const { outcome, handlers } = asked();
    channel.ask('ice', {}, handlers);
    channel.stop();
    expect(outcome.error?.code).toBe('server-unreachable');
    expect(sockets.last.closed).toBe(true);
    expect(env.clock.pending).toBe(0);
    channel.wake();
    await env.clock.advance(60_000);
    expect(sockets.all).toHaveLength(1);
  });

  test('the trace knows every message, its type and its size in bytes', () => {
    const { sockets, trace, channel } = setUp();
    channel.wake();
    sockets.last.open();
    channel.ask('peek', { room: '마루' }, {});
    const sent = trace.events.filter((event) => event.kind === 'message' && event.direction === 'sent');
    expect(sent.map((event) => event.kind === 'message' && event.type)).toEqual(['hello', 'peek']);
    const bytes = new TextEncoder().encode(JSON.stringify(sockets.last.last('peek'))).length;
    expect(sent[1]).toMatchObject({ bytes });
    const states = trace.events.filter((event) => event.kind === 'socket').map((event) => event.state);
    expect(states).toEqual(['connecting', 'open']);
  });
});
