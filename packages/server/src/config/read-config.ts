// From flags and environment to one checked configuration, or one sentence that says what to do.

import { parseArgs } from 'node:util';
import { MAX_JOIN_OFFERS } from '@maru/protocol';
import { BY_STUN } from '../sfu/announced-addresses.js';
import { EXIT_USAGE, StartError } from '../start-error.js';
import { nearest } from './nearest.js';
import { DEFAULT_CONFIG, type ServerConfig } from './server-config.js';
import { environmentName, SETTINGS, type Setting } from './settings.js';

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'start'; readonly config: ServerConfig };

const PREFIX = 'MARU_';
/** A room cannot be a larger mesh: a join carries an offer for each other one inside. */
const LARGEST_MESH = MAX_JOIN_OFFERS + 1;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/**
 * Reads flags (which win) and environment. A list in the environment is separated by commas or spaces.
 * Throws a `StartError` with exit status 2 when anything is wrong.
 */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  defaults: Partial<ServerConfig> = {},
): Request {
  const flags = readFlags(args);
  if (flags.has('help')) return { kind: 'help' };
  if (flags.has('version')) return { kind: 'version' };
  refuseUnknownVariables(env);
  let config: ServerConfig = { ...DEFAULT_CONFIG, ...defaults };
  for (const setting of SETTINGS) {
    const name = environmentName(setting);
    const flag = flags.get(setting.flag);
    const given = flag ?? fromEnvironment(setting, env[name]);
    if (!given) continue;
    const part = setting.apply(given);
    if (!part) throw usage(`${flag ? `--${setting.flag}` : name} must be ${setting.expects}.`);
    config = { ...config, ...part };
  }
  return { kind: 'start', config: checked(config) };
}

/** The texts given for each flag. */
function readFlags(args: readonly string[]): Map<string, string[]> {
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const flags = new Map<string, string[]>();
  const list = [...tokens];
  for (let index = 0; index < list.length; index++) {
    const token = list[index];
    if (token?.kind === 'positional') {
      throw usage(
        `"${token.value}" is not expected here: settings are flags such as --port 8080; see --help.`,
      );
    }
    if (token?.kind !== 'option') continue;
    const { name } = token;
    const setting = SETTINGS.find((known) => known.flag === name);
    if (!setting) {
      if (name === 'help' || name === 'version') {
        flags.set(name, []);
        continue;
      }
      throw usage(`There is no flag ${token.rawName}${suggestion(name)}; see --help.`);
    }
    let value = token.value;
    const next = list[index + 1];
    if (value === undefined && setting.kind !== 'switch' && next?.kind === 'positional') {
      value = next.value;
      index++;
    }
    if (value === undefined && setting.kind !== 'switch') {
      throw usage(`--${name} needs a value: ${setting.expects}.`);
    }
    flags.set(name, [...(flags.get(name) ?? []), value ?? 'true']);
  }
  return flags;
}

function suggestion(name: string): string {
  const near = nearest(
    name,
    SETTINGS.map((setting) => setting.flag),
  );
  return near === null ? '' : `; did you mean --${near}?`;
}

function fromEnvironment(setting: Setting, value: string | undefined): string[] | null {
  if (value === undefined || value === '') return null;
  // Kubernetes gives every container MARU_PORT=tcp://... when a service of the same namespace is called "maru".
  if (value.startsWith('tcp://')) return null;
  if (setting.kind !== 'list') return [value];
  return value.split(/[\s,]+/).filter((part) => part !== '');
}

/** A misspelt variable would be silently without effect: it is refused like a misspelt flag. */
function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  const names = SETTINGS.map((setting) => environmentName(setting).slice(PREFIX.length));
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || names.includes(name.slice(PREFIX.length))) continue;
    const near = nearest(name.slice(PREFIX.length), names);
    if (near !== null) throw usage(`There is no setting ${name}; did you mean ${PREFIX}${near}?`);
  }
}

/** What only the settings together can tell. */
function checked(config: ServerConfig): ServerConfig {
  if ((config.certFile === null) !== (config.keyFile === null)) {
    throw usage('--cert and --key belong together: give both, or neither for a self-signed certificate.');
  }
  if (config.turn.length === 0 && (config.turnSecret || config.turnUsername !== null)) {
    throw usage('TURN credentials are given but no relay: add --turn turn:your.server:3478.');
  }
  if ((config.turnUsername === null) !== (config.turnCredential === null)) {
    throw usage('--turn-username and --turn-credential belong together: give both, or --turn-secret.');
  }
  if (config.turn.length > 0 && !config.turnSecret && config.turnUsername === null) {
    throw usage(
      'A TURN relay needs credentials: give --turn-secret, or --turn-username and --turn-credential.',
    );
  }
  if (config.sfuWorkers === 0 && (config.roomLimit ?? 0) > LARGEST_MESH) {
    throw usage(
      `--room-limit above ${LARGEST_MESH} needs the SFU: give --sfu-workers 1 or more, or leave it out.`,
    );
  }
  if (config.sfuAnnounce.includes(BY_STUN) && config.stun.length === 0) {
    throw usage('--sfu-announce stun needs a STUN server to ask: add --stun stun:your.server:3478.');
  }
  const further = config.sfuOnePort ? 0 : Math.max(0, (config.sfuWorkers ?? 1) - 1);
  if ((config.sfuPort ?? 0) + further > 65_535) {
    throw usage('--sfu-port leaves no room for the ports of all workers: choose a lower one.');
  }
  const https = config.https || config.certFile !== null;
  if (config.turnsUpstream !== null && !https) {
    throw usage('--turns-upstream needs HTTPS: add --cert and --key, or --https.');
  }
  return { ...config, https };
}

const usage = (message: string): StartError => new StartError(message, EXIT_USAGE);
