// One HTTPS port for the page and for TURN over TLS, and a certificate that is renewed while it serves.

import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { sealMessage } from '../src/doctor/stun/integrity.js';
import { METHOD, newTransactionId } from '../src/doctor/stun/message.js';
import { keptCertificate } from '../src/http/certificate.js';
import { CERTIFICATE_CHECK_MS } from '../src/http/certificate-watch.js';
import { TestClient } from './support/client.js';
import { testServer } from './support/server.js';
import { tempDir } from './support/temp-dir.js';

const BINDING = sealMessage(
  { method: METHOD.binding, class: 'request', transactionId: newTransactionId(), attributes: [] },
  null,
);

/** A server over TCP that says back what it hears, and what it has heard. */
async function upstream() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

async function secure(port: number, ALPNProtocols?: string[]): Promise<TLSSocket> {
  const options = { port, host: '127.0.0.1', rejectUnauthorized: false };
  const socket = connect(ALPNProtocols ? { ...options, ALPNProtocols } : options);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

const status = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(`${url}/healthz`, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });

async function withUpstream(address: string) {
  return testServer({ https: true, dataDir: tempDir(), turnsUpstream: address });
}

test('what begins like STUN is passed on unchanged, in both directions, with any of the names of TURN', async () => {
  const relay = await upstream();
  const server = await withUpstream(relay.address);
  for (const alpn of [undefined, ['webrtc'], ['stun.turn'], ['http/1.1']]) {
    const socket = await secure(server.port, alpn);
    const heard: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => heard.push(bytes));
    socket.write(BINDING);
    await expect.poll(() => Buffer.concat(heard).equals(BINDING)).toBe(true);
    // Later bytes may be anything: media in ChannelData begins with 0x40.
    const media = Buffer.alloc(100_000, 0x40);
    socket.write(media);
    await expect.poll(() => Buffer.concat(heard).length).toBe(BINDING.length + media.length);
  }
});

test('the page and its WebSocket are served on the same port', async () => {
  const relay = await upstream();
  const server = await withUpstream(relay.address);
  expect(await status(server.url)).toBe(200);
  const client = await TestClient.greet(server.url, { origin: server.url });
  await client.join('room', 'A');
  await client.close();
  expect(relay.sockets.size).toBe(0);
});

test('the end of either side is the end of both', async () => {
  const relay = await upstream();
  const server = await withUpstream(relay.address);
  const leaving = await secure(server.port);
  leaving.write(BINDING);
  await once(leaving, 'data');
  const [atRelay] = relay.sockets;
  const gone = atRelay && once(atRelay, 'close');
  leaving.destroy();
  await gone;
  const dropped = await secure(server.port);
  dropped.write(BINDING);
  await once(dropped, 'data');
  for (const socket of relay.sockets) socket.destroy();
  await once(dropped.resume(), 'close');
});

test('a TURN server that is not there ends the connection, is logged, and ends nothing else', async () => {
  const server = await withUpstream('127.0.0.1:1');
  const socket = await secure(server.port);
  socket.write(BINDING);
  await once(socket.resume(), 'close');
  expect(server.log.join('')).toContain('--turns-upstream');
  expect(await status(server.url)).toBe(200);
});

test('a server that stops waits for no such connection, whether or not it has said anything', async () => {
  const relay = await upstream();
  const server = await withUpstream(relay.address);
  const [relayed, silent] = [await secure(server.port), await secure(server.port)];
  relayed.write(BINDING);
  await once(relayed, 'data');
  const ended = Promise.all([once(relayed.resume(), 'close'), once(silent.resume(), 'close')]);
  await server.close();
  await ended;
});

test('a connection that is reset before it has said anything ends nothing else', async () => {
  const relay = await upstream();
  const server = await withUpstream(relay.address);
  const tcp = connectTcp(server.port, '127.0.0.1');
  const socket = connect({ socket: tcp, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  tcp.resetAndDestroy();
  await once(tcp, 'close');
  expect(await status(server.url)).toBe(200);
});

test('a renewed certificate is taken over within a minute, and half a file is not', async () => {
  const [folder, renewed] = [tempDir(), tempDir()];
  const copy = (from: string): void => {
    for (const kind of ['cert', 'key']) {
      copyFileSync(join(from, `self-signed-${kind}.pem`), join(folder, `${kind}.pem`));
    }
  };
  await keptCertificate(folder, [], Date.now());
  await keptCertificate(renewed, [], Date.now());
  copy(folder);
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const server = await testServer({ certFile, keyFile });
  const served = async () => (await secure(server.port)).getPeerX509Certificate()?.serialNumber;
  const first = await served();
  copy(renewed);
  expect(await served()).toBe(first);
  server.clock.advance(CERTIFICATE_CHECK_MS);
  const second = await served();
  expect(second).not.toBe(first);
  writeFileSync(certFile, 'half a');
  server.clock.advance(CERTIFICATE_CHECK_MS);
  server.clock.advance(CERTIFICATE_CHECK_MS);
  expect(await served()).toBe(second);
  expect(server.log.filter((line) => line.includes('cannot be used'))).toHaveLength(1);
});
