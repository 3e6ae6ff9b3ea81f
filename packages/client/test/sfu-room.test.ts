// A room through the SFU: the link made ready in the lobby, what is sent and seen, and what goes wrong on the way.

import type { Seating } from '@maru/protocol';
import { describe, expect, test, vi } from 'vitest';
import { CONNECT_MS } from '../src/sfu/link-steps.js';
import { READY_MS } from '../src/sfu/run-sfu.js';
import { FIRST_SEATS_MS } from '../src/sfu/wants.js';
import { settle } from '../src/testing/fake-env.js';
import { fakeTrack } from '../src/testing/fake-transceiver.js';
import { SfuRoom, sender } from './support/sfu-room.js';
import { peer, peerId } from './support/test-room.js';

// Compression is the browser's, on threads of its own: a fake clock does not wait for it.
vi.mock('../src/sfu/packed-sdp.js', () => ({
  packSdp: async (sdp: string) => btoa(sdp),
  unpackSdp: async (packed: string) => atob(packed),
}));

const ANN = peerId('Ann');
const BO = peerId('Bo');

describe('in the lobby', () => {
  test('one link is made ready, no offers, and nothing is sent on it before Join', async () => {
    const test = new SfuRoom();
    test.media.publish('camera', fakeTrack('video'));
    test.welcome();
    await test.peeked('sfu', 'Ann', 'Bo');
    expect(test.links.prepared).toHaveLength(0);
    expect(test.snapshot.ready).toBe(false);
    await test.answer();
    expect(test.snapshot.ready).toBe(true);
    expect(test.open).toBe(1);
    expect(test.link.sent('camera')).toBeNull();

    void test.room.join({ name: 'me' });
    expect(test.socket.types.slice(-1)).toEqual(['join']);
    await settle();
    expect(test.link.sent('camera')).not.toBeNull();
    expect(test.socket.count('sfu')).toBe(1);
  });

  test('the offer has the four lines that send, then the slots that receive', async () => {
    const test = new SfuRoom();
    test.welcome();
    await test.peeked('sfu', 'Ann');
    await test.answer();
    const lines = test.link.client.getTransceivers().map(({ direction, receiver }) => {
      return `${receiver.track.kind} ${direction}`;
    });
    expect(lines.slice(0, 4)).toEqual([
      'audio sendonly',
      'video sendonly',
      'video sendonly',
      'audio sendonly',
    ]);
    expect(lines.slice(4)).toEqual([
      ...Array.from({ length: 10 }, () => 'audio recvonly'),
      ...Array.from({ length: 14 }, () => 'video recvonly'),
    ]);
    const rids = test.link.client
      .getTransceivers()[1]
      ?.sender.getParameters()
      .encodings.map(({ rid }) => rid);
    expect(rids).toEqual(['l', 'm', 'h']);
  });

  test('[SFU-23] what is sent goes on the lines also where the browser is asked for its codecs first', async () => {
    const test = new SfuRoom({ topology: 'sfu' });
    test.media.publish('camera', fakeTrack('video'));
    await settle();
    // What would be offered is not known before.
    expect(test.open).toBe(0);
    test.welcome({ videoCodecs: ['VP9', 'VP8'] });
    await test.peeked('mesh');
    const joining = test.room.join({ name: 'me' });
    await settle();
    await test.joined();
    await joining;
    await test.answer();
    expect(test.link.sent('camera')).not.toBeNull();
  });

  test('a link that does not come in a few seconds keeps nobody from joining', async () => {
    const test = new SfuRoom();
    test.welcome();
    await test.peeked('sfu', 'Ann');
    await test.refuse('sfu', 'sfu-unavailable');
    expect(test.snapshot.ready).toBe(false);
    await test.clock.advance(READY_MS);
    expect(test.snapshot.ready).toBe(true);
    expect(test.socket.count('sfu')).toBeGreaterThan(1);
  });

  test('[SFU-10] a link ends with the socket that it was offered on: another is made ready on the next', async () => {
    const test = new SfuRoom();
    test.welcome();
    await test.peeked('sfu', 'Ann');
    await test.answer();
    const { link } = test.socket.last('sfu');
    await test.reconnect();
    await test.peeked('sfu', 'Ann');
    expect(test.socket.last('sfu').link).not.toBe(link);
    await test.answer();
    expect([test.snapshot.ready, test.open]).toEqual([true, 1]);
  });

  test('a join that is refused takes the picture back', async () => {
    const test = new SfuRoom();
    test.media.publish('camera', fakeTrack('video'));
    test.welcome();
    await test.peeked('sfu', 'Ann');
    await test.answer();
    const joining = test.room.join({ name: 'me' });
    await settle();
    await test.refuse('join', 'room-full');
    await expect(joining).rejects.toMatchObject({ code: 'room-full' });
    await settle();
    expect(test.link.sent('camera')).toBeNull();
  });

  test('a mesh makes its offers as ever, and no link', async () => {
    const test = new SfuRoom();
    test.welcome();
    await test.peeked('mesh', 'Ann', 'Bo');
    expect(test.links.prepared).toHaveLength(2);
    expect([test.open, test.socket.count('sfu')]).toEqual([0, 0]);
  });

  test('a room that turns while it is looked at is made ready anew', async () => {
    const test = new SfuRoom();
    test.welcome();
    await test.peeked('mesh', 'Ann');
    test.socket.say({
      type: 'occupancy',
      occupancy: { ...test.snapshot.occupancy, topology: 'sfu' } as NonNullable<
        typeof test.snapshot.occupancy
      >,
    });
    await settle();
    expect(test.links.waiting).toHaveLength(0);
    expect(test.socket.count('sfu')).toBe(1);
  });
});

describe('a room of one’s own', () => {
  test('[HS-3] is wished for in the join, with the offer right behind it', async () => {
    const test = new SfuRoom({ topology: 'sfu' });
    test.welcome();
    await test.peeked('mesh');
    expect(test.snapshot.ready).toBe(true);
    expect(test.socket.count('sfu')).toBe(0);
    const joining = test.room.join({ name: 'me' });
    await settle();
    expect(test.socket.types.slice(-2)).toEqual(['join', 'sfu']);
    expect(test.socket.last('join').topology).toBe('sfu');
    await test.joined();
    await joining;
    await test.answer();
    expect(test.snapshot.info?.topology).toBe('sfu');
  });

  test('that somebody else has made as a mesh is a mesh', async () => {
    const test = new SfuRoom({ topology: 'sfu' });
    test.info = { ...test.info, topology: 'mesh' };
    test.welcome();
    await test.peeked('mesh', 'Ann');
    const joining = test.room.join({ name: 'me' });
    await test.joined(peer('Ann', 1));
    await joining;
    expect(test.links.to(ANN).calls).toContain('offer');
    expect(test.open).toBe(0);
  });
});

describe('inside', () => {
  test('a peer is connected when the SFU says that it can be reached, and is shown what comes in its slots', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1), sender('Bo', 2));
    expect(test.peer('Ann')).toMatchObject({ link: 'connected', step: 'healthy' });
    test.link.seat([
      { slot: 2, peer: ANN, line: 'mic' },
      { slot: 5, peer: ANN, line: 'camera' },
    ]);
    await test.clock.advance(300);
    const slots = test.link.client.getTransceivers();
    expect(test.peer('Ann').mic).toEqual({ track: slots[4 + 2]?.receiver.track, receiving: true });
    expect(test.peer('Ann').camera).toEqual({ track: slots[14 + 5]?.receiver.track, receiving: true });
    expect(test.peer('Bo').camera).toEqual({ track: null, receiving: false });
  });

  test('[SFU-17] before the channel is open, pictures are shown by what the server says of the slots', async () => {
    const test = new SfuRoom();
    test.network.channelsOpen = false;
    test.welcome();
    await test.peeked('sfu', 'Ann');
    await test.answer();
    const joining = test.room.join({ name: 'me' });
    await test.joined(sender('Ann', 1));
    await joining;
    const { link } = test.socket.last('sfu');
    const seats: Seating[] = [{ slot: 5, peer: ANN, line: 'camera' }];
    test.link.send(seats);
    test.socket.say({ type: 'sfu-seats', link, rev: 1, seats });
    // Of another link, and older: neither counts.
    test.socket.say({ type: 'sfu-seats', link: 'another-link', rev: 2, seats: [] });
    test.socket.say({ type: 'sfu-seats', link, rev: 0, seats: [] });
    await test.clock.advance(300);
    expect(test.peer('Ann')).toMatchObject({ link: 'connected', camera: { receiving: true } });
    // What is said waits for the channel, and then no longer.
    test.network.openChannels();
    await settle();
    expect(test.link.want?.slots).toMatchObject([{ slot: 5, peer: ANN, line: 'camera' }]);
    expect(test.link.said).toEqual([]);
    test.link.say({ type: 'reachable', peers: [ANN] });
    expect(test.link.said).toMatchObject([{ to: ANN }]);
  });

  test('a link beside one that works takes its place only when all can be said on it', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    const former = test.link;
    test.network.channelsOpen = false;
    test.room.retry(ANN);
    await settle();
    await test.answer();
    expect(test.link).not.toBe(former);
    expect([former.client.signalingState, test.peer('Ann').link]).toEqual(['stable', 'connected']);
    test.network.openChannels();
    await settle();
    expect([former.client.signalingState, test.peer('Ann').link]).toEqual(['closed', 'connected']);
  });

  test('a slot is shown as its next person’s only, and a picture only when there is one', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1), sender('Bo', 2));
    test.link.seat([{ slot: 0, peer: ANN, line: 'camera' }]);
    await test.clock.advance(300);
    expect(test.peer('Ann').camera.track).not.toBeNull();
    test.link.seat([{ slot: 0, peer: BO, line: 'camera' }], false);
    expect(test.peer('Ann').camera.track).toBeNull();
    await test.clock.advance(3_000);
    expect(test.peer('Bo').camera).toEqual({ track: null, receiving: false });
    test.link.seat([{ slot: 0, peer: BO, line: 'camera' }]);
    await test.clock.advance(300);
    expect(test.peer('Bo').camera.receiving).toBe(true);
  });

  test('what goes out of sight keeps its last picture until its slot is somebody else’s', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1), sender('Bo', 2));
    test.link.seat([{ slot: 0, peer: ANN, line: 'camera' }]);
    await test.clock.advance(300);
    const { track } = test.peer('Ann').camera;
    test.link.seat([]);
    expect(test.peer('Ann').camera).toEqual({ track, receiving: false });
    test.link.seat([{ slot: 0, peer: BO, line: 'camera' }]);
    expect(test.peer('Ann').camera.track).toBeNull();
    test.link.seat([]);
    expect(test.peer('Ann').camera.track).toBeNull();
  });

  test('who speaks most is told', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    expect(test.snapshot.speaker).toBeNull();
    test.link.say({ type: 'speaker', peer: ANN });
    expect(test.snapshot.speaker).toBe(ANN);
  });

  test('what is to be seen is asked for: in full at first, then as wide as it is shown, and not what is hidden', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1), sender('Bo', 2), peer('Cy', 3));
    test.link.seat([
      { slot: 3, peer: BO, line: 'mic' },
      { slot: 3, peer: BO, line: 'camera' },
    ]);
    await settle();
    expect(test.link.want?.slots).toEqual([
      { slot: 0, peer: ANN, line: 'camera', width: 640, priority: 1 },
      { slot: 3, peer: BO, line: 'camera', width: 640, priority: 1 },
    ]);
    test.room.show(ANN, { camera: 1_200, screen: 0 });
    test.room.show(BO, { camera: 0, screen: 0 });
    await test.clock.advance(1_000);
    expect(test.link.want?.slots).toEqual([
      { slot: 0, peer: ANN, line: 'camera', width: 1_216, priority: 2 },
    ]);
    test.room.show(BO, { camera: 100, screen: 0 });
    expect(test.link.want?.slots).toHaveLength(2);
  });

  test('an SFU that does not say who is seated is asked all the same', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    expect(test.link.want).toBeNull();
    await test.clock.advance(FIRST_SEATS_MS);
    expect(test.link.want?.slots).toHaveLength(1);
  });

  test('[PEER-3] chat goes by way of the SFU, and so does what is heard', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    expect(test.link.said.map(({ to, message }) => [to, JSON.parse(message).type])).toEqual([
      [ANN, 'presence'],
    ]);
    test.room.chat('hello');
    const said = test.link.said.at(-1);
    expect(JSON.parse(said?.message ?? '')).toMatchObject({ type: 'chat', text: 'hello' });
    const line = { type: 'chat', id: 'abcdefghijkl', at: 1, text: 'hi' };
    test.link.say({ type: 'heard', from: ANN, message: JSON.stringify(line) });
    expect(test.snapshot.chat.at(-1)).toMatchObject({ from: ANN, text: 'hi' });
    test.link.say({ type: 'heard', from: ANN, message: '{"type":"nonsense"}' });
    expect(test.trace.events.at(-1)).toMatchObject({ kind: 'link', step: 'dropped' });
  });

  test('what is heard of a peer before the server names it is kept for it', async () => {
    const test = new SfuRoom();
    await test.enter();
    const line = { type: 'chat', id: 'abcdefghijkl', at: 1, text: 'early' };
    test.link.say({ type: 'heard', from: ANN, message: JSON.stringify(line) });
    expect(test.snapshot.chat).toEqual([]);
    test.socket.say({ type: 'peer-joined', peer: sender('Ann', 11), offer: null });
    await settle();
    expect(test.snapshot.chat.at(-1)?.text).toBe('early');
  });

  test('encodings that nobody is shown are not made; a mute is none of that', async () => {
    const test = new SfuRoom();
    const track = fakeTrack('video', 'camera', { width: 1_280, height: 720 });
    test.media.publish('camera', track);
    await test.enter(sender('Ann', 1));
    const encodings = () => test.link.client.getTransceivers()[1]?.sender.getParameters().encodings;
    expect(encodings()?.map(({ active }) => active)).toEqual([true, true, true]);
    test.link.say({ type: 'encode', camera: ['l'], screen: [] });
    await settle();
    expect(encodings()?.map(({ active }) => active)).toEqual([true, false, false]);
    expect(test.link.sent('camera')).toBe(track);
  });

  test('a camera of few pixels is sent whole in the encodings that Chromium makes of it', async () => {
    const test = new SfuRoom();
    test.media.publish('camera', fakeTrack('video', 'camera', { width: 640, height: 360 }));
    await test.enter(sender('Ann', 1));
    const { encodings } = test.link.client.getTransceivers()[1]?.sender.getParameters() ?? { encodings: [] };
    expect(encodings.map(({ active, scaleResolutionDownBy }) => [active, scaleResolutionDownBy])).toEqual([
      [true, 2],
      [true, 1],
      [false, 1],
    ]);
  });

  test('a device that is changed goes out on the link that stands, without an offer', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    const track = fakeTrack('video', 'another');
    test.media.publish('camera', track);
    await settle();
    expect(test.link.sent('camera')).toBe(track);
    expect(test.socket.count('sfu')).toBe(1);
  });

  test('leaving frees everything', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    const leaving = test.room.leave();
    await test.clock.advance(1_000);
    await leaving;
    expect(test.open).toBe(0);
    await test.clock.advance(60_000);
    expect(test.clock.pending).toBe(0);
  });
});

describe('what goes wrong', () => {
  test('a link that the SFU has lost is made anew, and what was asked for is asked for again', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.link.seat([{ slot: 0, peer: ANN, line: 'camera' }]);
    await test.clock.advance(300);
    const { link } = test.socket.last('sfu');
    test.socket.say({ type: 'sfu-lost', link });
    await settle();
    expect(test.socket.count('sfu')).toBe(2);
    expect(test.socket.last('sfu').link).not.toBe(link);
    expect(test.peer('Ann').link).toBe('reconnecting');
    await test.answer();
    test.link.say({ type: 'reachable', peers: [ANN] });
    test.link.seat([{ slot: 0, peer: ANN, line: 'camera' }]);
    await test.clock.advance(300);
    expect(test.peer('Ann')).toMatchObject({ link: 'connected', camera: { receiving: true } });
    expect(test.link.want?.slots).toHaveLength(1);
    expect(test.open).toBe(1);
    // Said on the fresh link: what it may have missed.
    expect(test.link.said.map(({ message }) => JSON.parse(message).type)).toContain('presence');
  });

  test('[LAD-1] a lost socket does not touch the link', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.link.seat([{ slot: 0, peer: ANN, line: 'mic' }]);
    await test.clock.advance(300);
    await test.reconnect();
    await test.resumed(sender('Ann', 1));
    await test.clock.advance(5_000);
    expect(test.peer('Ann').link).toBe('connected');
    expect(test.sfu.links).toHaveLength(1);
  });

  test('[LAD-7] after a hint nothing arrives: a fresh link is made beside the old one, and takes its place', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.link.seat([{ slot: 0, peer: ANN, line: 'mic' }]);
    await test.clock.advance(1_000);
    test.network.lose();
    test.wakeups.tell('network');
    await test.clock.advance(600);
    expect(test.socket.count('sfu')).toBe(2);
    expect(test.open).toBe(2);
    test.network.heal();
    await test.answer();
    expect(test.open).toBe(1);
    expect(test.sfu.links[0]?.client.signalingState).toBe('closed');
  });

  test('a server that refuses is asked again, less and less often; after a while the tile says so', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.socket.say({ type: 'sfu-lost', link: test.socket.last('sfu').link });
    const askedAt: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const before = test.socket.count('sfu');
      await settle();
      while (tries > 0 && test.socket.count('sfu') === before) {
        await test.clock.advance(100);
        test.pong();
      }
      askedAt.push(test.clock.now());
      await test.refuse('sfu', 'sfu-full');
    }
    const pauses = askedAt.slice(1).map((at, i) => at - (askedAt[i] ?? 0));
    expect(Math.max(...pauses)).toBeGreaterThan(3_000);
    expect(test.peer('Ann')).toMatchObject({ link: 'failed', reason: 'sfu-full' });
  });

  test('a socket that is lost with the offer on it: another offer on the next', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.socket.say({ type: 'sfu-lost', link: test.socket.last('sfu').link });
    await settle();
    const { link } = test.socket.last('sfu');
    await test.reconnect();
    await test.resumed(sender('Ann', 1));
    expect(test.socket.last('sfu').link).not.toBe(link);
    await test.answer();
    test.link.say({ type: 'reachable', peers: [ANN] });
    expect(test.peer('Ann').link).toBe('connected');
  });

  test('a part of the page that could not be fetched is fetched again', async () => {
    let failures = 2;
    const { runSfu } = await import('../src/sfu/run-sfu.js');
    const test = new SfuRoom({
      world: {
        sfu: async () => {
          if (failures-- > 0) throw new TypeError('no such file');
          return { runSfu };
        },
      },
    });
    test.welcome();
    await test.peeked('sfu', 'Ann');
    // Nobody is kept in the lobby for it.
    expect(test.snapshot.ready).toBe(true);
    await test.clock.advance(6_000);
    expect(test.socket.count('sfu')).toBe(1);
  });

  test('whoever does not reach the SFU while we do is said to be unreachable, until it comes', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.socket.say({ type: 'peer-joined', peer: sender('Bo', 11), offer: null });
    await test.clock.advance(5_000);
    expect(test.peer('Bo')).toMatchObject({ link: 'connecting', reason: null });
    await test.clock.advance(6_000);
    expect(test.peer('Bo')).toMatchObject({ link: 'connecting', reason: 'peer-unreachable' });
    expect(test.peer('Ann')).toMatchObject({ link: 'connected', reason: null });
    test.link.say({ type: 'reachable', peers: [ANN, BO] });
    expect(test.peer('Bo')).toMatchObject({ link: 'connected', reason: null });
  });

  test('a server that was full and answers now is not said to be full any more', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.socket.say({ type: 'sfu-lost', link: test.socket.last('sfu').link });
    await settle();
    await test.refuse('sfu', 'sfu-unavailable');
    expect(test.peer('Ann').reason).toBe('sfu-unavailable');
    const before = test.socket.count('sfu');
    while (test.socket.count('sfu') === before) await test.clock.advance(100);
    test.network.lose();
    await test.answer();
    expect(test.peer('Ann').reason).toBeNull();
    // It is another thing that stands in the way now, and is said while it goes on being tried (LAD-9).
    await test.clock.advance(CONNECT_MS);
    await settle();
    expect(test.peer('Ann').reason).toBe('no-relay');
    expect(test.open).toBe(1);
  });

  test('[PEER-3] a line that got lost as its peer took another way is said again when the peer is heard again', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.room.chat('hello');
    const lines = () => test.link.said.filter(({ message }) => JSON.parse(message).type === 'chat').length;
    expect(lines()).toBe(1);
    const state = sender('Ann', 1).state;
    const present = () =>
      test.link.say({ type: 'heard', from: ANN, message: JSON.stringify({ type: 'presence', state }) });
    present();
    expect(lines()).toBe(2);
    // But not as often as a peer likes.
    for (let times = 0; times < 10; times += 1) present();
    expect(lines()).toBe(2);
    await test.clock.advance(5_000);
    present();
    expect(lines()).toBe(3);
    const { id } = JSON.parse(test.link.said.at(-1)?.message ?? '{}');
    test.link.say({ type: 'heard', from: ANN, message: JSON.stringify({ type: 'received', id }) });
    await test.clock.advance(5_000);
    present();
    expect(lines()).toBe(3);
  });

  test('a link that the SFU loses while it connects is no want of a path', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.socket.say({ type: 'sfu-lost', link: test.socket.last('sfu').link });
    await settle();
    test.network.lose();
    await test.answer();
    test.socket.say({ type: 'sfu-lost', link: test.socket.last('sfu').link });
    await settle();
    expect(test.peer('Ann').reason).toBeNull();
    test.network.heal();
    while (test.socket.count('sfu') < 3) await test.clock.advance(100);
    await test.answer();
    test.link.say({ type: 'reachable', peers: [ANN] });
    expect(test.peer('Ann')).toMatchObject({ link: 'connected', reason: null });
  });

  test('trying again for somebody who does not come leaves the link that stands alone', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.socket.say({ type: 'peer-joined', peer: sender('Bo', 11), offer: null });
    await test.clock.advance(11_000);
    expect(test.peer('Bo').reason).toBe('peer-unreachable');
    test.room.retry(BO);
    await test.clock.advance(1_000);
    expect(test.socket.count('sfu')).toBe(1);
  });
});

describe('a room that takes another way', () => {
  async function inMesh(): Promise<SfuRoom> {
    const test = new SfuRoom();
    test.info = { ...test.info, topology: 'mesh' };
    test.welcome();
    await test.peeked('mesh', 'Ann');
    const joining = test.room.join({ name: 'me' });
    await test.joined(sender('Ann', 1));
    await joining;
    const track = fakeTrack('video');
    test.links.to(ANN).connect();
    test.links.to(ANN).become({
      lines: {
        ...test.links.to(ANN).snapshot.lines,
        camera: { track, receiving: true },
      },
    });
    return test;
  }

  test('from mesh to SFU: the former link shows its picture until the new one does, and is closed then', async () => {
    const test = await inMesh();
    const mesh = test.links.to(ANN);
    const former = test.peer('Ann').camera.track;
    test.socket.say({ type: 'room-topology', topology: 'sfu', epoch: 1 });
    await settle();
    expect(test.snapshot.info).toMatchObject({ topology: 'sfu', epoch: 1 });
    expect(mesh.calls).toContain('reachable false');
    expect(test.peer('Ann')).toMatchObject({ link: 'connected', camera: { track: former, receiving: true } });
    await test.answer();
    test.link.say({ type: 'reachable', peers: [ANN] });
    await test.clock.advance(200);
    expect([mesh.closed, test.peer('Ann').camera.track]).toEqual([false, former]);
    test.link.seat([{ slot: 0, peer: ANN, line: 'camera' }]);
    await test.clock.advance(400);
    expect(mesh.closed).toBe(true);
    expect(test.peer('Ann').camera.receiving).toBe(true);
    expect(test.peer('Ann').camera.track).not.toBe(former);
    test.socket.say({ type: 'peer-joined', peer: sender('Bo', 11), offer: null });
    test.link.say({ type: 'reachable', peers: [ANN, BO] });
    expect(test.peer('Bo').link).toBe('connected');
    expect(test.links.all).toHaveLength(1);
  });

  test('a former link of which nothing more comes does not stay for ever', async () => {
    const test = await inMesh();
    test.socket.say({ type: 'room-topology', topology: 'sfu', epoch: 1 });
    await settle();
    await test.clock.advance(20_000);
    expect(test.links.to(ANN).closed).toBe(true);
    expect(test.peer('Ann').link).toBe('connecting');
  });

  test('and back: the link to the SFU is closed when the mesh stands', async () => {
    const test = new SfuRoom();
    await test.enter(sender('Ann', 1));
    test.link.seat([{ slot: 0, peer: ANN, line: 'mic' }]);
    await test.clock.advance(300);
    // What is published after they met.
    const camera = fakeTrack('video');
    test.media.publish('camera', camera);
    test.socket.say({ type: 'room-topology', topology: 'mesh', epoch: 1 });
    expect(test.links.to(ANN).calls).toEqual(['reachable true', 'offer']);
    expect(test.links.to(ANN).options.tracks.camera).toBe(camera);
    expect(test.peer('Ann').mic.receiving).toBe(true);
    test.links.to(ANN).connect();
    expect(test.open).toBe(1);
    await test.clock.advance(4_000);
    expect(test.open).toBe(0);
    expect(test.peer('Ann').link).toBe('connected');
  });

  test('an epoch that is not newer changes nothing', async () => {
    const test = await inMesh();
    test.socket.say({ type: 'room-topology', topology: 'sfu', epoch: 0 });
    expect(test.snapshot.info?.topology).toBe('mesh');
  });

  test('someone who joins as the room turns finds it so, whatever was prepared', async () => {
    const test = new SfuRoom();
    test.welcome();
    await test.peeked('mesh', 'Ann');
    expect(test.links.waiting).toHaveLength(1);
    const joining = test.room.join({ name: 'me' });
    await test.joined(sender('Ann', 1));
    await joining;
    expect(test.links.waiting).toHaveLength(0);
    await test.answer();
    test.link.say({ type: 'reachable', peers: [ANN] });
    expect(test.peer('Ann').link).toBe('connected');
  });
});
