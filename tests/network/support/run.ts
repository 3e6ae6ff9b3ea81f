// Running programs as the network lab needs it: to their end with what they said, or as a child that dies with us.

import { type ChildProcess, execFile, spawn } from 'node:child_process';

/** Runs a program to its end and resolves with its output. Rejects with what it said. */
export function run(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')}: ${stderr.trim() || error.message}`));
    });
    // A program that ended before it read its input says why by its exit status.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/**
 * The command line of a program that the kernel ends with SIGKILL when the process that started it is gone: a crash of
 * the tests leaves nothing running (prctl(2), PR_SET_PDEATHSIG).
 */
export function mortal(command: string, args: readonly string[]): [string, string[]] {
  return ['setpriv', ['--pdeathsig', 'KILL', command, ...args]];
}

export interface Running {
  readonly process: ChildProcess;
  /** Everything that it has written so far. */
  log(): string;
  /** Ends it with SIGKILL and resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a program that dies with us. */
export function start(command: string, args: readonly string[]): Running {
  const [program, words] = mortal(command, args);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const note = (bytes: Buffer): void => {
    log += bytes.toString();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      log += String(error);
      resolve();
    });
  });
  return {
    process: child,
    log: () => log,
    stop() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
