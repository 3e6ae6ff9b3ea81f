// Firefox inside a namespace: it is driven over TCP, which does not cross namespaces, so a UNIX socket carries that across.

import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { firefoxPath, startFirefox } from '../../e2e/support/firefox.js';
import { freePort } from '../../e2e/support/free-port.js';
import { writeLauncher } from './lab-browser.js';
import type { Namespace } from './namespace.js';

export interface LabFirefox {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Starts Firefox on a machine of the lab; certificates of the lab are accepted. */
export async function startLabFirefox(machine: Namespace): Promise<LabFirefox> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'maru-firefox-'));
  const path = join(folder, 'debug');
  // The same port in both namespaces: Firefox looks at the host that it is called by.
  const inside = machine.start('socat', [`UNIX-LISTEN:${path},fork`, `TCP4:127.0.0.1:${port}`]);
  const outside = await forward(port, path);
  const launcher = await writeLauncher(machine, firefoxPath());
  const browser = await startFirefox({ program: launcher.program, debuggingPort: port });
  return {
    browser,
    async close() {
      await browser.close();
      outside.close();
      await inside.stop();
      await launcher.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function forward(port: number, path: string): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(path);
    // Whichever end breaks off ends the other: that is all there is to say to it.
    near.on('error', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
