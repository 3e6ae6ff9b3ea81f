// The lab itself: its NATs are what they are called, and a crash of it leaves nothing behind.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../e2e/support/until.js';
import { createHome, type Home } from './support/home.js';
import { createNamespaces, type Namespaces } from './support/namespace.js';
import type { Nat } from './support/router.js';
import { mortal, type Running, run } from './support/run.js';
import { createInternet, joinInternet, publicAddress } from './support/topology.js';
import { askForMapping, startEcho } from './support/udp-mapping.js';

const SERVERS = [publicAddress(1), publicAddress(2)];

let namespaces: Namespaces;
let home: Home;
let echoes: Running[];
beforeAll(async () => {
  namespaces = await createNamespaces();
  const internet = await createInternet(namespaces);
  echoes = [];
  for (const address of SERVERS) {
    const machine = await namespaces.add(`server-${echoes.length}`);
    await joinInternet(internet, machine, address);
    echoes.push(startEcho(machine));
  }
  await until('both servers listen', () => echoes.every((echo) => echo.log().includes('ready')));
  const address = publicAddress(10);
  home = await createHome(namespaces, internet, { label: 'home', address, rules: { nat: 'keeps-ports' } });
});
afterAll(async () => {
  await Promise.all(echoes.map((echo) => echo.stop()));
  await namespaces.remove();
});

async function mappingBehind(nat: Nat) {
  await home.become({ nat });
  const { port, answers } = await askForMapping(
    home.machine,
    SERVERS.map(({ v4 }) => v4),
  );
  expect(new Set(answers.map(({ address }) => address))).toEqual(new Set([publicAddress(10).v4]));
  expect(new Set(answers.map(({ server }) => server)).size).toBe(2);
  return { inside: port, seen: [...new Set(answers.map((answer) => answer.port))], answers };
}

test('a NAT that keeps ports shows the same one to everybody', async () => {
  const { inside, seen } = await mappingBehind('keeps-ports');
  expect(seen).toEqual([inside]);
});

test('a symmetric NAT shows another port to each', async () => {
  const { seen } = await mappingBehind('symmetric');
  expect(seen).toHaveLength(2);
});

test.each<Nat>(['keeps-ports', 'symmetric'])(
  '%s: nobody gets in from a port that was not asked',
  async (nat) => {
    const { answers } = await mappingBehind(nat);
    expect(answers.filter(({ by }) => by === 'other')).toEqual([]);
    expect(answers.length).toBeGreaterThan(2);
  },
);

test('a cut loses everything, and mending brings it back', async () => {
  const address = SERVERS[0]?.v4 ?? '';
  await home.become({ nat: 'keeps-ports' });
  await home.cut();
  const connect = (seconds: number) =>
    home.machine.run('socat', ['-u', '/dev/null', `TCP:${address}:9,connect-timeout=${seconds}`]);
  await expect(connect(1)).rejects.toThrow('timed out');
  await home.mend();
  // Nobody listens there, and says so.
  await expect(connect(30)).rejects.toThrow('refused');
});

test('what a crashed run has left is removed by the next', async () => {
  const dead = spawn('true');
  await new Promise((resolve) => dead.once('exit', resolve));
  const name = `maru-${dead.pid}-1-left`;
  await run('ip', ['netns', 'add', name]);
  const sleeper = spawn('ip', ['netns', 'exec', name, 'sleep', 'infinity'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => sleeper.once('exit', (_, signal) => resolve(signal)));
  await until('the sleeper is inside', async () => (await run('ip', ['netns', 'pids', name])) !== '');

  await (await createNamespaces()).remove();
  expect(await ended).toBe('SIGKILL');
  expect(await run('ip', ['netns', 'list'])).not.toContain(name);
});

test('what the lab has started dies with it', async () => {
  const [command, args] = mortal('sleep', ['infinity']);
  const script = `const { spawn } = require('node:child_process');
    console.log(spawn(${JSON.stringify(command)}, ${JSON.stringify(args)}, { stdio: 'ignore' }).pid);`;
  const parent = spawn(process.execPath, ['-e', `${script} setInterval(() => {}, 1000);`]);
  const pid = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (text) => resolve(`${text}`.trim())),
  );
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  parent.kill('SIGKILL');
  await until('the child is gone', () => !existsSync(`/proc/${pid}`));
});
