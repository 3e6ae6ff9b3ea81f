// What peers say to each other on the control channels, and to the room through the server.

import type { ChatLine } from '@maru/protocol';
import { describe, expect, test } from 'vitest';
import { FLUSH_MS, LEAVE_MS } from '../src/room/admission.js';
import { SPEAKING_HOLD_MS, SPEAKING_POLL_MS } from '../src/room/speaking.js';
import { peer, peerId, seated, TestRoom } from './support/test-room.js';

const ANN = peerId('Ann');
const BO = peerId('Bo');
const STATE = { rev: 3, mic: true, camera: false, screen: false, hand: false };

async function inside(connected = true): Promise<TestRoom> {
  const test = new TestRoom();
  await test.enter(seated('Ann', 1, 0), seated('Bo', 2, 1));
  if (connected) for (const link of test.links.all) link.connect();
  return test;
}

const line = (id: string, text = 'hi'): ChatLine => ({ type: 'chat', id: id.padEnd(12, '_'), at: 5, text });

describe('presence', () => {
  test('[PEER-2] our state is said on each channel that opens, and on all when it changes', async () => {
    const test = await inside();
    test.media.publish('mic', {} as MediaStreamTrack);
    test.room.setHand(true);
    expect(test.links.to(ANN).sent).toMatchObject([
      { type: 'presence', state: { rev: 0, mic: false } },
      { type: 'presence', state: { rev: 1, mic: true, hand: false } },
      { type: 'presence', state: { rev: 2, mic: true, hand: true } },
    ]);
    expect(test.socket.last('state').state).toMatchObject({ rev: 2, hand: true });
    expect(test.snapshot.self?.state).toMatchObject({ mic: true, hand: true });
  });

  test('[PEER-2] it is said once for each opening, not for each change of the link', async () => {
    const test = await inside();
    const link = test.links.to(ANN);
    link.become({ phase: 'reconnecting' });
    link.become({ phase: 'connected' });
    expect(link.sent).toHaveLength(1);
    link.become({ dataOpen: false });
    link.become({ dataOpen: true });
    expect(link.sent).toHaveLength(2);
  });

  test('[PEER-2] the higher rev holds, whichever way it came', async () => {
    const test = await inside();
    const { events } = test.links.to(ANN).options;
    events.onMessage({ type: 'presence', state: STATE });
    test.socket.say({ type: 'peer-state', peer: ANN, state: { ...STATE, rev: 2, mic: false } });
    expect(test.snapshot.peers[0]?.state).toEqual(STATE);
    test.socket.say({ type: 'peer-state', peer: ANN, state: { ...STATE, rev: 4, camera: true } });
    events.onMessage({ type: 'presence', state: STATE });
    expect(test.snapshot.peers[0]?.state).toMatchObject({ rev: 4, camera: true });
  });

  test('[NEG-9] mute, camera and screen are replaceTrack and a state message, and no offer', async () => {
    const test = await inside();
    const link = test.links.to(ANN);
    link.calls.length = 0;
    const track = {} as MediaStreamTrack;
    test.media.publish('camera', track);
    test.media.publish('camera', null);
    test.media.publish('screen', track);
    expect(link.calls).toEqual(['track camera', 'track camera', 'track screen']);
    expect(test.socket.count('signal')).toBe(0);
    expect(test.socket.count('state')).toBe(3);
  });

  test('[MSG-3] a state that was too fast is said again, and only the newest', async () => {
    const test = await inside();
    test.room.setHand(true);
    await test.refuse('state', 'too-fast', { retryAfterMs: 500 });
    await test.stay(500);
    expect(test.socket.count('state')).toBe(2);
    await test.refuse('state', 'too-fast', { retryAfterMs: 500 });
    test.room.setHand(false);
    expect(test.socket.count('state')).toBe(3);
    await test.ok('state');
    await test.stay(1_000);
    expect(test.socket.count('state')).toBe(3);
    expect(test.socket.last('state').state).toMatchObject({ hand: false });
  });
});

describe('chat', () => {
  test('[PEER-3] a line goes to everyone, and shows as our own', async () => {
    const test = await inside();
    expect(test.room.chat('  안녕  ')).toBe(true);
    const said = { type: 'chat', text: '안녕', at: test.clock.unixTime() };
    expect(test.links.to(ANN).sent.at(-1)).toMatchObject(said);
    expect(test.links.to(BO).sent.at(-1)).toMatchObject(said);
    expect(test.snapshot.chat).toMatchObject([{ from: null, name: 'me', text: '안녕' }]);
  });

  test.each(['', '   ', 'x'.repeat(4_001)])(
    'nothing is sent for a line that is empty or too long',
    async (text) => {
      const test = await inside();
      expect(test.room.chat(text)).toBe(false);
      expect(test.snapshot.chat).toEqual([]);
      expect(test.links.to(ANN).sent.map(({ type }) => type)).toEqual(['presence']);
    },
  );

  test('[PEER-3] a line is acknowledged each time it comes, and shown once', async () => {
    const test = await inside();
    const { events } = test.links.to(ANN).options;
    events.onMessage(line('one'));
    events.onMessage(line('one'));
    expect(test.links.to(ANN).sent.filter(({ type }) => type === 'received')).toHaveLength(2);
    expect(test.snapshot.chat).toMatchObject([{ from: ANN, name: 'Ann', text: 'hi', at: 5 }]);
  });

  test('[PEER-3] a line that was not acknowledged is sent again on the next open channel', async () => {
    const test = await inside();
    const link = test.links.to(ANN);
    test.room.chat('one');
    test.room.chat('two');
    const lines = link.sent.filter((message): message is ChatLine => message.type === 'chat');
    link.options.events.onMessage({ type: 'received', id: lines[0]?.id ?? '' });
    link.become({ phase: 'reconnecting', dataOpen: false });
    test.room.chat('three');
    link.sent.length = 0;
    link.connect();
    expect(link.sent.map((message) => (message.type === 'chat' ? message.text : message.type))).toEqual([
      'presence',
      'two',
      'three',
    ]);
  });

  test('[PEER-3] one said before the channel is open is sent when it opens', async () => {
    const test = await inside(false);
    expect(test.room.chat('early')).toBe(true);
    test.links.to(ANN).connect();
    expect(test.links.to(ANN).sent.at(-1)).toMatchObject({ type: 'chat', text: 'early' });
  });

  test('[PEER-3] one that is still unconfirmed reaches the same peer after we have joined again', async () => {
    const test = await inside();
    test.room.chat('kept');
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    await test.joined(peer('me', 20), seated('Ann', 1));
    test.links.to(ANN).connect();
    expect(test.links.to(ANN).sent.at(-1)).toMatchObject({ type: 'chat', text: 'kept' });
  });

  test('[PEER-3] a line that an open channel refused goes before the next one, and only it', async () => {
    const test = await inside();
    const link = test.links.to(ANN);
    link.full = true;
    test.room.chat('refused');
    link.full = false;
    test.room.chat('next');
    test.room.chat('last');
    const texts = link.sent.flatMap((message) => (message.type === 'chat' ? [message.text] : []));
    expect(texts).toEqual(['refused', 'next', 'last']);
    const other = test.links
      .to(BO)
      .sent.flatMap((message) => (message.type === 'chat' ? [message.text] : []));
    expect(other).toEqual(['refused', 'next', 'last']);
  });

  test('[PEER-3] it also goes as soon as the peer confirms another', async () => {
    const test = await inside();
    const link = test.links.to(ANN);
    test.room.chat('one');
    link.full = true;
    test.room.chat('two');
    link.full = false;
    const [one] = link.sent.filter((message): message is ChatLine => message.type === 'chat');
    link.options.events.onMessage({ type: 'received', id: one?.id ?? '' });
    expect(link.sent.at(-1)).toMatchObject({ type: 'chat', text: 'two' });
  });

  test('outside there is no chat', () => {
    expect(new TestRoom().room.chat('hello?')).toBe(false);
  });
});

describe('going', () => {
  test('[PEER-4] who says bye is gone at once, and stays gone though the server still names them', async () => {
    const test = await inside();
    test.socket.end();
    test.links.to(ANN).options.events.onMessage({ type: 'bye' });
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo']);
    await test.clock.advance(500);
    test.welcome();
    await test.resumed(peer('me', 10), [peer('Ann', 1, { presence: 'away' }), peer('Bo', 2)]);
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo']);
  });

  test('[PEER-4] who said bye is forgotten once the server says so too', async () => {
    const test = await inside();
    test.links.to(ANN).options.events.onMessage({ type: 'bye' });
    test.socket.say({ type: 'peer-back', peer: peer('Ann', 1) });
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo']);
    test.socket.say({ type: 'peer-left', peer: ANN, reason: 'left' });
    test.socket.say({ type: 'peer-joined', peer: peer('Ann', 30), offer: null });
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo', 'Ann']);
  });

  test('[ROOM-12] someone who leaves is gone, and the others are not touched', async () => {
    const test = await inside();
    const bo = test.snapshot.peers[1];
    test.socket.say({ type: 'peer-left', peer: ANN, reason: 'left' });
    expect(test.snapshot.peers).toEqual([bo]);
    expect(test.snapshot.peers[0]).toBe(bo);
    expect(test.links.to(ANN).closed).toBe(true);
  });

  test('[PEER-4] leaving tells the peers and the server, then frees everything', async () => {
    const test = await inside();
    const leaving = test.room.leave();
    expect(test.snapshot).toMatchObject({ phase: 'left', error: null });
    expect(test.links.to(ANN).sent.at(-1)).toEqual({ type: 'bye' });
    expect(test.links.to(ANN).closed).toBe(false);
    await test.ok('leave');
    await leaving;
    expect(test.links.all.every(({ closed }) => closed)).toBe(true);
    expect(test.socket.closed).toBe(true);
    expect(test.clock.pending).toBe(0);
    expect(test.media.listeners + test.wakeups.listeners).toBe(0);
    expect(test.snapshot).toMatchObject({ peers: [], signalling: 'closed' });
  });

  test('leaving does not wait for a server that does not answer, nor for one that is away', async () => {
    const silent = await inside();
    const first = silent.room.leave();
    await silent.clock.advance(LEAVE_MS);
    await first;
    const away = await inside();
    away.socket.end();
    const second = away.room.leave();
    expect(away.links.to(ANN).sent.at(-1)).toEqual({ type: 'bye' });
    await away.clock.advance(FLUSH_MS);
    await second;
    expect(silent.clock.pending + away.clock.pending).toBe(0);
  });

  test('leaving twice is leaving once', async () => {
    const test = await inside();
    const leaving = test.room.leave();
    expect(test.room.leave()).toBe(leaving);
    test.room.close();
    await leaving;
    expect(test.socket.count('leave')).toBe(1);
    expect(test.clock.pending).toBe(0);
  });

  test('[PEER-4] close says goodbye in the same turn, as a page that is going away must', async () => {
    const test = await inside();
    test.room.close();
    expect(test.socket.sent.at(-1)?.type).toBe('leave');
    expect(test.links.to(BO).sent.at(-1)).toEqual({ type: 'bye' });
    expect(test.links.all.every(({ closed }) => closed)).toBe(true);
    expect(test.clock.pending).toBe(0);
  });
});

describe('the rest of the room', () => {
  test('[ROOM-11] the lock is asked for, and shown when it is there', async () => {
    const test = await inside();
    const locking = test.room.setLocked(true);
    expect(test.snapshot.info?.locked).toBe(false);
    await test.ok('lock');
    await locking;
    expect(test.snapshot.info?.locked).toBe(true);
    test.socket.say({ type: 'room-locked', locked: false, by: ANN });
    expect(test.snapshot.info?.locked).toBe(false);
  });

  test('the lock cannot be changed from outside, nor without the server', async () => {
    await expect(new TestRoom().room.setLocked(true)).rejects.toMatchObject({ code: 'not-in-room' });
    const test = await inside();
    test.socket.end();
    await expect(test.room.setLocked(true)).rejects.toMatchObject({ code: 'server-unreachable' });
  });

  test('who speaks is shown, calmly; who is muted does not speak', async () => {
    const test = await inside();
    const link = test.links.to(ANN);
    test.socket.say({ type: 'peer-state', peer: ANN, state: STATE });
    link.loudness = 0.2;
    await test.clock.advance(SPEAKING_POLL_MS);
    expect(test.snapshot.peers[0]?.speaking).toBe(true);
    expect(test.room.level(ANN)).toBe(0.2);
    link.loudness = 0;
    await test.clock.advance(SPEAKING_HOLD_MS - SPEAKING_POLL_MS);
    expect(test.snapshot.peers[0]?.speaking).toBe(true);
    await test.clock.advance(2 * SPEAKING_POLL_MS);
    expect(test.snapshot.peers[0]?.speaking).toBe(false);
    link.loudness = 0.2;
    await test.clock.advance(SPEAKING_POLL_MS);
    test.socket.say({ type: 'peer-state', peer: ANN, state: { ...STATE, rev: 4, mic: false } });
    expect(test.snapshot.peers[0]?.speaking).toBe(false);
  });

  test('we speak when our microphone is loud and not muted', async () => {
    const test = await inside();
    test.media.loudness = 0.9;
    await test.clock.advance(SPEAKING_POLL_MS);
    expect(test.snapshot.self?.speaking).toBe(false);
    test.media.publish('mic', {} as MediaStreamTrack);
    expect(test.snapshot.self?.speaking).toBe(true);
  });

  test('retry reaches one link, or all that are not well', async () => {
    const test = await inside();
    test.links.to(ANN).become({ phase: 'failed' });
    test.room.retry(BO);
    expect(test.links.to(BO).calls).toContain('retry');
    test.links.to(BO).calls.length = 0;
    test.room.retry();
    expect(test.links.to(ANN).calls).toContain('retry');
    expect(test.links.to(BO).calls).not.toContain('retry');
  });

  test('nothing changes in the snapshot when nothing has changed', async () => {
    const test = await inside();
    const before = test.snapshot;
    let told = 0;
    test.room.subscribe(() => told++);
    await test.clock.advance(SPEAKING_POLL_MS * 5);
    expect(test.snapshot).toBe(before);
    expect(told).toBe(0);
  });

  test('a listener hears until its signal aborts', async () => {
    const test = await inside();
    const abort = new AbortController();
    const heard: number[] = [];
    test.room.subscribe((snapshot) => heard.push(snapshot.chat.length), { signal: abort.signal });
    test.room.chat('one');
    abort.abort();
    test.room.chat('two');
    expect(heard).toEqual([1]);
  });

  test('the trace tells the room’s story', async () => {
    const test = await inside();
    test.socket.say({ type: 'peer-joined', peer: peer('Cy', 11), offer: null });
    test.socket.say({ type: 'peer-away', peer: ANN });
    test.socket.say({ type: 'peer-back', peer: peer('Ann', 1) });
    test.socket.say({ type: 'peer-left', peer: BO, reason: 'left' });
    test.room.close();
    const steps = test.room.trace.events.flatMap((event) => (event.kind === 'room' ? [event.step] : []));
    expect(steps).toEqual(['peeked', 'joined', 'peer-joined', 'peer-away', 'peer-back', 'peer-left', 'left']);
  });
});
