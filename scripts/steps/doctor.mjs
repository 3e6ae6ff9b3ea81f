// The steps of `npm run doctor`, on a Node that is new enough. The page is not built: the doctor does not need it.
// @ts-check
import { pathToFileURL } from 'node:url';
import { build, SERVER } from './build.mjs';
import { install } from './install.mjs';
import { inRoot } from './root.mjs';
import { reportFailure } from './step-failure.mjs';

const MAIN = 'packages/server/dist/main.js';
/** The doctor's own word for "could not be checked". */
const COULD_NOT_CHECK = 2;

/** @param {readonly string[]} args for the doctor */
export async function doctor(args) {
  try {
    await install('runtime');
    await build([SERVER]);
  } catch (error) {
    reportFailure(error);
    process.exitCode = COULD_NOT_CHECK;
    return;
  }
  // This process becomes the command, so that its exit status is ours.
  process.argv = [process.execPath, inRoot(MAIN), 'doctor', ...args];
  await import(pathToFileURL(inRoot(MAIN)).href);
}
