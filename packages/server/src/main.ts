#!/usr/bin/env node
// The command `maru`: reads flags and environment, starts a server, and stops it when told to; or calls the doctor.

import { banner } from './cli/banner.js';
import { stopOnSignals } from './cli/stop-on-signals.js';
import { changedSettings, helpText } from './config/describe.js';
import { readConfig } from './config/read-config.js';
import { startServer } from './server.js';
import { StartError } from './start-error.js';
import { VERSION } from './version.js';

async function main(): Promise<void> {
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  if (process.argv[2] === 'doctor') {
    // Loaded only here: a server needs none of it.
    const { doctorCommand } = await import('./doctor/command.js');
    process.exitCode = await doctorCommand(process.argv.slice(3), process.env, print, colours);
    return;
  }
  const defaults = { logLevel: process.stderr.isTTY ? 'warn' : 'info' } as const;
  const request = readConfig(process.argv.slice(2), process.env, defaults);
  if (request.kind !== 'start') {
    print(request.kind === 'help' ? helpText() : VERSION);
    return;
  }
  const server = await startServer(request.config);
  stopOnSignals(server, request.config.drainMs);
  const settings = changedSettings(request.config, defaults);
  print(banner(server, { settings, colours, publicUrl: request.config.publicUrl }));
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
