// Rooms whose media goes through the SFU, and the links into them, over real sockets; the workers are fakes.

import { type ServerMessage, serverMessageSchema } from '@maru/protocol';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { ServerConfig } from '../src/config/server-config.js';
import { STATE, TestClient } from './support/client.js';
import { FakeClock } from './support/fake-clock.js';
import { FakeWorkers } from './support/fake-workers.js';
import { type TestServer, testServer } from './support/server.js';

const OFFER = 'AAAA';
const LINK = 'first-link--';
const OTHER = 'other-link--';

/** A server with so many fake workers, at which two are a mesh and three are not. */
async function sfuServer(config: Partial<ServerConfig> = {}) {
  const workers = new FakeWorkers();
  const server = await testServer(
    { sfuWorkers: 1, meshLimit: 2, sfuAnnounce: ['203.0.113.5'], ...config },
    { sfuWorker: workers.spawn },
  );
  return { server, workers };
}

const offer = (client: TestClient, link = LINK): Promise<ServerMessage> =>
  client.ask({ type: 'sfu', link, offer: OFFER });

async function entered(server: TestServer, room: string, topology?: 'sfu') {
  const client = await server.client();
  const joined = await client.join(room, 'someone', [], undefined, topology);
  return { client, id: joined.self.id, joined };
}

test('[SFU-1] the join that makes a mesh too large turns it, and everyone else is told first', async () => {
  const { server } = await sfuServer();
  const a = await entered(server, 'room');
  const b = await entered(server, 'room');
  expect(b.joined.room).toMatchObject({ topology: 'mesh', epoch: 0, limit: 30 });
  await a.client.events();
  const c = await entered(server, 'room');
  expect(c.joined.room).toMatchObject({ topology: 'sfu', epoch: 1 });
  for (const { client } of [a, b]) {
    const [turned, met] = await client.events();
    expect(turned).toEqual({ type: 'room-topology', topology: 'sfu', epoch: 1 });
    expect(met).toMatchObject({ type: 'peer-joined', peer: { id: c.id }, offer: null });
  }
  await entered(server, 'room');
  expect((await a.client.events()).map(({ type }) => type)).toEqual(['peer-joined']);
});

test('[SFU-1] a peer that is away counts: it keeps its place in the mesh', async () => {
  const { server } = await sfuServer();
  const a = await entered(server, 'room');
  const b = await entered(server, 'room');
  await b.client.drop();
  await a.client.nextOf('peer-away');
  expect((await entered(server, 'room')).joined.room.topology).toBe('sfu');
});

test('[SFU-2] a join that makes a room may ask for the SFU, and one into a room changes nothing by it', async () => {
  const { server } = await sfuServer();
  const asked = await entered(server, 'large', 'sfu');
  expect(asked.joined.room).toMatchObject({ topology: 'sfu', epoch: 0 });
  await entered(server, 'small');
  expect((await entered(server, 'small', 'sfu')).joined.room.topology).toBe('mesh');
});

test('[SFU-2] a server without SFU makes meshes only, also larger than its mesh limit', async () => {
  const server = await testServer({ meshLimit: 1 });
  expect((await entered(server, 'room', 'sfu')).joined.room.topology).toBe('mesh');
  const b = await entered(server, 'room');
  expect(b.joined.room).toMatchObject({ topology: 'mesh', limit: 6 });
  expect(await offer(b.client)).toMatchObject({ type: 'refused', code: 'not-sfu' });
});

test('[SFU-3] a room stays an SFU until it is empty', async () => {
  const { server } = await sfuServer();
  const inside = [
    await entered(server, 'room'),
    await entered(server, 'room'),
    await entered(server, 'room'),
  ];
  for (const { client } of inside.slice(1)) await client.expect('ok', { type: 'leave' });
  const late = await entered(server, 'room');
  expect(late.joined.room).toMatchObject({ topology: 'sfu', epoch: 1 });
  for (const { client } of [late, ...inside.slice(0, 1)]) await client.expect('ok', { type: 'leave' });
  expect((await entered(server, 'room')).joined.room).toMatchObject({ topology: 'mesh', epoch: 0 });
});

test('[SFU-4] occupancy tells what a newcomer will find', async () => {
  const { server } = await sfuServer();
  const watcher = await server.client();
  const { occupancy } = await watcher.expect('peeked', { type: 'peek', room: 'room' });
  const told = [occupancy.topology];
  for (let n = 0; n < 3; n++) {
    await entered(server, 'room');
    await server.pass(250);
    told.push((await watcher.nextOf('occupancy')).occupancy.topology);
  }
  expect(told).toEqual(['mesh', 'mesh', 'sfu', 'sfu']);
});

test('[SFU-4] where no room may be a mesh, an empty one is an SFU to come', async () => {
  const { server } = await sfuServer({ meshLimit: 0 });
  const watcher = await server.client();
  const { occupancy } = await watcher.expect('peeked', { type: 'peek', room: 'room' });
  expect(occupancy.topology).toBe('sfu');
  expect((await entered(server, 'room')).joined.room).toMatchObject({ topology: 'sfu', epoch: 0 });
});

test('[SFU-5] in an SFU nobody is dealt an offer', async () => {
  const { server } = await sfuServer();
  const a = await entered(server, 'room', 'sfu');
  const newcomer = await server.client();
  const joined = await newcomer.join('room', 'N', ['an offer']);
  expect(joined.peers).toMatchObject([{ id: a.id, offer: null }]);
  expect(await a.client.nextOf('peer-joined')).toMatchObject({ offer: null });
});

/** The tokens of two who were in an SFU when the server was started anew, and that server. */
async function restarted(config: Partial<ServerConfig> = {}) {
  const before = await sfuServer();
  const tokens = [
    (await entered(before.server, 'room', 'sfu')).joined.token,
    (await entered(before.server, 'room')).joined.token,
  ] as const;
  await before.server.close();
  const clock = new FakeClock(before.server.clock.unixTime() + 10_000);
  const server = await testServer(
    { sfuWorkers: 1, meshLimit: 2, ...config },
    { clock, sfuWorker: new FakeWorkers().spawn },
  );
  return { server, tokens };
}

test('[SFU-6] a rebuilt room is what those who come back remember, at the highest epoch', async () => {
  const { server, tokens } = await restarted();
  const newcomer = await entered(server, 'room');
  expect(newcomer.joined.room.topology).toBe('mesh');
  const first = await server.client();
  expect(await first.resume(tokens[0], { topology: 'sfu', epoch: 3 })).toMatchObject({
    room: { topology: 'sfu', epoch: 3 },
  });
  expect((await newcomer.client.events())[0]).toEqual({ type: 'room-topology', topology: 'sfu', epoch: 3 });
  const second = await server.client();
  expect(await second.resume(tokens[1], { topology: 'sfu', epoch: 7 })).toMatchObject({
    room: { topology: 'sfu', epoch: 7 },
  });
  for (const client of [newcomer.client, first]) {
    expect((await client.events())[0]).toEqual({ type: 'room-topology', topology: 'sfu', epoch: 7 });
  }
});

test('[SFU-6] who remembers a mesh in what is an SFU now learns it by a higher epoch', async () => {
  const { server, tokens } = await restarted();
  const first = await server.client();
  await first.resume(tokens[0], { topology: 'sfu', epoch: 1 });
  const second = await server.client();
  expect(await second.resume(tokens[1], { topology: 'mesh', epoch: 1 })).toMatchObject({
    room: { topology: 'sfu', epoch: 2 },
  });
  expect((await first.events())[0]).toEqual({ type: 'room-topology', topology: 'sfu', epoch: 2 });
});

test('[SFU-6] a server that has no SFU any more makes a mesh of it, at a higher epoch', async () => {
  const { server, tokens } = await restarted({ sfuWorkers: 0 });
  const first = await server.client();
  expect(await first.resume(tokens[0], { topology: 'sfu', epoch: 1 })).toMatchObject({
    room: { topology: 'mesh', epoch: 2 },
  });
});

test('[SFU-7] a link is offered inside an SFU, or while looking at one, and nowhere else', async () => {
  const { server } = await sfuServer();
  const client = await server.client();
  const refused = { type: 'refused', code: 'not-sfu' };
  expect(await offer(client)).toMatchObject(refused);
  await client.expect('peeked', { type: 'peek', room: 'room' });
  expect(await offer(client)).toMatchObject(refused);
  const inMesh = await entered(server, 'room');
  expect(await offer(inMesh.client)).toMatchObject(refused);
  await entered(server, 'room');
  // The next one who comes finds an SFU: its link may be there already.
  expect(await offer(client)).toMatchObject({ type: 'sfu-answer', answer: 'AAAA' });
  expect(await offer(inMesh.client)).toMatchObject(refused);
  await entered(server, 'room');
  expect(await offer(inMesh.client)).toMatchObject({ type: 'sfu-answer' });
});

test.each([
  ['[SFU-8] an offer that the SFU cannot take', 'bad-offer'],
  ['[SFU-9] an offer to a full SFU', 'sfu-full'],
  ['[SFU-9] an offer where no worker serves', 'sfu-unavailable'],
] as const)('%s is refused with %s, and holds no place', async (_, code) => {
  const { server, workers } = await sfuServer();
  const { client } = await entered(server, 'room', 'sfu');
  workers.result = { ok: false, code, reason: 'v=0 and what else it said' };
  for (let n = 0; n < 9; n++) {
    const answer = await offer(client, `link-${n}`.padEnd(12, '-'));
    expect(answer).toEqual({ type: 'refused', re: expect.any(Number), code });
  }
});

test('[SFU-9] who has four links that come to nothing, beside one that stands, is too fast', async () => {
  const { server, workers } = await sfuServer();
  const { client } = await entered(server, 'room', 'sfu');
  await offer(client);
  workers.result = null;
  const asked = [1, 2, 3, 4].map((n) => offer(client, `link-${n}`.padEnd(12, '-')));
  expect(await offer(client, OTHER)).toMatchObject({ code: 'too-fast', retryAfterMs: expect.any(Number) });
  const worker = workers.worker();
  for (const open of worker.opens.slice(1))
    worker.answer(open, { ok: true, answer: 'BBBB', usernameFragment: 'here' });
  for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ answer: 'BBBB' });
});

test('[SFU-9] offers are counted as many messages: who makes one after the other is too fast', async () => {
  const { server } = await sfuServer({ messageRate: 100 });
  const { client } = await entered(server, 'room', 'sfu');
  const answers = [];
  for (let n = 0; n < 30; n++) answers.push(await offer(client));
  expect(answers.filter(({ type }) => type === 'sfu-answer').length).toBeLessThan(25);
  expect(answers.at(-1)).toMatchObject({ code: 'too-fast', retryAfterMs: expect.any(Number) });
});

test("[SFU-10] a link offered from outside becomes the peer's that its client joins as", async () => {
  const { server, workers } = await sfuServer();
  await entered(server, 'room', 'sfu');
  const client = await server.client();
  await client.expect('peeked', { type: 'peek', room: 'room' });
  await offer(client);
  const worker = workers.worker();
  expect([worker.links, worker.seats]).toEqual([['1'], []]);
  const { self } = await client.join('room', 'N');
  expect([worker.links, worker.seats]).toEqual([['1'], [`1 ${self.id}`]]);
});

test('[SFU-10] one whose answer is still on the way when its client joins is seated then', async () => {
  const { server, workers } = await sfuServer();
  await entered(server, 'room', 'sfu');
  const client = await server.client();
  await client.expect('peeked', { type: 'peek', room: 'room' });
  workers.result = null;
  const answer = offer(client);
  const { self } = await client.join('room', 'N');
  const worker = workers.worker();
  expect(worker.seats).toEqual([]);
  for (const open of worker.opens)
    worker.answer(open, { ok: true, answer: 'AAAA', usernameFragment: 'here' });
  expect(await answer).toMatchObject({ type: 'sfu-answer' });
  expect(worker.seats).toEqual([`1 ${self.id}`]);
});

test.each<readonly [string, (client: TestClient) => Promise<unknown>]>([
  ['offers its next', (client) => offer(client, OTHER)],
  ['looks elsewhere', (client) => client.expect('peeked', { type: 'peek', room: 'elsewhere' })],
  ['joins another room', (client) => client.join('elsewhere', 'N')],
  ['joins another room that is an SFU', (client) => client.join('elsewhere', 'N', [], undefined, 'sfu')],
  ['is gone', (client) => client.drop()],
])('[SFU-10] a link offered from outside ends when its client %s', async (_, act) => {
  const { server, workers } = await sfuServer();
  await entered(server, 'room', 'sfu');
  const client = await server.client();
  await client.expect('peeked', { type: 'peek', room: 'room' });
  await offer(client);
  await client.expect('peeked', { type: 'peek', room: 'room' });
  expect(workers.worker().links).toEqual(['1']);
  await act(client);
  await expect.poll(() => workers.worker().links).not.toContain('1');
});

test('[SFU-10] links into a room end with it, those from outside too', async () => {
  const { server, workers } = await sfuServer();
  const inside = await entered(server, 'room', 'sfu');
  const client = await server.client();
  await client.expect('peeked', { type: 'peek', room: 'room' });
  await offer(client);
  await inside.client.expect('ok', { type: 'leave' });
  expect(workers.worker().links).toEqual([]);
});

test('[SFU-11] another link of a peer stands beside the former, which the SFU ends by itself', async () => {
  const { server, workers } = await sfuServer();
  const { client, id } = await entered(server, 'room', 'sfu');
  await offer(client);
  await offer(client, OTHER);
  const worker = workers.worker();
  expect(worker.seats).toEqual([`1 ${id}`, `2 ${id}`]);
  expect(worker.links).toEqual(['1', '2']);
  worker.say({ type: 'closed', link: '1', reason: 'another took its place' });
  expect(await client.events()).toEqual([]);
  worker.say({ type: 'closed', link: '2', reason: 'failed' });
  expect(await client.events()).toEqual([{ type: 'sfu-lost', link: OTHER }]);
});

test('[SFU-11] a link that is offered once more, its answer lost, begins anew', async () => {
  const { server, workers } = await sfuServer();
  const { client, id } = await entered(server, 'room', 'sfu');
  await offer(client);
  await offer(client);
  expect([workers.worker().links, workers.worker().seats]).toEqual([['2'], [`1 ${id}`, `2 ${id}`]]);
});

test('[SFU-12] a link outlasts the socket, is still the peer’s after a resume, and ends when it leaves', async () => {
  const { server, workers } = await sfuServer();
  const { client, joined } = await entered(server, 'room', 'sfu');
  const other = await entered(server, 'room');
  await offer(client);
  await client.drop();
  await other.client.nextOf('peer-away');
  expect(workers.worker().links).toEqual(['1']);
  const back = await server.client();
  await back.resume(joined.token);
  expect(workers.worker().links).toEqual(['1']);
  await back.expect('ok', { type: 'leave' });
  expect(workers.worker().links).toEqual([]);
});

test('[SFU-12] a link ends when the place of its peer has expired', async () => {
  const { server, workers } = await sfuServer();
  const { client } = await entered(server, 'room', 'sfu');
  const other = await entered(server, 'room');
  await offer(client);
  await client.drop();
  await other.client.nextOf('peer-away');
  await server.pass(30_000);
  await other.client.nextOf('peer-left');
  expect(workers.worker().links).toEqual([]);
});

test('[SFU-12] a link whose answer finds its peer on another socket comes to nothing', async () => {
  const { server, workers } = await sfuServer();
  const { client, joined } = await entered(server, 'room', 'sfu');
  workers.result = null;
  client.say({ type: 'sfu', link: LINK, offer: OFFER });
  await client.events();
  const back = await server.client();
  await back.resume(joined.token);
  const worker = workers.worker();
  for (const open of worker.opens)
    worker.answer(open, { ok: true, answer: 'AAAA', usernameFragment: 'here' });
  await back.events();
  expect([worker.links, worker.seats]).toEqual([[], []]);
});

test('[SFU-13] a lost link is told at once, or as soon as its client is back', async () => {
  const { server, workers } = await sfuServer();
  const { client, joined } = await entered(server, 'room', 'sfu');
  const other = await entered(server, 'room');
  await offer(client);
  await offer(other.client, OTHER);
  const worker = workers.worker();
  worker.say({ type: 'closed', link: '2', reason: 'failed' });
  expect(await other.client.nextOf('sfu-lost')).toEqual({ type: 'sfu-lost', link: OTHER });
  await client.drop();
  await other.client.nextOf('peer-away');
  worker.say({ type: 'closed', link: '1', reason: 'failed' });
  const back = await server.client();
  await back.resume(joined.token);
  expect(await back.events()).toEqual([{ type: 'sfu-lost', link: LINK }]);
});

test('[SFU-17] who is in the slots of a link is told by the server while its channel is not open, to its peer alone', async () => {
  const { server, workers } = await sfuServer();
  const { client, id } = await entered(server, 'room', 'sfu');
  const other = await entered(server, 'room');
  const waiting = await server.client();
  await waiting.expect('peeked', { type: 'peek', room: 'room' });
  await offer(client);
  await offer(waiting, OTHER);
  const seats = [{ slot: 3, peer: id, line: 'camera' as const }];
  const worker = workers.worker();
  for (const link of ['1', '2', '3']) worker.say({ type: 'seats', link, rev: 4, seats });
  expect(await client.nextOf('sfu-seats')).toEqual({ type: 'sfu-seats', link: LINK, rev: 4, seats });
  // Whoever has not joined is given nothing, and so is told nothing.
  expect(await waiting.events()).toEqual([]);
  expect(await other.client.events()).not.toContainEqual(expect.objectContaining({ type: 'sfu-seats' }));
});

test('[SFU-14] the links of a worker that has ended are lost, and others are opened in its place', async () => {
  const { server, workers } = await sfuServer();
  const { client, id } = await entered(server, 'room', 'sfu');
  await offer(client);
  workers.worker().end();
  expect(await client.nextOf('sfu-lost')).toEqual({ type: 'sfu-lost', link: LINK });
  const answer = offer(client, OTHER);
  // The next process is started at once.
  server.clock.advance(1);
  expect(await answer).toMatchObject({ type: 'sfu-answer' });
  expect(workers.all).toHaveLength(2);
  expect(workers.worker().seats).toEqual([`2 ${id}`]);
  expect(await client.events()).toEqual([]);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test('[SFU-14] an offer that a worker ends over is refused, so that it can be made again', async () => {
  const { server, workers } = await sfuServer();
  const { client } = await entered(server, 'room', 'sfu');
  workers.result = null;
  const answer = offer(client);
  await client.events();
  workers.worker().end();
  expect(await answer).toMatchObject({ type: 'refused', code: 'sfu-unavailable' });
  expect(await client.events()).toEqual([]);
});

test('what a worker says of an offer stays out of the log above debug, and out of the answer', async () => {
  const { server, workers } = await sfuServer({ logLevel: 'info' });
  const { client } = await entered(server, 'room', 'sfu');
  workers.result = { ok: false, code: 'bad-offer', reason: 'a=candidate:1 1 UDP 1 198.51.100.7 9 typ host' };
  expect(v.parse(serverMessageSchema, await offer(client))).toMatchObject({ code: 'bad-offer' });
  workers.worker().say({ type: 'closed', link: '1', reason: 'a=candidate' });
  expect(server.log.join('')).not.toMatch(/candidate|198\.51/);
});

test('a whole room of links leaves nothing behind', async () => {
  const { server, workers } = await sfuServer({ messageRate: 0 });
  for (let round = 0; round < 3; round++) {
    const inside = [];
    for (let n = 0; n < 6; n++) {
      const one = await entered(server, 'room', 'sfu');
      await offer(one.client);
      inside.push(one);
    }
    await inside[0]?.client.ask({ type: 'state', state: { ...STATE, rev: 1 } });
    for (const { client } of inside) await client.close();
    await server.pass(30_000);
    await expect.poll(() => workers.worker().links).toEqual([]);
  }
});

test('figures of the workers are among the metrics', async () => {
  const { server } = await sfuServer({ metrics: true, sfuWorkers: 2 });
  await server.pass(2_500);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  for (const line of [
    'maru_sfu_links{worker="0"} 0',
    'maru_sfu_packets_out_total{worker="1"} 3',
    'maru_sfu_worker_cpu_seconds_total{worker="1"} 7',
    'maru_sfu_worker_memory_bytes{worker="0"} 8',
    'maru_sfu_worker_restarts_total{worker="0"} 0',
  ]) {
    expect(text).toContain(line);
  }
});

test.each([
  [
    ['VP9', 'VP8', 'AV1'],
    ['VP9', 'VP8'],
  ],
  [['AV1'], ['AV1', 'VP8']],
  [
    ['VP9', 'H264', 'VP9', 'AV1'],
    ['VP9', 'H264', 'AV1', 'VP8'],
  ],
  [['VP8', 'VP9', 'H264', 'AV1'], undefined],
] as const)('[SFU-23] with %s, welcome names %s', async (sfuCodecs, named) => {
  const { server } = await sfuServer({ sfuCodecs });
  const client = await TestClient.open(server.url);
  const welcome = await client.hello();
  expect(welcome).toMatchObject({ type: 'welcome' });
  expect('videoCodecs' in welcome ? welcome.videoCodecs : undefined).toEqual(named);
});

test('[SFU-23] without an SFU, welcome names no codec', async () => {
  const server = await testServer({ sfuWorkers: 0, sfuCodecs: ['AV1'] });
  const client = await TestClient.open(server.url);
  expect(await client.hello()).not.toHaveProperty('videoCodecs');
});
