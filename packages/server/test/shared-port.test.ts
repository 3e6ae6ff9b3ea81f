// One port for all workers, with real sockets: what stands behind it here answers each packet, and says where from it came.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { ClientSockets } from '../src/sfu/shared-port/client-sockets.js';
import { openSharedPort } from '../src/sfu/shared-port/shared-port.js';
import { tryUdpPort } from '../src/sfu/udp-port.js';
import { stunRequest } from './support/stun-request.js';

const LOOPBACK = '127.0.0.1';
const SILENT = pino({ level: 'silent' });

async function bound(type: 'udp4' | 'udp6' = 'udp4', address = LOOPBACK): Promise<Socket> {
  const socket = createSocket(type);
  onTestFinished(() => void socket.close());
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

/** What a worker's pipes would be: answers each packet with the worker's name and the packet. */
async function pipes(name: string): Promise<ClientSockets> {
  const socket = await bound();
  socket.on('message', (datagram, { port }) =>
    socket.send(`${name} ${datagram.toString('latin1')}`, port, LOOPBACK),
  );
  const clients = new ClientSockets(socket.address().port);
  onTestFinished(() => clients.close());
  return clients;
}

/** Two workers behind one port of this address, whose links have the fragments `aaaa` and `bbbb`. */
async function shared(address = LOOPBACK) {
  const workers = { aaaa: await pipes('A'), bbbb: await pipes('B') };
  const port = await tryUdpPort(0, address);
  const adopted: string[] = [];
  const front = await openSharedPort({
    port,
    bindAddress: address,
    log: SILENT,
    adopt(fragment, adoption) {
      adopted.push(fragment);
      if (fragment === 'aaaa' || fragment === 'bbbb') workers[fragment].adopt(`link ${fragment}`, adoption);
    },
  });
  onTestFinished(() => front.close());
  return { port, adopted, workers };
}

const check = (fragment: string): Buffer => stunRequest([[0x0006, `${fragment}:mine`]]);

/** Sends a packet until there is an answer, as checks are sent again. */
async function asked(
  client: Socket,
  datagram: Buffer | string,
  port: number,
  address = LOOPBACK,
): Promise<string> {
  const answer = once(client, 'message') as Promise<[Buffer, { port: number; address: string }]>;
  const again = setInterval(() => client.send(datagram, port, address), 50);
  client.send(datagram, port, address);
  try {
    const [bytes, from] = await answer;
    // From the port that was asked, or a browser would not know it.
    expect([from.address, from.port]).toEqual([address, port]);
    return bytes.toString('latin1');
  } finally {
    clearInterval(again);
  }
}

test('each client reaches the worker that has its link, and is answered from the one port', async () => {
  const { port, adopted, workers } = await shared();
  const [ann, ben] = [await bound(), await bound()];
  expect(await asked(ann, check('aaaa'), port)).toMatch(/^A /);
  expect(await asked(ben, check('bbbb'), port)).toMatch(/^B /);
  // What is no check goes to the same worker, past the server.
  const before = adopted.length;
  expect(await asked(ann, 'media', port)).toMatch(/^A /);
  expect(await asked(ben, 'media', port)).toMatch(/^B /);
  expect(adopted).toHaveLength(before);
  expect([workers.aaaa.size, workers.bbbb.size]).toEqual([1, 1]);
});

test('over IPv6 as well', async () => {
  const { port } = await shared('::1');
  const ann = await bound('udp6', '::1');
  expect(await asked(ann, check('bbbb'), port, '::1')).toMatch(/^B /);
});

test('what is of no link reaches nobody', async () => {
  const { port, adopted, workers } = await shared();
  const ann = await bound();
  for (const datagram of [check('cccc'), Buffer.from('media'), Buffer.alloc(0)])
    ann.send(datagram, port, LOOPBACK);
  await expect.poll(() => adopted).toEqual(['cccc']);
  expect([workers.aaaa.size, workers.bbbb.size]).toEqual([0, 0]);
});

test('a client whose link has ended may come back from the same place to another worker', async () => {
  const { port, workers } = await shared();
  const ann = await bound();
  expect(await asked(ann, check('aaaa'), port)).toMatch(/^A /);
  workers.aaaa.forget('link aaaa');
  await expect.poll(() => workers.aaaa.size, { timeout: 20_000 }).toBe(0);
  expect(await asked(ann, check('bbbb'), port)).toMatch(/^B /);
});

test('one link is not used from any number of places', async () => {
  const { port, workers } = await shared();
  const places = await Promise.all(Array.from({ length: 20 }, () => bound()));
  for (const place of places.slice(0, 16)) await asked(place, check('aaaa'), port);
  for (const place of places.slice(16)) place.send(check('aaaa'), port, LOOPBACK);
  const ben = await bound();
  await asked(ben, check('bbbb'), port);
  expect([workers.aaaa.size, workers.bbbb.size]).toEqual([16, 1]);
});

test('a client that cannot be reached is let go, and nothing falls with it', async () => {
  const workers = await pipes('A');
  const local = { address: LOOPBACK, port: await tryUdpPort(0, LOOPBACK) };
  // Of a documentation network (RFC 5737), to which nothing leads from the loopback address.
  const client = { address: '192.0.2.200', port: 4_000 };
  workers.adopt('link', { local, client: { ...client, port: 0 }, datagram: check('aaaa') });
  expect(workers.size).toBe(0);
  workers.adopt('link', { local, client, datagram: check('aaaa') });
  expect(workers.size).toBe(1);
  await expect.poll(() => workers.size, { timeout: 20_000 }).toBe(0);
});

test('clients are let go with their worker', async () => {
  const { port, workers } = await shared();
  const ann = await bound();
  await asked(ann, check('aaaa'), port);
  workers.aaaa.close();
  expect(workers.aaaa.size).toBe(0);
});

test('a port that somebody else has is refused, however they share it', async () => {
  const other = createSocket({ type: 'udp4', reuseAddr: true });
  onTestFinished(() => void other.close());
  other.bind(0, LOOPBACK);
  await once(other, 'listening');
  const parts = { port: other.address().port, bindAddress: LOOPBACK, log: SILENT, adopt: () => undefined };
  await expect(openSharedPort(parts)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
