// Flags and environment: what is accepted, what is refused, and in which words.

import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { iceServersSchema } from '../../protocol/src/ice-server.js';
import { changedSettings, helpText, markdownTable } from '../src/config/describe.js';
import { readConfig } from '../src/config/read-config.js';
import { DEFAULT_CONFIG, type ServerConfig } from '../src/config/server-config.js';
import { environmentName, SETTINGS } from '../src/config/settings.js';
import { iceServersFor } from '../src/ice/ice-servers.js';
import { EXIT_USAGE, StartError } from '../src/start-error.js';

function read(args: string[], env: Record<string, string> = {}): ServerConfig {
  const request = readConfig(args, env);
  if (request.kind !== 'start') throw new Error(`expected a start, got ${request.kind}`);
  return request.config;
}

function refusal(args: string[], env: Record<string, string> = {}): string {
  try {
    read(args, env);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    expect(error.exitStatus).toBe(EXIT_USAGE);
    return error.message;
  }
  throw new Error(`accepted: ${args.join(' ')}`);
}

test('without flags everything is as documented', () => {
  expect(read([])).toEqual(DEFAULT_CONFIG);
});

test('flags are read in both spellings, repeated where they are lists, and win over the environment', () => {
  const config = read(
    ['--port', '9000', '--room-limit=4', '--stun', 'stun:a', '--stun=stun:b', '--https', '--grace', '5'],
    {
      MARU_PORT: '7000',
      MARU_LOG_LEVEL: 'debug',
      MARU_TRUST_PROXY: 'loopback, 10.0.0.0/8',
      MARU_METRICS: '1',
    },
  );
  expect(config).toMatchObject({ port: 9_000, roomLimit: 4, stun: ['stun:a', 'stun:b'], https: true });
  expect(config).toMatchObject({ graceMs: 5_000, logLevel: 'debug', trustProxy: ['loopback', '10.0.0.0/8'] });
  expect(config.metrics).toBe(true);
});

test('a switch can be given a value, and an empty variable is none', () => {
  expect(read(['--https=false'], { MARU_HTTPS: 'true' }).https).toBe(false);
  expect(read([], { MARU_PORT: '' }).port).toBe(DEFAULT_CONFIG.port);
});

test('secrets stay hidden, in the configuration and in what is printed of it', () => {
  const env = { MARU_TURN: 'turn:x', MARU_TURN_SECRET: 'hunter2', MARU_SECRET: 's'.repeat(32) };
  const config = read([], env);
  expect(config.turnSecret?.reveal()).toBe('hunter2');
  expect(JSON.stringify(config)).not.toMatch(/hunter2|ssss/);
  expect(changedSettings(config)).toEqual(['--secret [secret]', '--turn turn:x', '--turn-secret [secret]']);
});

test.each([
  [['--port', 'x'], '--port must be a number from 0 to 65535.'],
  [['--port', '65536'], '--port must be a number from 0 to 65535.'],
  [['--port', '-1'], '--port needs a value: a number from 0 to 65535.'],
  [['--port'], '--port needs a value: a number from 0 to 65535.'],
  [['--room-limit', '101'], '--room-limit must be a number from 2 to 100.'],
  [['--room-limit', '1'], '--room-limit must be a number from 2 to 100.'],
  [
    ['--room-limit', '17', '--sfu-workers', '0'],
    '--room-limit above 16 needs the SFU: give --sfu-workers 1 or more, or leave it out.',
  ],
  [['--mesh-limit', '17'], '--mesh-limit must be a number from 0 to 16.'],
  [['--sfu-workers', '65'], '--sfu-workers must be a number from 0 to 64.'],
  [
    ['--sfu-port', '65535', '--sfu-workers', '2'],
    '--sfu-port leaves no room for the ports of all workers: choose a lower one.',
  ],
  [
    ['--sfu-announce', 'https://meet.example.org'],
    '--sfu-announce must be an IP address, a name, stun, or local, and at most 8 times.',
  ],
  [
    ['--sfu-announce', 'stun'],
    '--sfu-announce stun needs a STUN server to ask: add --stun stun:your.server:3478.',
  ],
  [['--sfu-bind', 'eth0'], '--sfu-bind must be an IP address of this machine.'],
  [['--sfu-codec', 'H265'], '--sfu-codec must be one of VP8, VP9, H264, AV1.'],
  [['--sfu-link-bitrate', '50'], '--sfu-link-bitrate must be a number of kbit/s from 100 to 1000000.'],
  [['--prot', '1'], 'There is no flag --prot; did you mean --port?; see --help.'],
  [['--quux'], 'There is no flag --quux; see --help.'],
  [['-p', '1'], 'There is no flag -p; see --help.'],
  [['9000'], '"9000" is not expected here: settings are flags such as --port 8080; see --help.'],
  [
    ['--stun', 'http://x'],
    '--stun must be an address that begins with stun: or stuns:, and at most 16 times.',
  ],
  [['--trust-proxy', 'everyone'], '--trust-proxy must be an IP address, a CIDR range, loopback, or private.'],
  [
    ['--allow-origin', 'https://x/path'],
    '--allow-origin must be an origin such as https://intranet.example.org, or *.',
  ],
  [
    ['--frame-ancestors', "'self'; script-src *"],
    "--frame-ancestors must be a CSP source such as 'self' or https://intranet.example.org.",
  ],
  [['--secret', 'short'], '--secret must be a text of 32 to 512 characters.'],
  [
    ['--cert', 'a.pem'],
    '--cert and --key belong together: give both, or neither for a self-signed certificate.',
  ],
  [
    ['--public-url', 'https://meet.example.org/r/tea'],
    '--public-url must be an address such as https://meet.example.org, without a path.',
  ],
  [
    ['--https', '--turns-upstream', '3478'],
    '--turns-upstream must be a host and a port such as 127.0.0.1:3478.',
  ],
  [['--turns-upstream', '127.0.0.1:3478'], '--turns-upstream needs HTTPS: add --cert and --key, or --https.'],
  [['--turn-secret', 'x'], 'TURN credentials are given but no relay: add --turn turn:your.server:3478.'],
  [
    ['--turn', 'turn:x'],
    'A TURN relay needs credentials: give --turn-secret, or --turn-username and --turn-credential.',
  ],
  [
    ['--turn', 'turn:x', '--turn-username', 'u'],
    '--turn-username and --turn-credential belong together: give both, or --turn-secret.',
  ],
])('%j is refused in one sentence', (args, sentence) => {
  expect(refusal(args)).toBe(sentence);
});

test('a wrong or misspelt variable is refused like a flag, and others of that prefix are left alone', () => {
  expect(refusal([], { MARU_PORT: 'x' })).toBe('MARU_PORT must be a number from 0 to 65535.');
  expect(refusal([], { MARU_ROMM_LIMIT: '4' })).toBe(
    'There is no setting MARU_ROMM_LIMIT; did you mean MARU_ROOM_LIMIT?',
  );
  expect(read([], { MARU_CHROMIUM: '/usr/bin/chromium', MARU_FIREFOX: 'x', HOST: 'x' })).toEqual(
    DEFAULT_CONFIG,
  );
});

test('help names every setting with its variable, and wins over everything else', () => {
  expect(readConfig(['--port', '1', '--help'], {})).toEqual({ kind: 'help' });
  expect(readConfig(['-h'], {})).toEqual({ kind: 'help' });
  expect(readConfig(['--version'], {})).toEqual({ kind: 'version' });
  for (const setting of SETTINGS) {
    expect(helpText()).toContain(`--${setting.flag}`);
    expect(helpText()).toContain(environmentName(setting));
  }
});

test('every field of the configuration has exactly one setting', () => {
  expect(SETTINGS.map(({ key }) => key).sort()).toEqual(Object.keys(DEFAULT_CONFIG).sort());
});

test('the table in the README is that of the code', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(markdownTable());
});

test('what Kubernetes says of a service called "maru" is not taken for a setting', () => {
  const env = {
    MARU_PORT: 'tcp://10.0.0.7:8080',
    MARU_PORT_8080_TCP: 'tcp://10.0.0.7:8080',
    MARU_PORT_8080_TCP_ADDR: '10.0.0.7',
    MARU_SERVICE_HOST: '10.0.0.7',
    MARU_SERVICE_PORT: '8080',
  };
  expect(read([], env)).toEqual(DEFAULT_CONFIG);
});

const longest = (scheme: string, n: number): string => `${scheme}:${n}`.padEnd(500, 'x');
const repeated = (flag: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => [`--${flag}`, longest(flag, n)]).flat();

test('the largest ICE configuration that is accepted can be told to clients', () => {
  const args = [...repeated('stun', 16), ...repeated('turn', 16)];
  const user = ['--turn-username', 'u'.repeat(512), '--turn-credential', 'c'.repeat(512)];
  for (const credentials of [user, ['--turn-secret', 's'.repeat(512), '--turn-ttl', '604800']]) {
    const servers = iceServersFor(read([...args, ...credentials]), 'p'.repeat(16), 8.64e15);
    expect(v.parse(iceServersSchema, servers)).toHaveLength(2);
  }
});

test.each(['turn:turn.example.org:3478?transport=tcp', 'turns:turn.example.org:443?transport=tcp'])(
  'a relay for networks that let out little is accepted: %s',
  (url) => {
    expect(read(['--turn', url, '--turn-secret', 's'])).toMatchObject({ turn: [url] });
  },
);

test.each([
  [['--stun', 'stun:a,stun:b']],
  [['--turn', 'turn:a,turn:b']],
  [['--stun', `${longest('stun', 1)}x`]],
  [['--turn-username', 'u'.repeat(513)]],
  [['--turn-credential', 'c'.repeat(513)]],
  [repeated('stun', 17)],
  [repeated('turn', 17)],
])('an ICE server that clients could not be told of is refused: %.40j', (args) => {
  expect(refusal(args)).toContain(`${args[0]} must be`);
});

test('the last port there is has room for all workers where they share it', () => {
  const { sfuPort, sfuOnePort } = read(['--sfu-port', '65535', '--sfu-workers', '2', '--sfu-one-port']);
  expect([sfuPort, sfuOnePort]).toEqual([65_535, true]);
});

/** A value for each setting that is not its default and no secret. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  host: ['127.0.0.1'],
  port: ['9000'],
  https: ['true'],
  'data-dir': ['elsewhere'],
  'public-url': ['https://meet.example.org'],
  'web-root': ['page'],
  'room-limit': ['4'],
  'mesh-limit': ['0'],
  'sfu-workers': ['2'],
  'sfu-port': ['0'],
  'sfu-one-port': ['true'],
  'sfu-announce': ['203.0.113.5', '2001:db8::5', 'meet.example.org', 'local'],
  'sfu-bind': ['192.0.2.7'],
  'sfu-codec': ['AV1', 'VP8'],
  'sfu-max-links': ['9'],
  'sfu-max-rooms': ['3'],
  'sfu-link-bitrate': ['2500'],
  grace: ['60'],
  stun: ['stun:a', 'stun:b'],
  'turn-ttl': ['600'],
  'allow-origin': ['https://a.example', '*'],
  'frame-ancestors': ['https://a.example'],
  'trust-proxy': ['loopback', '10.0.0.0/8'],
  'max-rooms': ['7'],
  'max-connections': ['8'],
  'max-connections-per-address': ['0'],
  'message-rate': ['0'],
  'address-message-rate': ['0'],
  drain: ['5'],
  metrics: ['true'],
  'log-level': ['debug'],
};

test('what is printed of the settings, given again, sets the same', () => {
  for (const [flag, values] of Object.entries(OTHERS)) {
    const config = read(values.map((value) => `--${flag}=${value}`));
    const lines = changedSettings(config);
    expect(lines, flag).toHaveLength(1);
    expect(read(lines.flatMap((line) => line.split(' '))), flag).toEqual(config);
  }
  const files = ['cert', 'key', 'turn', 'secret', 'turn-secret', 'turn-username', 'turn-credential'];
  expect([...Object.keys(OTHERS), ...files, 'turns-upstream'].sort()).toEqual(
    SETTINGS.map(({ flag }) => flag).sort(),
  );
  const tls = read(['--cert', 'a.pem', '--key', 'b.pem']);
  expect(changedSettings(tls)).toEqual(['--cert a.pem', '--key b.pem']);
  const upstream = read(['--https', '--turns-upstream', '[::1]:3478']);
  expect(changedSettings(upstream)).toEqual(['--https=true', '--turns-upstream [::1]:3478']);
});

test('a default that the command line chose is not a setting', () => {
  const defaults = { logLevel: 'warn' } as const;
  const request = readConfig([], {}, defaults);
  expect(request.kind === 'start' && changedSettings(request.config, defaults)).toEqual([]);
});
