// Janus as Debian packages it: its own process with a folder of settings made for one run, and nothing loaded that is not used.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import WebSocket from 'ws';
import { hostAddress } from '../../network/udp-relay.js';
import { PROJECT } from '../../peers.js';

const PROGRAM = '/usr/bin/janus';
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu/janus', '/usr/lib/aarch64-linux-gnu/janus'];
const START_PATIENCE_MS = 10_000;

export interface JanusProcess {
  readonly pid: number;
  readonly socket: WebSocket;
  close(): Promise<void>;
}

/** Whether Janus is there, after an attempt to install it where it is not. */
export async function findOrInstallJanus(): Promise<boolean> {
  if (existsSync(PROGRAM)) return true;
  const { aptInstall }: { aptInstall(what: string, packages: readonly string[]): Promise<boolean> } =
    await import(`${PROJECT}scripts/steps/apt.mjs`);
  return (await aptInstall('Janus, to compare with,', ['janus'])) && existsSync(PROGRAM);
}

export async function startJanusProcess(): Promise<JanusProcess> {
  const libraries = LIBRARIES.find((folder) => existsSync(folder));
  if (libraries === undefined) throw new Error('The plugins of Janus were not found.');
  const folder = await mkdtemp(join(tmpdir(), 'maru-bench-janus-'));
  const port = await freeTcpPort();
  await Promise.all([
    writeSettings(folder, port),
    linkOnly(folder, 'plugins', libraries, 'libjanus_videoroom.so'),
    linkOnly(folder, 'transports', libraries, 'libjanus_websockets.so'),
    mkdir(join(folder, 'none')),
  ]);
  const child = spawn(PROGRAM, ['-F', folder, '-C', join(folder, 'janus.jcfg'), '-N', '-d', '0'], {
    cwd: folder,
    stdio: 'ignore',
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('Janus did not start.');
  const close = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { pid, socket: await open(port, child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function writeSettings(folder: string, port: number): Promise<void> {
  const general = [
    `configs_folder = "${folder}"`,
    `plugins_folder = "${folder}/plugins"`,
    `transports_folder = "${folder}/transports"`,
    `events_folder = "${folder}/none"`,
    `loggers_folder = "${folder}/none"`,
    'debug_level = 0',
  ];
  await writeFile(
    join(folder, 'janus.jcfg'),
    [
      `general: {\n${general.join('\n')}\n}`,
      // It gathers nothing on the loopback interface.
      `nat: {\nice_enforce_list = "${hostAddress()}"\n}`,
      '',
    ].join('\n'),
  );
  await writeFile(
    join(folder, 'janus.transport.websockets.jcfg'),
    `general: {\njson = "compact"\nws = true\nws_port = ${port}\nws_ip = "127.0.0.1"\n}\nadmin: {\nadmin_ws = false\n}\n`,
  );
  await writeFile(join(folder, 'janus.plugin.videoroom.jcfg'), 'general: {\n}\n');
}

async function linkOnly(folder: string, kind: string, libraries: string, file: string): Promise<void> {
  await mkdir(join(folder, kind));
  await symlink(join(libraries, kind, file), join(folder, kind, file));
}

async function open(port: number, child: ChildProcess): Promise<WebSocket> {
  const deadline = performance.now() + START_PATIENCE_MS;
  for (;;) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'janus-protocol');
    const opened = await new Promise<boolean>((resolve) => {
      socket.once('open', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (opened) return socket;
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('Janus did not start.');
    await later(50);
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function freeTcpPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
