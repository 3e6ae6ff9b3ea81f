#!/usr/bin/env node
// The command `maru`: reads flags and environment, starts a server, and stops it when told to.

import { setFlagsFromString } from 'node:v8';
import { banner } from './cli/banner.js';
import { stopOnSignals } from './cli/stop-on-signals.js';
import { helpText } from './config/describe.js';
import { readConfig } from './config/read-config.js';
import { startServer } from './server.js';
import { StartError } from './start-error.js';
import { VERSION } from './version.js';

// A signalling server holds much and makes little garbage. V8 would let its young generation grow by 30 MB and more
// whenever many people join at once and keep it: measured, 15 instead of 8 kB for each of 2,000 connections, for no gain.
const HEAP_FLAGS = '--semi-space-growth-factor=1';

async function main(): Promise<void> {
  setFlagsFromString(HEAP_FLAGS);
  const request = readConfig(process.argv.slice(2), process.env, {
    logLevel: process.stderr.isTTY ? 'warn' : 'info',
  });
  if (request.kind !== 'start') {
    print(request.kind === 'help' ? helpText() : VERSION);
    return;
  }
  const server = await startServer(request.config);
  stopOnSignals(server, request.config.drainMs);
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  print(banner(server, request.config, colours));
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
