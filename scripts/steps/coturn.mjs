// coturn, which the tests of the doctor and of the deployed relay run on ports of their own; as a user without rights too.
// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { runQuietly } from './run.mjs';

/** The tests that cannot be without it, for Vitest's `--exclude`. */
export const COTURN_TESTS = 'tests/e2e/{doctor-command,doctor-page,deploy-relay}.test.ts';

/** Whether coturn is there, or could be installed. */
export async function findOrInstallCoturn() {
  if (isThere()) return true;
  await aptInstall('coturn', ['coturn']);
  if (!isThere()) return false;
  // Debian starts it as a service with a configuration of its own, which nobody has asked for.
  if (existsSync('/run/systemd/system')) await runQuietly('systemctl', ['disable', '--now', 'coturn']);
  return true;
}

function isThere() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => existsSync(join(folder, 'turnserver')));
}
