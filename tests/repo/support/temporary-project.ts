// A small project in a temporary folder, with our own scripts in it: what they do there touches nothing of ours.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

export interface TemporaryProject {
  readonly root: string;
  /** Writes a file, and the folders that it needs. */
  write(path: string, content: string): void;
  /** Puts our `scripts/` into it. */
  takeScripts(): void;
  /** Makes a folder of ours appear in it. */
  link(path: string): void;
  /** Runs Node in it; resolves with its exit status and all that it printed, in the order of printing. */
  run(args: readonly string[]): Promise<{ readonly status: number | null; readonly output: string }>;
  remove(): void;
}

export function temporaryProject(): TemporaryProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'maru-project-')));
  return {
    root,
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    takeScripts: () => cpSync(join(PROJECT, 'scripts'), join(root, 'scripts'), { recursive: true }),
    link(path) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(join(PROJECT, path), join(root, path), 'junction');
    },
    run: (args) => run(root, args),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function run(cwd: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
  // What this run of Vitest tells its own children is not meant for those.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|VITE_|NODE_ENV$|NODE_OPTIONS$|TEST$)/.test(name),
    ),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}
