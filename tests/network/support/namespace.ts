// Linux network namespaces: made for one run of the tests, named after its process, removed whatever happens.

import { existsSync } from 'node:fs';
import { type Running, run, start } from './run.js';

/** Every name begins with this and the id of the process that made it, so that what a crash left is found. */
const PREFIX = 'maru';

/** One namespace: a machine of the lab, as far as networks go. */
export interface Namespace {
  readonly name: string;
  /** `ip` in here; several commands, one a line, run in order. */
  ip(commands: string): Promise<void>;
  /** Replaces all of nftables' rules in here. */
  nft(rules: string): Promise<void>;
  /** Runs a program in here to its end. */
  run(command: string, args: readonly string[]): Promise<string>;
  /** Starts a program in here that dies with us. */
  start(command: string, args: readonly string[]): Running;
  /** The command line that runs a program in here. */
  commandLine(command: string, args: readonly string[]): [string, string[]];
}

/** The namespaces of one lab. */
export interface Namespaces {
  add(label: string): Promise<Namespace>;
  /** Ends what still runs in them and removes them. */
  remove(): Promise<void>;
}

let labs = 0;

/** An empty lab. Removes first what crashed runs have left behind. */
export async function createNamespaces(): Promise<Namespaces> {
  await removeLeftovers();
  labs += 1;
  const own = `${PREFIX}-${process.pid}-${labs}-`;
  return {
    async add(label) {
      const name = `${own}${label}`;
      await run('ip', ['netns', 'add', name]);
      const namespace = namespaceNamed(name);
      await namespace.ip('link set lo up');
      // Nothing in a lab sends what no test has asked for.
      await namespace.run('sysctl', ['-qw', ...QUIET]);
      return namespace;
    },
    remove: () => removeAll((name) => name.startsWith(own)),
  };
}

/** Forwarding like a router, and no address or packet of IPv6's own accord. */
const QUIET = [
  'net.ipv4.ip_forward=1',
  'net.ipv6.conf.all.forwarding=1',
  'net.ipv6.conf.default.accept_ra=0',
  'net.ipv6.conf.default.router_solicitations=0',
  'net.ipv6.conf.default.accept_dad=0',
];

function namespaceNamed(name: string): Namespace {
  const commandLine = (command: string, args: readonly string[]): [string, string[]] => [
    'ip',
    ['netns', 'exec', name, command, ...args],
  ];
  return {
    name,
    commandLine,
    async ip(commands) {
      await run('ip', ['-n', name, '-batch', '-'], commands);
    },
    async nft(rules) {
      const [command, args] = commandLine('nft', ['-f', '-']);
      await run(command, args, `flush ruleset\n${rules}\n`);
    },
    run: (command, args) => run(...commandLine(command, args)),
    start: (command, args) => start(...commandLine(command, args)),
  };
}

/** Removes the namespaces of runs whose process is gone. */
async function removeLeftovers(): Promise<void> {
  await removeAll((name) => {
    const [, pid] = name.match(new RegExp(`^${PREFIX}-(\\d+)-`)) ?? [];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  });
}

async function removeAll(isOurs: (name: string) => boolean): Promise<void> {
  const listed = await run('ip', ['netns', 'list']);
  const names = listed.split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of names.filter((listedName) => listedName !== '' && isOurs(listedName))) {
    const pids = (await run('ip', ['netns', 'pids', name])).split('\n').filter(Boolean);
    for (const pid of pids) end(Number(pid));
    await run('ip', ['netns', 'del', name]);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
