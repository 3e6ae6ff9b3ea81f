// Rooms over the real server and real sockets; only the links are a model.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@maru/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { browserEnv } from '../src/env/browser-env.js';
import { openRoom } from '../src/room/open-room.js';
import type { Room } from '../src/room/room.js';
import { FakeRoomMedia } from '../src/testing/fake-room-media.js';
import { NEVER_LOADED } from '../src/testing/fake-upload.js';
import { FakeWakeups } from '../src/testing/fake-wakeups.js';
import { ModelNetwork } from './support/model-links.js';

const ROOM = '마루 / 1';

/** Node 20 has no WebSocket of its own; this one can also be cut. */
const sockets: WebSocket[] = [];
/** Nothing listens there: new sockets are refused while this machine is offline. */
const NOWHERE = 'ws://127.0.0.1:9';
let offline = false;
class TrackedWebSocket extends WebSocket {
  constructor(url: string) {
    super(offline ? NOWHERE : url);
    // As in a browser, where a connection that fails says so by its close and an unheard error is no exception.
    this.on('error', () => this.terminate());
    sockets.push(this);
  }
}

let dataDir = '';
let server: RunningServer;
const rooms: Room[] = [];
const wakeups: FakeWakeups[] = [];
let network: ModelNetwork;

const start = (port = 0, graceMs = 30_000): Promise<RunningServer> =>
  startServer({ host: '127.0.0.1', port, dataDir, logLevel: 'silent', roomLimit: 3, graceMs });

beforeEach(async () => {
  vi.stubGlobal('WebSocket', TrackedWebSocket);
  dataDir = mkdtempSync(join(tmpdir(), 'maru-room-'));
  server = await start();
  network = new ModelNetwork(browserEnv);
});

afterEach(async () => {
  for (const room of rooms.splice(0)) room.close();
  await server.close();
  sockets.length = 0;
  wakeups.length = 0;
  offline = false;
  rmSync(dataDir, { recursive: true });
  vi.unstubAllGlobals();
});

function open(media = new FakeRoomMedia()): Room {
  const waking = new FakeWakeups();
  wakeups.push(waking);
  const room = openRoom({
    url: server.url,
    room: ROOM,
    media,
    world: { upload: NEVER_LOADED, wakeups: waking, links: () => network.factory() },
  });
  rooms.push(room);
  return room;
}

async function enter(name: string, media = new FakeRoomMedia()): Promise<Room> {
  const room = open(media);
  await vi.waitFor(() => expect(room.snapshot.ready).toBe(true));
  await room.join({ name });
  return room;
}

const names = (room: Room): string[] => room.snapshot.peers.map(({ name }) => name);
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });

test('[ROOM-4] three people see each other, in the order in which they joined, and are connected', async () => {
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  const cy = await enter('Cy');
  await until(() => {
    for (const room of [ann, bo, cy]) {
      expect(room.snapshot.peers.map(({ link }) => link)).toEqual(['connected', 'connected']);
    }
  });
  expect([names(ann), names(bo), names(cy)]).toEqual([
    ['Bo', 'Cy'],
    ['Ann', 'Cy'],
    ['Ann', 'Bo'],
  ]);
});

test('[ROOM-6] two people who join at the same instant find each other', async () => {
  const [ann, bo] = await Promise.all([enter('Ann'), enter('Bo')]);
  await until(() => {
    expect([ann, bo].map((room) => room.snapshot.peers[0]?.link)).toEqual(['connected', 'connected']);
  });
});

test('[ROOM-7] the lobby sees who is inside; a full room refuses, and takes one in when a seat is free', async () => {
  const [ann] = await Promise.all([enter('Ann'), enter('Bo'), enter('Cy')]);
  const di = open();
  await until(() => expect(di.snapshot.occupancy).toMatchObject({ count: 3, limit: 3 }));
  await expect(di.join({ name: 'Di' })).rejects.toMatchObject({ code: 'room-full', detail: { limit: 3 } });
  await ann.leave();
  await until(() => expect(di.snapshot.occupancy?.count).toBe(2));
  await di.join({ name: 'Di' });
  await until(() => expect(names(di).sort()).toEqual(['Bo', 'Cy']));
});

test('[ROOM-11] a locked room tells those outside nothing but that, and those inside who locked it', async () => {
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  await ann.setLocked(true);
  await until(() => expect(bo.snapshot.info?.locked).toBe(true));
  const cy = open();
  await until(() => expect(cy.snapshot.occupancy).toMatchObject({ locked: true, names: [] }));
  await expect(cy.join({ name: 'Cy' })).rejects.toMatchObject({ code: 'room-locked' });
});

test('[PEER-2] state reaches the others, through the server and past it', async () => {
  const media = new FakeRoomMedia();
  const ann = await enter('Ann', media);
  const bo = await enter('Bo');
  media.publish('camera', {} as MediaStreamTrack);
  await until(() => expect(bo.snapshot.peers[0]?.state).toMatchObject({ camera: true, rev: 1 }));
  ann.setHand(true);
  await until(() => expect(bo.snapshot.peers[0]?.state).toMatchObject({ hand: true, rev: 2 }));
});

test('[RES-3] a lost socket is resumed: same people, nobody gone, and chat works', async () => {
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  await until(() => expect(bo.snapshot.peers[0]?.link).toBe('connected'));
  const id = ann.snapshot.self?.id;
  const seen: number[] = [];
  bo.subscribe(({ peers }) => seen.push(peers.length));
  const phases: string[] = [];
  ann.subscribe(({ signalling }) => phases.push(signalling));
  sockets[0]?.terminate();
  await until(() => expect(phases).toContain('reconnecting'));
  await until(() => expect(ann.snapshot.signalling).toBe('open'));
  await until(() => expect(bo.snapshot.peers[0]?.presence).toBe('present'));
  expect(ann.snapshot.self?.id).toBe(id);
  expect(new Set(seen)).toEqual(new Set([1]));
  ann.chat('still here');
  await until(() => expect(bo.snapshot.chat.map(({ text }) => text)).toEqual(['still here']));
});

test('[RES-7] a server that restarts in mid-call: nobody was shown as gone, and newcomers find everyone', async () => {
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  await until(() => expect(ann.snapshot.peers[0]?.link).toBe('connected'));
  const ids = [ann.snapshot.self?.id, bo.snapshot.self?.id];
  const seen = new Set<string>();
  for (const room of [ann, bo]) {
    room.subscribe(({ peers }) => seen.add(peers.map(({ link }) => link).join()));
  }
  const { port } = server;
  await server.close();
  await until(() => expect(ann.snapshot.signalling).toBe('reconnecting'));
  ann.chat('without a server');
  await until(() => expect(bo.snapshot.chat).toHaveLength(1));
  server = await start(port);
  await until(() => {
    for (const room of [ann, bo]) {
      expect(room.snapshot).toMatchObject({ signalling: 'open', peers: [{ presence: 'present' }] });
    }
  });
  expect([ann.snapshot.self?.id, bo.snapshot.self?.id]).toEqual(ids);
  expect(seen).toEqual(new Set(['connected']));
  const cy = await enter('Cy');
  await until(() => expect(cy.snapshot.peers.map(({ link }) => link)).toEqual(['connected', 'connected']));
  expect(names(cy)).toEqual(['Ann', 'Bo']);
});

test('[RES-5] another network while the server still holds the old socket: the same peer, never seen twice', async () => {
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  await until(() => expect(names(bo)).toEqual(['Ann']));
  const id = ann.snapshot.self?.id;
  const seen = new Set<number>();
  bo.subscribe(({ peers }) => seen.add(peers.length));
  wakeups[0]?.tell('online');
  await until(() => expect(sockets).toHaveLength(3));
  await until(() => expect(ann.snapshot.signalling).toBe('open'));
  expect(ann.chat('here again')).toBe(true);
  await until(() => expect(bo.snapshot.chat.map(({ text }) => text)).toEqual(['here again']));
  expect(ann.snapshot.self?.id).toBe(id);
  expect(bo.snapshot.peers.map((peer) => peer.id)).toEqual([id]);
  expect([...seen].filter((count) => count !== 1)).toEqual([]);
});

test('[RES-4, RES-10] an outage longer than the grace period: a clean rejoin, and never a twin', async () => {
  await server.close();
  server = await start(server.port, 500);
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  await until(() => expect(names(bo)).toEqual(['Ann']));
  const id = ann.snapshot.self?.id;
  const seen: string[] = [];
  bo.subscribe(({ peers }) => seen.push(peers.map((peer) => peer.id).join()));
  offline = true;
  sockets[0]?.terminate();
  await until(() => expect(names(bo)).toEqual([]));
  expect(ann.snapshot.phase).toBe('joined');
  offline = false;
  wakeups[0]?.tell('online');
  await until(() => expect(names(bo)).toEqual(['Ann']));
  await until(() => expect(ann.snapshot.peers[0]?.link).toBe('connected'));
  const next = ann.snapshot.self?.id;
  expect(next).not.toBe(id);
  expect([...new Set(seen)]).toEqual([id, '', next]);
});

test('[RES-10] a server that has lost its key as well: everyone is in again by itself', async () => {
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  const { port } = server;
  await server.close();
  rmSync(dataDir, { recursive: true });
  server = await start(port);
  await until(() => {
    for (const room of [ann, bo]) {
      expect(room.snapshot).toMatchObject({
        phase: 'joined',
        signalling: 'open',
        peers: [{ link: 'connected' }],
      });
    }
  });
});

test('[ROOM-12] who leaves is gone for the others at once', async () => {
  const ann = await enter('Ann');
  const bo = await enter('Bo');
  await ann.leave();
  await until(() => expect(names(bo)).toEqual([]));
  const cy = await enter('Cy');
  bo.close();
  await until(() => expect(names(cy)).toEqual([]));
});
