// The README's example is real code: the compiler checks it against the client as it is.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
// Inside the package, so that the import of the example is found the way an application finds it.
mkdirSync(join(PACKAGE, 'dist'), { recursive: true });
const folder = mkdtempSync(join(PACKAGE, 'dist', 'readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const example = /```ts\n(.*?)```/s.exec(README)?.[1] ?? '';

function compile(code: string): string {
  writeFileSync(join(folder, 'example.ts'), code);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../../tsconfig.base.json',
      compilerOptions: {
        composite: false,
        declaration: false,
        noEmit: true,
        module: 'ESNext',
        moduleResolution: 'Bundler',
        customConditions: ['source'],
        lib: ['ES2023', 'DOM', 'DOM.Iterable'],
        types: [],
      },
      include: ['example.ts'],
    }),
  );
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  try {
    return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  }
}

test('the example of the README compiles, in about 30 lines', { timeout: 60_000 }, () => {
  expect(example.split('\n').length).toBeGreaterThan(15);
  expect(example.split('\n').length).toBeLessThan(40);
  expect(compile(example)).toBe('');
});

test('an example that is wrong would not', { timeout: 60_000 }, () => {
  expect(compile(example.replace('room.chat(', 'room.shout('))).toContain("'shout' does not exist");
});
