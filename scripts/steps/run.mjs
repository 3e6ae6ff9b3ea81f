// Running other programs: quietly, with their output kept for when they fail, or in full view.
// @ts-check
import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} RunOptions */

/**
 * Runs a program in full view; resolves with its exit status (1 when a signal ended it).
 * @param {string} command @param {readonly string[]} args @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function runInView(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}

/**
 * Runs a program quietly; resolves with its exit status and all that it printed. A program that cannot be started
 * counts as one that failed saying so.
 * @param {string} command @param {readonly string[]} args @param {RunOptions} [options]
 * @returns {Promise<{ status: number, output: string }>}
 */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.once('error', (error) => resolve({ status: 1, output: String(error) }));
    child.once('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

/**
 * The npm that started us, else the one on the path, as a command and its first arguments.
 * @returns {[string, string[]]}
 */
export function npmCommand() {
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js') && /npm-cli/.test(npm)) return [process.execPath, [npm]];
  // On Windows npm is a batch file, which only a shell can start.
  return process.platform === 'win32' ? ['cmd.exe', ['/d', '/c', 'npm']] : ['npm', []];
}

/** @param {string} path of a program below node_modules that Node runs @returns {[string, string[]]} */
export function nodeProgram(path) {
  return [process.execPath, [`${ROOT}/node_modules/${path}`]];
}
