// Browsers inside namespaces: a small program starts them there; Playwright's pipe crosses namespaces by itself.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChromiumOptions,
  chromiumPath,
  startChromium,
  type TestChromium,
} from '../../e2e/support/chromium.js';
import type { Namespace } from './namespace.js';
import { mortal } from './run.js';

/** Certificates of the lab are nobody's business: those of Maru and of TURN over TLS alike. */
const ANY_CERTIFICATE = '--ignore-certificate-errors';

/** Starts Chromium on a machine of the lab. */
export async function startLabChromium(
  machine: Namespace,
  options: ChromiumOptions = {},
): Promise<TestChromium> {
  const launcher = await writeLauncher(machine, chromiumPath());
  const chromium = await startChromium({
    ...options,
    program: launcher.program,
    flags: [ANY_CERTIFICATE, ...(options.flags ?? [])],
  });
  return {
    ...chromium,
    async close() {
      await chromium.close();
      await launcher.remove();
    },
  };
}

/** A program that runs another one in a namespace, with whatever arguments it is given. */
export async function writeLauncher(
  machine: Namespace,
  path: string,
): Promise<{ readonly program: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-launcher-'));
  const program = join(folder, 'browser');
  const [command, args] = mortal(...machine.commandLine(path, []));
  const words = [command, ...args].map((word) => `'${word}'`).join(' ');
  await writeFile(program, `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(program, 0o755);
  return { program, remove: () => rm(folder, { recursive: true, force: true }) };
}
