// The steps of `npm start`, on a Node that is new enough.
// @ts-check
import { pathToFileURL } from 'node:url';
import { build, SERVER, WEB } from './build.mjs';
import { install } from './install.mjs';
import { inRoot } from './root.mjs';
import { reportFailure } from './step-failure.mjs';

const MAIN = 'packages/server/dist/main.js';

/** @param {readonly string[]} args for the server */
export async function start(args) {
  try {
    await install('runtime');
    await build([SERVER, WEB]);
  } catch (error) {
    reportFailure(error);
    process.exitCode = 1;
    return;
  }
  // This process becomes the server: signals reach it and its exit status is ours, with nothing in between.
  process.argv = [process.execPath, inRoot(MAIN), ...args];
  await import(pathToFileURL(inRoot(MAIN)).href);
}
