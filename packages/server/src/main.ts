#!/usr/bin/env node
// The command `maru`: reads flags and environment, starts a server, and stops it when told to.

import { banner } from './cli/banner.js';
import { stopOnSignals } from './cli/stop-on-signals.js';
import { changedSettings, helpText } from './config/describe.js';
import { readConfig } from './config/read-config.js';
import { startServer } from './server.js';
import { StartError } from './start-error.js';
import { VERSION } from './version.js';

async function main(): Promise<void> {
  const defaults = { logLevel: process.stderr.isTTY ? 'warn' : 'info' } as const;
  const request = readConfig(process.argv.slice(2), process.env, defaults);
  if (request.kind !== 'start') {
    print(request.kind === 'help' ? helpText() : VERSION);
    return;
  }
  const server = await startServer(request.config);
  stopOnSignals(server, request.config.drainMs);
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  print(banner(server, changedSettings(request.config, defaults), colours));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitStatus;
}
