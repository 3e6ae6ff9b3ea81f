// Losing the server and coming back: resume, a server that was rebuilt, a place that is gone.

import { CLOSE } from '@maru/protocol';
import { describe, expect, test } from 'vitest';
import { peer, peerId, seated, TestRoom } from './support/test-room.js';

const ANN = peerId('Ann');
const BO = peerId('Bo');
const GRACE_MS = 30_000;

async function inside(): Promise<TestRoom> {
  const test = new TestRoom();
  await test.enter(seated('Ann', 1, 0), seated('Bo', 2, 1));
  test.links.to(ANN).connect();
  test.links.to(BO).connect();
  for (const link of test.links.all) link.calls.length = 0;
  return test;
}

describe('a lost socket', () => {
  test('[LAD-1] touches no link and shows nobody as gone', async () => {
    const test = await inside();
    test.socket.end();
    expect(test.snapshot).toMatchObject({ phase: 'joined', signalling: 'reconnecting', error: null });
    expect(test.snapshot.peers).toMatchObject([
      { name: 'Ann', presence: 'present', link: 'connected' },
      { name: 'Bo', presence: 'present', link: 'connected' },
    ]);
    expect(test.links.all.some(({ closed }) => closed)).toBe(false);
  });

  test('[LAD-5] the links are told that nothing can be said, until it can', async () => {
    const test = await inside();
    await test.reconnect();
    expect(test.links.to(ANN).calls).toEqual(['reachable false']);
    await test.resumed(peer('me', 10), [peer('Ann', 1), peer('Bo', 2)]);
    expect(test.links.to(ANN).reachable).toBe(true);
    expect(test.snapshot.signalling).toBe('open');
  });

  test('a resume is sent right behind hello, with the token and all that a new server needs', async () => {
    const test = await inside();
    test.media.publish('mic', {} as MediaStreamTrack);
    test.socket.say({ type: 'room-locked', locked: true, by: ANN });
    await test.reconnect();
    expect(test.socket.types).toEqual(['hello', 'resume']);
    expect(test.socket.last('resume')).toMatchObject({
      token: 'token',
      name: 'me',
      locked: true,
      state: { mic: true, rev: 1 },
    });
    expect(test.snapshot.signalling).toBe('reconnecting');
  });

  test('[RES-9] after a resume each link of a peer that is there says again what may have been lost', async () => {
    const test = await inside();
    await test.reconnect();
    await test.resumed(peer('me', 10), [peer('Ann', 1), peer('Bo', 2, { presence: 'away' })]);
    expect(test.links.to(ANN).calls).toEqual(['reachable false', 'reachable true', 'resync', 'hint']);
    expect(test.links.to(BO).calls).toEqual(['reachable false']);
    expect(test.snapshot.peers[1]).toMatchObject({ presence: 'away' });
  });

  test('signals that cannot be said are not queued', async () => {
    const test = await inside();
    test.socket.end();
    test.links.to(ANN).options.events.onSignal('lost');
    await test.clock.advance(500);
    test.welcome();
    test.links.to(ANN).options.events.onSignal('too soon');
    await test.resumed(peer('me', 10), [peer('Ann', 1), peer('Bo', 2)]);
    test.links.to(ANN).options.events.onSignal('now');
    expect(test.socket.sent.filter(({ type }) => type === 'signal')).toMatchObject([
      { to: ANN, data: 'now' },
    ]);
  });

  test('[RES-3] who came meanwhile is met, who left meanwhile is gone', async () => {
    const test = await inside();
    await test.reconnect();
    await test.resumed(peer('me', 10), [peer('Bo', 2), peer('Cy', 4), peer('Di', 12)]);
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo', 'Cy', 'Di']);
    expect(test.links.to(ANN).closed).toBe(true);
    // [NEG-2]: the higher order offers.
    expect(test.links.to(peerId('Cy')).calls).toEqual(['reachable true', 'offer']);
    expect(test.links.to(peerId('Di')).calls).not.toContain('offer');
  });

  test('[PEER-2] a change made while away is in the resume; one made after it is said as well', async () => {
    const test = await inside();
    await test.reconnect();
    test.media.publish('camera', {} as MediaStreamTrack);
    await test.resumed(peer('me', 10), [peer('Ann', 1), peer('Bo', 2)]);
    expect(test.socket.last('state').state).toMatchObject({ camera: true, rev: 1 });
  });

  test('a failure that may pass is tried again on a fresh socket', async () => {
    const test = await inside();
    await test.reconnect();
    await test.refuse('resume', 'server-busy');
    await test.clock.advance(2_000);
    test.welcome();
    await test.resumed(peer('me', 10), [peer('Ann', 1), peer('Bo', 2)]);
    expect(test.snapshot).toMatchObject({ signalling: 'open', peers: [{ name: 'Ann' }, { name: 'Bo' }] });
  });

  test.each(['online', 'network', 'visible'] as const)(
    '[RES-12] [LAD-7] a wake-up (%s) reconnects at once, and has every link look whether it still works',
    async (wakeup) => {
      const test = await inside();
      test.socket.end();
      test.wakeups.tell(wakeup);
      expect(test.sockets.all).toHaveLength(2);
      expect(test.links.to(ANN).calls).toContain('hint');
      expect(test.links.to(BO).calls).toContain('hint');
    },
  );

  test('[RES-12] a path that is lost, or is back, has the socket asked at once whether it still lives', async () => {
    const test = await inside();
    test.links.to(ANN).become({ phase: 'connected' });
    expect(test.socket.count('ping')).toBe(0);
    test.links.to(ANN).become({ phase: 'reconnecting' });
    expect(test.socket.count('ping')).toBe(1);
    test.socket.end();
    test.links.to(ANN).become({ phase: 'connected' });
    expect(test.sockets.all).toHaveLength(2);
  });
});

describe('peers that are away', () => {
  test('[RES-2] stay in the list, and their link is told; back, it says again what was lost', async () => {
    const test = await inside();
    test.socket.say({ type: 'peer-away', peer: ANN });
    expect(test.snapshot.peers[0]).toMatchObject({ presence: 'away', link: 'connected' });
    test.socket.say({ type: 'peer-back', peer: peer('Ann', 1) });
    expect(test.snapshot.peers[0]).toMatchObject({ presence: 'present' });
    expect(test.links.to(ANN).calls).toEqual(['reachable false', 'reachable true', 'resync', 'hint']);
  });

  test('[RES-4] are gone when the server says so', async () => {
    const test = await inside();
    test.socket.say({ type: 'peer-away', peer: ANN });
    test.socket.say({ type: 'peer-left', peer: ANN, reason: 'expired' });
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo']);
    expect(test.links.to(ANN).closed).toBe(true);
  });

  test('one that comes back unknown is met as a new one, and the higher order offers', async () => {
    const test = await inside();
    test.socket.say({ type: 'peer-back', peer: peer('Cy', 3) });
    test.socket.say({ type: 'peer-back', peer: peer('Di', 11) });
    expect(test.links.to(peerId('Cy')).calls).toEqual(['reachable true', 'offer']);
    expect(test.links.to(peerId('Di')).calls).toEqual(['reachable true']);
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Ann', 'Bo', 'Cy', 'Di']);
  });

  test.each(['peer-away', 'unknown-peer'] as const)(
    '[SIG-3] a signal refused with %s makes the link wait',
    async (code) => {
      const test = await inside();
      const link = test.links.to(ANN);
      link.options.events.onSignal('hello');
      await test.refuse('signal', code);
      expect(link.calls).toEqual(['reachable false']);
      test.socket.say({ type: 'peer-back', peer: peer('Ann', 1) });
      expect(link.calls).toEqual(['reachable false', 'reachable true', 'resync', 'hint']);
    },
  );

  test('[MSG-3] signals that were too fast are said again when the server allows it', async () => {
    const test = await inside();
    test.links.to(ANN).options.events.onSignal('hello');
    await test.refuse('signal', 'too-fast', { retryAfterMs: 700 });
    await test.clock.advance(699);
    expect(test.links.to(ANN).calls).toEqual([]);
    await test.clock.advance(1);
    expect(test.links.to(ANN).calls).toEqual(['resync']);
  });
});

describe('a server that was rebuilt', () => {
  test('[RES-8] whom it does not name is kept as away, and not shown as gone', async () => {
    const test = await inside();
    await test.reconnect();
    await test.resumed(peer('me', 10), [peer('Bo', 2)], { rebuilt: true });
    expect(test.snapshot.peers).toMatchObject([
      { name: 'Ann', presence: 'away', link: 'connected' },
      { name: 'Bo', presence: 'present' },
    ]);
    test.socket.say({ type: 'peer-back', peer: peer('Ann', 1) });
    expect(test.snapshot.peers[0]).toMatchObject({ name: 'Ann', presence: 'present' });
    expect(test.links.to(ANN).calls).toEqual(['reachable false', 'reachable true', 'resync', 'hint']);
    await test.stay(2 * GRACE_MS);
    expect(test.snapshot.peers).toHaveLength(2);
  });

  test('[RES-8] after the grace period they are gone', async () => {
    const test = await inside();
    await test.reconnect();
    await test.resumed(peer('me', 10), [peer('Bo', 2)], { rebuilt: true });
    await test.stay(GRACE_MS - 1);
    expect(test.snapshot.peers).toHaveLength(2);
    await test.stay(1);
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo']);
    expect(test.links.to(ANN).closed).toBe(true);
  });

  test('[RES-8] a second resume within the grace period forgets nobody', async () => {
    const test = await inside();
    await test.reconnect();
    await test.resumed(peer('me', 10), [peer('Bo', 2)], { rebuilt: true });
    await test.stay(5_000);
    await test.reconnect();
    await test.resumed(peer('me', 10), [peer('Bo', 2)]);
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Ann', 'Bo']);
    await test.stay(GRACE_MS);
    expect(test.snapshot.peers.map(({ name }) => name)).toEqual(['Bo']);
  });

  test('[RES-8] the grace period takes nobody away while the server itself is away', async () => {
    const test = await inside();
    await test.reconnect();
    await test.resumed(peer('me', 10), [peer('Bo', 2)], { rebuilt: true });
    test.socket.end();
    await test.clock.advance(2 * GRACE_MS);
    expect(test.snapshot.peers).toHaveLength(2);
    test.wakeups.tell('online');
    test.welcome();
    await test.resumed(peer('me', 10), [peer('Ann', 1), peer('Bo', 2)], { rebuilt: true });
    expect(test.snapshot.peers.map(({ presence }) => presence)).toEqual(['present', 'present']);
  });
});

describe('a place that is gone', () => {
  test('[RES-10] the client joins again by itself, as a new peer with fresh links', async () => {
    const test = await inside();
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    expect(test.socket.last('join')).toMatchObject({ name: 'me', offers: [] });
    expect(test.snapshot).toMatchObject({ phase: 'joined', signalling: 'reconnecting' });
    expect(test.links.to(ANN).closed).toBe(false);
    const [formerLink] = test.links.all;
    await test.joined({ ...peer('me', 20), id: peerId('me-again') }, seated('Ann', 1));
    expect(formerLink?.closed).toBe(true);
    expect(test.links.to(ANN)).not.toBe(formerLink);
    expect(test.links.to(ANN).calls).toEqual(['reachable true', 'offer']);
    expect(test.snapshot).toMatchObject({
      phase: 'joined',
      signalling: 'open',
      self: { id: peerId('me-again') },
      peers: [{ name: 'Ann' }],
    });
  });

  test('[ROOM-13] it is another attempt than the first, and the same when it is sent again', async () => {
    const test = await inside();
    const first = test.socket.last('join').attempt;
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    const { attempt } = test.socket.last('join');
    expect(attempt).toHaveLength(16);
    expect(attempt).not.toBe(first);
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    expect(test.socket.last('join').attempt).toBe(attempt);
  });

  test('[RES-10] a socket lost in between starts over', async () => {
    const test = await inside();
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    await test.joined(peer('me', 20), seated('Ann', 1));
    expect(test.snapshot).toMatchObject({ phase: 'joined', signalling: 'open', peers: [{ name: 'Ann' }] });
  });

  test.each(['room-full', 'room-locked'] as const)('[RES-10] %s ends it with the reason', async (code) => {
    const test = await inside();
    await test.reconnect();
    await test.refuse('resume', 'resume-refused');
    await test.refuse('join', code);
    expect(test.snapshot).toMatchObject({ phase: 'left', error: { code }, peers: [], signalling: 'closed' });
    expect(test.clock.pending).toBe(0);
  });

  test('[RES-5] one that another connection took is left without a goodbye to the others', async () => {
    const test = await inside();
    test.socket.end(CLOSE.replaced);
    expect(test.snapshot).toMatchObject({ phase: 'left', error: { code: 'replaced-elsewhere' } });
    expect(test.links.all.flatMap(({ sent }) => sent).map(({ type }) => type)).not.toContain('bye');
    expect(test.links.all.every(({ closed }) => closed)).toBe(true);
    expect(test.clock.pending).toBe(0);
  });

  test('a server too new to resume on does not end a call that goes on without it', async () => {
    const test = await inside();
    test.socket.end(CLOSE.protocol);
    expect(test.snapshot).toMatchObject({
      phase: 'joined',
      signalling: 'closed',
      error: { code: 'protocol-too-old' },
      peers: [{ link: 'connected' }, { link: 'connected' }],
    });
  });
});
