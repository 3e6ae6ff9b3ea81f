// The command `maru doctor`: reads its own flags beside those of the server, prints what was found.

import { readConfig } from '../config/read-config.js';
import { EXIT_USAGE, StartError } from '../start-error.js';
import { VERSION } from '../version.js';
import { type DoctorOrder, diagnose } from './doctor.js';
import { exitStatus, reportText } from './report.js';
import type { DoctorWorld } from './world.js';

export const DOCTOR_HELP = `Usage: maru doctor [address] [flags]

Checks what people need for calls: Node, port, certificate, public address, clock, STUN and TURN.
On the server give it the flags and the environment that the server runs with. With the address of
a server, such as https://meet.example.org, it checks that server from this machine instead.

  --json              Prints the findings as JSON.
  --ntp <server>      Compares the clock with that of an NTP server, such as pool.ntp.org.
  --timeout <seconds> How long a server may take to answer (default: 5).
  --help              Prints this; \`maru --help\` prints the flags of the server.

Exit status: 0 all is well, 1 something is wrong, 2 something could not be checked.`;

const DEFAULT_TIMEOUT_S = 5;
const LONGEST_TIMEOUT_S = 60;

interface Command {
  readonly order: DoctorOrder;
  readonly json: boolean;
  readonly timeoutMs: number;
}

/** Runs the command; resolves with the exit status. Throws a `StartError` for wrong flags. */
export async function doctorCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void,
  colours: boolean,
): Promise<number> {
  const command = readCommand(args, env);
  if (!command) {
    print(DOCTOR_HELP);
    return 0;
  }
  const world: DoctorWorld = {
    unixTime: () => Date.now(),
    nodeVersion: process.versions.node,
    timeoutMs: command.timeoutMs,
  };
  const diagnosis = await diagnose(command.order, world);
  const status = exitStatus(diagnosis.findings);
  if (command.json) print(JSON.stringify({ version: VERSION, status, ...diagnosis }, null, 2));
  else print(reportText(diagnosis, colours));
  return status;
}

/** Null when only help is wanted. */
function readCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command | null {
  const own = {
    json: false,
    ntp: null as string | null,
    timeoutS: DEFAULT_TIMEOUT_S,
    address: null as string | null,
  };
  const rest: string[] = [];
  const list = [...args];
  for (let word = list.shift(); word !== undefined; word = list.shift()) {
    const [name, inline] = word.startsWith('--') ? word.split(/=(.*)/s) : [word];
    const value = (): string => inline ?? list.shift() ?? '';
    if (name === '--help' || name === '-h') return null;
    if (name === '--json') own.json = true;
    else if (name === '--ntp') own.ntp = ntpServer(value());
    else if (name === '--timeout') own.timeoutS = timeout(value());
    else if (rest.length === 0 && !word.startsWith('-') && own.address === null) own.address = word;
    else rest.push(word);
  }
  const request = readConfig(rest, env);
  if (request.kind !== 'start') return null;
  const { config } = request;
  const given = own.address === null ? null : addressOf(own.address);
  const url = given ?? (config.publicUrl === null ? null : new URL(config.publicUrl));
  return {
    order: { config, url, remote: given !== null, ntp: own.ntp },
    json: own.json,
    timeoutMs: own.timeoutS * 1_000,
  };
}

function ntpServer(text: string): string {
  if (/^[\w.-]+(:\d{1,5})?$/.test(text)) return text;
  throw new StartError('--ntp must be the name of an NTP server, such as pool.ntp.org.', EXIT_USAGE);
}

function timeout(text: string): number {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= LONGEST_TIMEOUT_S) return seconds;
  throw new StartError(`--timeout must be a number of seconds from 1 to ${LONGEST_TIMEOUT_S}.`, EXIT_USAGE);
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new StartError(
    `"${text}" is no address of a server: write it as https://meet.example.org.`,
    EXIT_USAGE,
  );
}
