// Failures that a person can act on, and what is said about them.
// @ts-check
import { sep } from 'node:path';
import { ROOT } from './root.mjs';

/** A failure that a person can act on: one sentence, and what the failed program said. */
export class StepFailure extends Error {
  /** @param {string} sentence @param {string} [output] */
  constructor(sentence, output = '') {
    super(sentence);
    this.output = output;
  }
}

/** What is free where there is room for the dependencies, the build and what tests leave for a while. */
const ROOM = 'about 300 MB';

/**
 * The system refused a file: what to do about it. Null for all that is no such refusal.
 * @param {unknown} error @param {string} [root]
 * @returns {StepFailure | null}
 */
export function refusedFile(error, root = ROOT) {
  if (!(error instanceof Error) || !('code' in error)) return null;
  // Programs that cannot be started have these codes too, and are another matter.
  if ('syscall' in error && String(error.syscall).startsWith('spawn')) return null;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null;
  switch (error.code) {
    case 'ENOSPC':
      return new StepFailure(diskFullSentence(), error.message);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StepFailure(refusedSentence(path, root), error.message);
    default:
      return null;
  }
}

export function diskFullSentence() {
  return `The disk is full: make ${ROOM} free and try again.`;
}

/** @param {string | null} path @param {string} root */
function refusedSentence(path, root) {
  const what = path ?? 'A file';
  if (path !== null && path !== root && !path.startsWith(root + sep)) {
    return `${what} cannot be used: give yourself the right to read and write it.`;
  }
  return `${what} cannot be used, as when Maru was once started by another user or with sudo: ${takeBack(root)}.`;
}

/** What to do about files of the project that belong to someone else, to end a sentence with. @param {string} [root] */
export function takeBack(root = ROOT) {
  const clone = 'clone Maru into a folder of your own';
  if (process.platform === 'win32') return `give yourself the right to write below ${root}, or ${clone}`;
  return `make its files yours again with \`sudo chown -R "$(id -un)" '${root}'\`, or ${clone}`;
}

/**
 * Prints a failure of a step as its output and one sentence; lets anything else, which is a bug, pass.
 * @param {unknown} error
 */
export function reportFailure(error) {
  const failure = error instanceof StepFailure ? error : refusedFile(error);
  if (!failure) throw error;
  if (failure.output.trim() !== '') console.error(`${failure.output.trimEnd()}\n`);
  console.error(failure.message);
}
