// Where browsers are told to find the SFU, and what the start says of it.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { banner } from '../src/cli/banner.js';
import { encodeXorAddress } from '../src/doctor/stun/attributes.js';
import { sealMessage } from '../src/doctor/stun/integrity.js';
import { ATTRIBUTE, decodeMessage } from '../src/doctor/stun/message.js';
import { startServer } from '../src/server.js';
import { systemAddresses } from '../src/sfu/address-world.js';
import {
  type AddressWorld,
  announcedAddresses,
  reachableFromOutside,
} from '../src/sfu/announced-addresses.js';
import type { SfuStatus } from '../src/sfu/sfu-service.js';
import { tryUdpPort } from '../src/sfu/udp-port.js';
import { udpServer } from './doctor/support.js';
import { FakeWorkers } from './support/fake-workers.js';
import { TEST_SECRET } from './support/server.js';

const WORLD: AddressWorld = {
  own: () => ['192.168.1.5', '2001:db8::5'],
  lookUp: async (name) => {
    if (name !== 'meet.example.org') throw new Error('ENOTFOUND');
    return ['203.0.113.7', '2001:db8::7'];
  },
  askStun: async (url) => {
    if (url !== 'stun:good') throw new Error('no answer');
    return '203.0.113.9';
  },
};

test('addresses are announced as given, names and STUN servers are asked, each address once', async () => {
  const asked = ['198.51.100.1', 'meet.example.org', 'stun', '203.0.113.7', 'local'];
  expect(await announcedAddresses(asked, ['stun:good', 'stun:good'], WORLD)).toEqual({
    addresses: ['198.51.100.1', '203.0.113.7', '2001:db8::7', '203.0.113.9', '192.168.1.5', '2001:db8::5'],
    troubles: [],
  });
});

test('without a wish the machine announces its own addresses, and without any of these the loopback one', async () => {
  expect((await announcedAddresses([], [], WORLD)).addresses).toEqual(['192.168.1.5', '2001:db8::5']);
  const alone = { ...WORLD, own: () => [] };
  expect((await announcedAddresses([], [], alone)).addresses).toEqual(['127.0.0.1']);
});

test('what cannot be found out is said, and the own addresses are announced in its place', async () => {
  const { addresses, troubles } = await announcedAddresses(['stun', 'gone.example'], ['stun:bad'], WORLD);
  expect(addresses).toEqual(['192.168.1.5', '2001:db8::5']);
  expect([...troubles].sort()).toEqual([
    'gone.example has no address (ENOTFOUND)',
    'stun:bad does not say at which address it sees this machine (no answer)',
  ]);
  const some = await announcedAddresses(['stun', '198.51.100.1'], ['stun:bad'], WORLD);
  expect(some.addresses).toEqual(['198.51.100.1']);
});

test.each([
  [['192.168.1.5', 'fd00::2', '127.0.0.1'], false],
  [['192.168.1.5', '203.0.113.7'], true],
  [['2001:db8::5'], true],
  [[], false],
])('%j can be reached from outside: %s', (addresses, reachable) => {
  expect(reachableFromOutside(addresses)).toBe(reachable);
});

test('the address that a STUN server sees is asked for over the network', async () => {
  const port = await udpServer((packet) => {
    const request = decodeMessage(packet);
    if (!request) return null;
    const mapped = { address: '203.0.113.9', port: 4_711 };
    const value = encodeXorAddress(mapped, request.transactionId);
    const attributes = [{ type: ATTRIBUTE.xorMappedAddress, value }];
    return sealMessage({ ...request, class: 'success', attributes }, null);
  });
  expect(await systemAddresses.askStun(`stun:127.0.0.1:${port}`)).toBe('203.0.113.9');
});

test('the own addresses are those that others can use', () => {
  for (const address of systemAddresses.own()) expect(address).not.toMatch(/^(127\.|::1$|fe80:|169\.254\.)/);
});

test('a UDP port is tried before the SFU relies on it', async () => {
  const socket = createSocket('udp4').bind(0, '0.0.0.0');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const { port } = socket.address();
  await expect(tryUdpPort(port, null)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const free = await tryUdpPort(0, null);
  expect(free).toBeGreaterThan(0);
  expect(await tryUdpPort(free, '127.0.0.1')).toBe(free);
  await expect(tryUdpPort(0, '203.0.113.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});

const bannerOf = (sfu: SfuStatus): string =>
  banner(
    {
      url: 'http://localhost:8080',
      port: 8_080,
      lanUrls: [],
      selfSigned: false,
      sfu,
      close: async () => undefined,
    },
    { settings: [], colours: false, publicUrl: null },
  );
const RUNNING = {
  kind: 'running',
  ports: [8_080],
  addresses: ['203.0.113.7'],
  reachableFromOutside: true,
} as const;

test('the start says where the SFU is, and warns when only its own network can reach it', () => {
  const open = bannerOf(RUNNING);
  expect(open).toContain('Large rooms go through UDP port 8080, announced at 203.0.113.7.\n');
  expect(open).not.toContain('--sfu-announce');
  const closed = bannerOf({
    ...RUNNING,
    ports: [8_080, 8_081, 8_082],
    addresses: ['192.168.1.5', 'fd00::2'],
    reachableFromOutside: false,
  });
  expect(closed).toContain('UDP ports 8080 to 8082, announced at 192.168.1.5, fd00::2.\n');
  expect(closed).toContain('--sfu-announce');
  expect(bannerOf({ ...RUNNING, ports: [4_711, 815] })).toContain('UDP ports 4711, 815,');
});

test('the start says that there is no SFU only where one was to be', () => {
  expect(bannerOf({ kind: 'off' })).not.toContain('arge rooms');
  expect(bannerOf({ kind: 'unavailable', reason: 'no such library' })).toContain('no such library');
});

test.each([
  [
    'port-taken',
    { port: 8_080 },
    'UDP port 8080 is taken, which is the number of --port unless --sfu-port says otherwise: stop what uses it, or choose another for the SFU with --sfu-port.',
  ],
  [
    'port-taken',
    { sfuPort: 9_000 },
    'UDP port 9000 is taken: stop what uses it, or choose another for the SFU with --sfu-port.',
  ],
  [
    'address-refused',
    { sfuPort: 9_000, sfuBind: '203.0.113.1' },
    'The SFU cannot listen on UDP port 9000 on 203.0.113.1 (why): check --sfu-port and --sfu-bind.',
  ],
] as const)('%s keeps the server from starting, in one sentence', async (problem, config, sentence) => {
  const workers = new FakeWorkers();
  workers.problem = problem;
  const server = startServer(
    { secret: TEST_SECRET, logLevel: 'silent', sfuWorkers: 1, ...config },
    { sfuWorker: workers.spawn },
  );
  await expect(server).rejects.toThrow(sentence);
  expect(workers.all.every(({ alive }) => !alive)).toBe(true);
});

test('a machine for which the native library is missing has meshes', async () => {
  const workers = new FakeWorkers();
  workers.problem = 'not-loaded';
  const server = await startServer(
    { host: '127.0.0.1', port: 0, secret: TEST_SECRET, logLevel: 'silent', sfuWorkers: 1 },
    { sfuWorker: workers.spawn },
  );
  onTestFinished(() => server.close());
  expect(server.sfu).toEqual({ kind: 'unavailable', reason: 'why' });
  expect(workers.all.every(({ alive }) => !alive)).toBe(true);
});
