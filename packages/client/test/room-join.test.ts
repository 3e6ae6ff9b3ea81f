// Joining: offers dealt and adopted, who offers, refusals, and what goes wrong on the way.

import { describe, expect, test } from 'vitest';
import { JOIN_MS } from '../src/room/admission.js';
import { settle } from '../src/testing/fake-env.js';
import { peer, peerId, seated, TestRoom } from './support/test-room.js';

const ANN = peerId('Ann');
const BO = peerId('Bo');

async function inLobby(...inside: string[]): Promise<TestRoom> {
  const test = new TestRoom();
  test.welcome();
  await test.peeked(...inside);
  return test;
}

describe('coming in', () => {
  test('join carries the name, the state and the offers that are ready', async () => {
    const test = await inLobby('Ann', 'Bo');
    test.media.publish('mic', {} as MediaStreamTrack);
    const joining = test.room.join({ name: '  me ' });
    expect(test.snapshot.phase).toBe('joining');
    expect(test.socket.last('join')).toMatchObject({
      name: 'me',
      state: { mic: true, camera: false },
      offers: ['offer-0', 'offer-1'],
    });
    await test.joined(peer('me', 10), seated('Ann', 1, 0), seated('Bo', 2, 1));
    await joining;
    expect(test.snapshot).toMatchObject({
      phase: 'joined',
      occupancy: null,
      error: null,
      self: { id: peerId('me'), name: 'me', state: { mic: true } },
    });
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Ann', 'Bo']);
  });

  test('[ROOM-5] each link grows from the offer that its peer was dealt; the rest are freed', async () => {
    const test = await inLobby('x', 'y', 'z');
    const joining = test.room.join({ name: 'me' });
    await test.joined(peer('me', 10), seated('Ann', 1, 1), seated('Bo', 2, 0));
    await joining;
    expect(test.links.to(ANN).prepared?.text).toBe('offer-1');
    expect(test.links.to(BO).prepared?.text).toBe('offer-0');
    expect(test.links.prepared.map(({ state }) => state)).toEqual(['adopted', 'adopted', 'disposed']);
    expect(test.links.to(ANN).options.polite).toBe(false);
    expect(test.links.to(ANN).calls).toEqual(['reachable true']);
  });

  test('[NEG-2] the newcomer offers to everyone for whom no offer was left', async () => {
    const test = await inLobby('Ann');
    const joining = test.room.join({ name: 'me' });
    await test.joined(peer('me', 10), seated('Ann', 1, 0), seated('Bo', 2, null));
    await joining;
    expect(test.links.to(BO).calls).toEqual(['reachable true', 'offer']);
    expect(test.links.to(ANN).calls).not.toContain('offer');
  });

  test('[NEG-2] someone inside waits for the newcomer, and takes the offer that came with it', async () => {
    const test = new TestRoom();
    await test.enter();
    test.socket.say({ type: 'peer-joined', peer: peer('Ann', 11), offer: 'their offer' });
    test.socket.say({ type: 'peer-joined', peer: peer('Bo', 12), offer: null });
    expect(test.links.to(ANN).options.polite).toBe(true);
    expect(test.links.to(ANN).received).toEqual(['their offer']);
    expect(test.links.to(BO).received).toEqual([]);
    expect(test.links.to(BO).calls).toEqual(['reachable true']);
  });

  test('[NEG-2] a peer that is away is offered to when it is back, not before', async () => {
    const test = await inLobby('Ann');
    const joining = test.room.join({ name: 'me' });
    await test.joined(peer('me', 10), { ...seated('Ann', 1), presence: 'away' });
    await joining;
    expect(test.links.to(ANN).calls).toEqual([]);
    test.socket.say({ type: 'peer-back', peer: peer('Ann', 1) });
    expect(test.links.to(ANN).calls).toEqual(['reachable true', 'offer']);
  });

  test('never waits for offers that are slow', async () => {
    const test = new TestRoom();
    test.links.instant = false;
    test.welcome();
    await test.peeked('Ann', 'Bo');
    test.links.prepared[1]?.finish();
    await settle();
    const joining = test.room.join({ name: 'me' });
    expect(test.socket.last('join').offers).toEqual(['offer-1']);
    await test.joined(peer('me', 10), seated('Ann', 1, 0), seated('Bo', 2, null));
    await joining;
    expect(test.links.to(ANN).prepared?.text).toBe('offer-1');
    expect(test.links.prepared[0]?.state).toBe('disposed');
  });

  test('before there is a socket it waits for one, and joins right behind hello', async () => {
    const test = new TestRoom();
    const joining = test.room.join({ name: 'me' });
    expect(test.snapshot.phase).toBe('joining');
    test.socket.open();
    expect(test.socket.types).toEqual(['hello', 'join']);
    await test.joined(peer('me', 10));
    await joining;
    expect(test.snapshot.phase).toBe('joined');
  });

  test('a look at the room that is never answered does not disturb the call later', async () => {
    const test = new TestRoom();
    test.welcome();
    const joining = test.room.join({ name: 'me' });
    await test.joined(peer('me', 10));
    await joining;
    await test.stay(60_000);
    expect(test.sockets.all).toHaveLength(1);
    expect(test.snapshot.signalling).toBe('open');
  });

  test('signals that come before their peer is known wait for it', async () => {
    const test = new TestRoom();
    await test.enter();
    test.socket.say({ type: 'signal', from: ANN, data: 'early' });
    test.socket.say({ type: 'peer-joined', peer: peer('Ann', 11), offer: 'offer' });
    expect(test.links.to(ANN).received).toEqual(['offer', 'early']);
  });

  test('[PEER-2] what changed while the join was on its way is said right after', async () => {
    const test = await inLobby();
    const joining = test.room.join({ name: 'me' });
    test.media.publish('camera', {} as MediaStreamTrack);
    expect(test.socket.count('state')).toBe(0);
    await test.joined(peer('me', 10));
    await joining;
    expect(test.socket.last('state').state).toMatchObject({ camera: true, rev: 1 });
  });
});

describe('being refused', () => {
  test('[ROOM-7] a full room: the reason, its limit, and the lobby as it was', async () => {
    const test = await inLobby('Ann');
    const joining = test.room.join({ name: 'me' });
    const refused = expect(joining).rejects.toMatchObject({ code: 'room-full', detail: { limit: 6 } });
    await test.refuse('join', 'room-full', { limit: 6 });
    await refused;
    expect(test.snapshot).toMatchObject({ phase: 'lobby', ready: true, error: { code: 'room-full' } });
    expect(test.links.waiting).toHaveLength(1);
    expect(test.socket.count('peek')).toBe(1);
  });

  test('a second try uses the offers that were not used, and clears the reason', async () => {
    const test = await inLobby('Ann');
    const first = expect(test.room.join({ name: 'me' })).rejects.toThrow();
    await test.refuse('join', 'room-locked');
    await first;
    const joining = test.room.join({ name: 'me' });
    expect(test.snapshot.error).toBeNull();
    expect(test.socket.last('join').offers).toEqual(['offer-0']);
    await test.joined(peer('me', 10), seated('Ann', 1, 0));
    await joining;
    expect(test.links.to(ANN).prepared?.text).toBe('offer-0');
  });

  test('[ROOM-2] a name that cannot be used is refused before it is sent', async () => {
    const test = await inLobby();
    await expect(test.room.join({ name: ' ' })).rejects.toMatchObject({ code: 'bad-name' });
    expect(test.snapshot.phase).toBe('lobby');
    expect(test.socket.count('join')).toBe(0);
  });

  test('[ROOM-8] joining twice is refused', async () => {
    const test = await inLobby();
    const joining = test.room.join({ name: 'me' });
    await expect(test.room.join({ name: 'me' })).rejects.toMatchObject({ code: 'already-joined' });
    await test.joined(peer('me', 10));
    await joining;
    expect(test.snapshot.phase).toBe('joined');
  });
});

describe('what goes wrong on the way', () => {
  test('a socket lost with the join on it: sent anew on the next, without the offers of before', async () => {
    const test = await inLobby('Ann');
    const joining = test.room.join({ name: 'me' });
    await test.reconnect();
    expect(test.socket.types).toEqual(['hello', 'join']);
    expect(test.socket.last('join').offers).toEqual([]);
    expect(test.links.prepared[0]?.state).toBe('disposed');
    await test.joined(peer('me', 10), seated('Ann', 1));
    await joining;
    expect(test.links.to(ANN).calls).toContain('offer');
  });

  test('[ROOM-13] it carries the same attempt each time, so that the server sees one client', async () => {
    const test = await inLobby();
    const joining = test.room.join({ name: 'me' });
    const { attempt } = test.socket.last('join');
    expect(attempt).toHaveLength(16);
    await test.reconnect();
    expect(test.socket.last('join').attempt).toBe(attempt);
    await test.joined(peer('me', 10));
    await joining;
  });

  test('[ROOM-13] a second try after one whose fate is not known is the same attempt', async () => {
    const test = await inLobby();
    const joining = expect(test.room.join({ name: 'me' })).rejects.toThrow();
    const { attempt } = test.socket.last('join');
    test.socket.end();
    await test.clock.advance(JOIN_MS);
    await joining;
    const again = test.room.join({ name: 'me' });
    test.welcome();
    expect(test.socket.last('join').attempt).toBe(attempt);
    await test.joined(peer('me', 10));
    await again;
  });

  test('without a server it gives up after a while, and the lobby goes on', async () => {
    const test = new TestRoom();
    test.socket.end();
    const joining = expect(test.room.join({ name: 'me' })).rejects.toMatchObject({
      code: 'server-unreachable',
    });
    await test.clock.advance(JOIN_MS);
    await joining;
    expect(test.snapshot).toMatchObject({ phase: 'lobby', error: { code: 'server-unreachable' } });
    await test.clock.advance(20_000);
    test.welcome();
    await test.peeked();
    expect(test.snapshot).toMatchObject({ ready: true, error: null });
  });

  test('one that is not answered is taken back, so that no place is held', async () => {
    const test = await inLobby();
    const joining = expect(test.room.join({ name: 'me' })).rejects.toMatchObject({ code: 'request-timeout' });
    await test.stay(JOIN_MS);
    await joining;
    expect(test.socket.types.slice(-2)).toEqual(['leave', 'peek']);
    // The answer that comes after all changes nothing.
    await test.joined(peer('me', 10), seated('Ann', 1));
    expect(test.snapshot).toMatchObject({ phase: 'lobby', peers: [] });
  });

  test('one that is aborted is taken back right behind it', async () => {
    const test = await inLobby('Ann');
    const abort = new AbortController();
    const joining = expect(test.room.join({ name: 'me', signal: abort.signal })).rejects.toThrow('abort');
    abort.abort();
    await joining;
    expect(test.socket.types.slice(-3)).toEqual(['join', 'leave', 'peek']);
    expect(test.snapshot).toMatchObject({ phase: 'lobby', error: null });
    await test.joined(peer('me', 10), seated('Ann', 1, 0));
    expect(test.links.all).toHaveLength(0);
    expect(test.links.prepared[0]?.state).toBe('disposed');
  });

  test('closing while joining rejects the join and frees all', async () => {
    const test = await inLobby('Ann');
    const joining = expect(test.room.join({ name: 'me' })).rejects.toMatchObject({ name: 'AbortError' });
    test.room.close();
    expect(test.socket.types.slice(-2)).toEqual(['join', 'leave']);
    await joining;
    expect(test.clock.pending).toBe(0);
    expect(test.links.waiting).toHaveLength(0);
    await expect(test.room.join({ name: 'me' })).rejects.toThrow('the room was left');
  });

  test('[ROOM-12] leaving while joining takes the join back, so that no place is held', async () => {
    const test = await inLobby('Ann');
    const joining = expect(test.room.join({ name: 'me' })).rejects.toMatchObject({ name: 'AbortError' });
    const leaving = test.room.leave();
    expect(test.socket.types.slice(-2)).toEqual(['join', 'leave']);
    await test.clock.advance(0);
    await leaving;
    await joining;
    expect(test.socket.closed).toBe(true);
  });

  test('leaving with no join on the way says nothing', async () => {
    const test = await inLobby();
    const joining = expect(test.room.join({ name: 'me' })).rejects.toMatchObject({ name: 'AbortError' });
    test.socket.end();
    await test.clock.advance(300);
    const { socket } = test;
    test.room.close();
    await joining;
    expect(socket.types).toEqual([]);
  });
});
