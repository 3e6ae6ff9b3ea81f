// Links as a room sees them, over fake connections that keep the W3C's rules, with a clock that stands still.

import type { LinkSignal } from '@maru/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DISCONNECTED_GRACE_MS,
  FIRST_CONNECTION_MS,
  ICE_RESTART_MS,
  REBUILD_MS,
} from '../src/link/care/ladder-times.js';
import { fakeTrack } from '../src/testing/fake-transceiver.js';
import { camera, Pair } from './link-pair.js';

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
});
afterEach(() => {
  pair.close();
  expect(pair.clock.pending, 'no timer outlives its link').toBe(0);
  expect(pair.network.open, 'no connection outlives its link').toEqual([]);
});

const sdpOf = (signal: LinkSignal | undefined) => (signal && 'sdp' in signal ? signal.sdp : '');

describe('a first connection', () => {
  test('[NEG-1] has four lines and the control channel, at both ends', async () => {
    await pair.connect(camera(), camera());
    expect(pair.near.phases).toEqual(['connecting', 'connected']);
    expect(pair.far.phases).toEqual(['connecting', 'connected']);
    for (const { it } of [pair.near, pair.far]) {
      const { lines, dataOpen } = it.snapshot;
      expect(Object.values(lines).map(({ track }) => track?.kind)).toEqual([
        'audio',
        'video',
        'video',
        'audio',
      ]);
      expect(dataOpen).toBe(true);
    }
    for (const pc of pair.network.connections) {
      expect(pc.channel).toMatchObject({ label: 'control', id: 0 });
      expect(pc.getTransceivers().map(({ direction }) => direction)).toEqual(Array(4).fill('sendrecv'));
    }
  });

  test('[NEG-1] gives a person and a screen a stream each, so that sound and picture stay together', async () => {
    await pair.connect();
    const [mic, cam, screen, screenAudio] = pair.network.connections[1]?.getTransceivers() ?? [];
    expect(mic?.streams[0]).toBe(cam?.streams[0]);
    expect(screen?.streams[0]).toBe(screenAudio?.streams[0]);
    expect(mic?.streams[0]).not.toBe(screen?.streams[0]);
  });

  test('[NEG-2] is offered once, by the end that is told to, and answered once', async () => {
    await pair.connect();
    pair.near.it.offer();
    await pair.idle();
    expect([pair.near.count('offer'), pair.far.count('offer')]).toEqual([1, 0]);
    expect([pair.near.count('answer'), pair.far.count('answer')]).toEqual([0, 1]);
  });

  test('[NEG-4] settles when both offer at once', async () => {
    pair.create('near').offer();
    pair.create('far').offer();
    await pair.idle();
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.open).toHaveLength(2);
    expect([pair.answersMade('near'), pair.answersMade('far')]).toEqual([0, 1]);
    const ignored = pair
      .events('description')
      .filter(({ step, type }) => step === 'ignored' && type === 'offer');
    expect(ignored).toHaveLength(1);
  });

  test('uses the ICE servers that it is given, in one BUNDLE', async () => {
    await pair.connect();
    expect(pair.network.connections[0]?.getConfiguration()).toEqual({
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
      iceServers: pair.servers,
      iceTransportPolicy: 'all',
    });
  });

  test('[LAD-3] that never comes is tried again, and given up in the end', async () => {
    pair.network.cut();
    await pair.connect();
    await pair.pass(FIRST_CONNECTION_MS + ICE_RESTART_MS + 2 * REBUILD_MS + 100, 1_000);
    expect(pair.climbed('near')).toEqual(['restart', 'rebuild', 'rebuild', 'give-up']);
    expect(pair.near.phases).toEqual(['connecting', 'failed']);
  });

  test('[LAD-6] is made by the polite end when no offer ever comes', async () => {
    pair.create('near');
    pair.create('far');
    await pair.pass(2 * FIRST_CONNECTION_MS, 1_000);
    expect(pair.climbed('far')).toEqual(['ask', 'rebuild']);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
  });
});

describe('what is sent', () => {
  test('[NEG-9] changes without an offer', async () => {
    await pair.connect(camera(), camera());
    const next = fakeTrack('video', 'other camera');
    pair.near.it.setTrack('camera', next);
    pair.near.it.setTrack('screen', fakeTrack('video', 'screen'));
    pair.near.it.setTrack('mic', null);
    await pair.idle();
    const [mic, cam, screen] = pair.network.connections[0]?.getTransceivers() ?? [];
    expect([mic?.sender.track, cam?.sender.track, screen?.sender.track?.id]).toEqual([null, next, 'screen']);
    expect(pair.near.count('offer') + pair.far.count('offer')).toBe(1);
    const sending = pair
      .events('track')
      .filter(({ peer, step }) => peer === 'far' && step.startsWith('sending'));
    expect(sending.map(({ step, line }) => `${step} ${line}`)).toEqual([
      'sending mic',
      'sending camera',
      'sending camera',
      'sending screen',
      'sending-nothing mic',
    ]);
  });

  test('is what was set last, even while the connection is being made', async () => {
    const last = fakeTrack('video', 'last');
    pair.create('far').setTrack('camera', fakeTrack('video', 'first'));
    pair.create('near').offer();
    pair.near.it.setTrack('camera', last);
    await Promise.resolve();
    pair.far.it.setTrack('camera', last);
    await pair.idle();
    for (const pc of pair.network.connections) expect(pc.getTransceivers()[1]?.sender.track).toBe(last);
  });

  test.each([
    ['off and on', [null, 'mic']],
    ['on and off', ['mic', null]],
    ['off, on, off and on', [null, 'mic', null, 'mic']],
  ] as const)('[NEG-9] is what was asked for last, however fast a track goes %s', async (_, steps) => {
    const tracks = camera();
    const first = steps[0] === null ? tracks : { ...tracks, mic: null };
    await pair.connect(first);
    for (const step of steps) pair.near.it.setTrack('mic', step && tracks.mic);
    await pair.idle();
    const sender = pair.network.connections[0]?.getTransceivers()[0]?.sender;
    expect(sender?.track).toBe(steps.at(-1) === null ? null : tracks.mic);
  });

  test('goes on over a rebuilt connection', async () => {
    await pair.connect(camera('first'));
    pair.near.it.setTrack('camera', fakeTrack('video', 'second'));
    pair.network.open[1]?.close();
    await pair.pass(DISCONNECTED_GRACE_MS);
    expect(pair.climbed('near')).toEqual(['rebuild']);
    expect(pair.network.open[0]?.getTransceivers()[1]?.sender.track?.id).toBe('second');
  });

  test('a track of the wrong kind is traced, and the link goes on', async () => {
    await pair.connect();
    pair.near.it.setTrack('camera', fakeTrack('audio'));
    await pair.idle();
    expect(pair.errors[0]).toContain('replaceTrack: TypeError');
    expect(pair.near.phase).toBe('connected');
    const good = fakeTrack('video');
    pair.near.it.setTrack('camera', good);
    await pair.idle();
    expect(pair.network.connections[0]?.getTransceivers()[1]?.sender.track).toBe(good);
  });

  test('a track that was refused is asked for again with the next change', async () => {
    await pair.connect(camera());
    const sender = pair.network.connections[0]?.getTransceivers()[1]?.sender;
    if (!sender) throw new Error('no line');
    const next = fakeTrack('video', 'next');
    const { replaceTrack } = sender;
    sender.replaceTrack = async () => Promise.reject(new DOMException('busy', 'OperationError'));
    pair.near.it.setTrack('camera', next);
    await pair.idle();
    sender.replaceTrack = replaceTrack;
    pair.near.it.setTrack('mic', null);
    await pair.idle();
    expect(sender.track).toBe(next);
  });
});

describe('the control channel', () => {
  const bye = { type: 'bye' } as const;

  test('carries messages both ways once it is open', async () => {
    pair.create('near');
    expect(pair.near.it.send(bye)).toBe(false);
    await pair.connect();
    expect(pair.near.it.send(bye)).toBe(true);
    expect(pair.far.it.send({ type: 'received', id: 'abcdefghijkl' })).toBe(true);
    expect(pair.far.messages).toEqual([bye]);
    expect(pair.near.messages).toEqual([{ type: 'received', id: 'abcdefghijkl' }]);
  });

  test('[PEER-1] drops what is not exactly of its schema', async () => {
    await pair.connect();
    const channel = pair.network.connections[0]?.channel;
    const long = JSON.stringify({ type: 'bye', more: 'x'.repeat(33_000) });
    for (const data of ['{', '{"type":"else"}', '{"type":"bye","more":1}', long, new ArrayBuffer(8)])
      channel?.send(data);
    expect(pair.far.messages).toEqual([]);
    expect(pair.dropped).toHaveLength(5);
    channel?.send('{"type":"bye"}');
    expect(pair.far.messages).toEqual([bye]);
  });

  test('says when it cannot take a message', async () => {
    await pair.connect();
    const channel = pair.network.connections[0]?.channel;
    if (channel) channel.full = true;
    expect(pair.near.it.send(bye)).toBe(false);
    expect(pair.errors[0]).toContain('OperationError');
  });
});

describe('what the browser says went wrong', () => {
  test('is traced: a server that gives no candidate, and a control channel that fails', async () => {
    await pair.connect();
    const [pc] = pair.network.connections;
    const said = { url: 'stun:192.0.2.9', errorCode: 701, errorText: 'timed out' };
    pc?.dispatchEvent(Object.assign(new Event('icecandidateerror'), said));
    expect(pair.events('candidate-error')).toMatchObject([{ ...said, peer: 'far' }]);
    const error = new DOMException('the association was aborted', 'OperationError');
    pc?.channel?.dispatchEvent(Object.assign(new Event('error'), { error }));
    expect(pair.errors).toEqual([`data channel: ${error}`]);
    expect(pair.near.phase).toBe('connected');
  });

  test('[REP-1] an ICE server that gave it nothing is told of once all candidates were gathered', async () => {
    pair.network.slowGathering = true;
    pair.create('near').offer();
    await pair.idle();
    const [pc] = pair.network.connections;
    const said = { url: 'stun:stun.example:3478', errorCode: 701, errorText: 'timed out' };
    pc?.dispatchEvent(Object.assign(new Event('icecandidateerror'), said));
    await pair.pass(2_000);
    expect(pair.reports).toEqual([]);
    await pair.pass(2_000);
    expect(pair.reports).toEqual(['unreachable stun:stun.example']);
  });

  test('and its states are traced under the names of W3C', async () => {
    await pair.connect();
    const seen = (kind: 'signaling-state' | 'ice-connection-state' | 'connection-state') =>
      pair.events(kind).flatMap(({ state, peer }) => (peer === 'far' ? [state] : []));
    expect(seen('signaling-state')).toEqual(['have-local-offer', 'stable']);
    expect(seen('ice-connection-state')).toEqual(['checking', 'connected']);
    expect(seen('connection-state')).toEqual(['connecting', 'connected']);
    expect(pair.events('ice-gathering-state').map(({ state }) => state)).toContain('complete');
  });
});

describe('what cannot be used', () => {
  const offer = (more: object): string =>
    JSON.stringify({ kind: 'offer', link: 'aaaaaaaaaaaa', round: 0, sdp: 'v=0\r\nm=audio\r\n', ...more });

  test.each([
    ['no JSON', '{'],
    ['no schema', '{"kind":"hug"}'],
    ['an offer that is no SDP', offer({ sdp: 'nonsense' })],
    ['an offer of other lines', offer({})],
    ['an answer to nothing', offer({ kind: 'answer' })],
  ])('[NEG-10] is dropped, and the link that works goes on: %s', async (_, data) => {
    await pair.connect();
    const before = pair.network.open;
    pair.near.it.receive(data);
    pair.far.it.receive(data);
    await pair.idle();
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.open).toEqual(before);
    expect(pair.errors).toEqual([]);
    pair.near.it.retry();
    await pair.idle();
    expect(pair.far.count('answer')).toBe(2);
  });

  test('[NEG-10] a restart that is no SDP is dropped, and the next one works', async () => {
    await pair.connect();
    const link = pair.near.said[0]?.link ?? '';
    pair.far.it.receive(offer({ link, round: 1, sdp: 'nonsense' }));
    await pair.idle();
    expect(pair.dropped).toHaveLength(1);
    pair.near.it.retry();
    await pair.idle();
    expect(pair.far.count('answer')).toBe(2);
    expect(pair.far.phase).toBe('connected');
  });

  test('[NEG-10] a bad candidate does not keep a good one out', async () => {
    pair.cut = true;
    await pair.connect();
    const candidates = pair.near.said.filter(({ kind }) => kind === 'candidate');
    const stale = { ...candidates[0], usernameFragment: 'stale' };
    pair.far.it.receive(JSON.stringify(stale));
    for (const signal of pair.near.said) pair.far.it.receive(JSON.stringify(signal));
    await pair.idle();
    for (const signal of pair.far.said) pair.near.it.receive(JSON.stringify(signal));
    await pair.idle();
    expect(pair.near.phase).toBe('connected');
    expect(pair.dropped[0]).toContain('candidate: ');
  });

  test('[NEG-10] an answer that the browser cannot make leaves the link as it was, and comes when asked again', async () => {
    await pair.connect();
    pair.network.failNextLocal = true;
    pair.near.it.receive(offer({ sdp: sdpOf(pair.near.said[0]), link: 'bbbbbbbbbbbb' }));
    await pair.idle();
    expect(pair.near.phase).toBe('connected');
    expect(pair.network.open).toHaveLength(2);
    pair.cut = true;
    pair.near.it.retry();
    await pair.idle();
    pair.network.failNextLocal = true;
    pair.mend();
    await pair.idle();
    expect(pair.dropped.at(-1)).toContain('answer: OperationError');
    expect(pair.network.connections[0]?.signalingState).toBe('have-local-offer');
    pair.mend();
    await pair.idle();
    expect(pair.network.connections[0]?.signalingState).toBe('stable');
  });
});
