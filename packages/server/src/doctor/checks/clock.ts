// Is this machine's clock right? Short-lived TURN credentials and certificates are good only within their time.

import { execFile } from 'node:child_process';
import { type Finding, good, note, unknown, wrong } from '../finding.js';
import { NetworkFailure } from '../network-failure.js';
import { clockOffset } from '../sntp.js';
import type { DoctorWorld } from '../world.js';

/** A Date header counts whole seconds, and the answer takes its time: less than this is no difference. */
const NOTICEABLE_S = 5;
const REMEDY = 'Let the system set its clock: `timedatectl set-ntp true`, then look at `timedatectl status`.';

/** Compares with an NTP server. `ttlS`: how long TURN credentials are good for. */
export async function checkNtp(server: string, ttlS: number, world: DoctorWorld): Promise<Finding> {
  try {
    const offsetMs = await clockOffset(server, () => world.unixTime(), world.timeoutMs);
    return compare(-offsetMs / 1_000, server, ttlS, REMEDY);
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
    return unknown(
      'clock',
      `The NTP server ${server} did not answer (${error.message}).`,
      'Check its name, and let UDP port 123 out; or name another with --ntp.',
    );
  }
}

/** Compares with the Date header of a server that was asked. */
export function checkDate(dateMs: number, host: string, ttlS: number, world: DoctorWorld): Finding {
  return compare(
    (world.unixTime() - dateMs) / 1_000,
    host,
    ttlS,
    `${REMEDY} Do the same on ${host} if it is that one which is wrong.`,
  );
}

function compare(aheadS: number, other: string, ttlS: number, change: string): Finding {
  const seconds = Math.round(Math.abs(aheadS));
  if (seconds < NOTICEABLE_S) return good('clock', `The clocks of this machine and of ${other} agree.`);
  const says = `The clock of this machine is ${seconds} s ${aheadS > 0 ? 'ahead of' : 'behind'} that of ${other}.`;
  // Credentials made by a slow clock have less time left than meant, or none.
  return seconds >= ttlS / 2 ? wrong('clock', says, change) : note('clock', says, change);
}

/** Without another clock to compare with: whether the system says that it keeps its own right. */
export async function checkSystemClock(): Promise<Finding> {
  const answer = await askSystem();
  if (answer === 'yes') return good('clock', 'The system keeps its clock in step with a time server.');
  if (answer === 'no') {
    return note('clock', 'The system does not keep its clock in step with a time server.', REMEDY);
  }
  return note(
    'clock',
    'The clock was not compared with another.',
    'Name a time server to compare with, such as --ntp pool.ntp.org.',
  );
}

/** systemd's word for it; null where there is no systemd, as in a container. */
function askSystem(): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('timedatectl', ['show', '--property=NTPSynchronized', '--value'], (error, stdout) => {
      resolve(error ? null : stdout.trim());
    });
  });
}
