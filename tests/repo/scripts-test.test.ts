// `npm test` itself: what it counts, and that its last line says so, whatever happened before.

import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLIENT, SERVER, WEB } from '../../scripts/steps/build.mjs';
import { countTests } from '../../scripts/steps/vitest-summary.mjs';
import { type TemporaryProject, temporaryProject } from './support/temporary-project.js';

let project: TemporaryProject;
beforeEach(() => {
  project = temporaryProject();
});
afterEach(() => project.remove());

function count(report: unknown, status: number) {
  project.write('report.json', typeof report === 'string' ? report : JSON.stringify(report));
  return countTests(join(project.root, 'report.json'), status);
}

const PASSED = { status: 'passed', assertionResults: [{}] };

test('what Vitest counted is counted', () => {
  const report = {
    numPassedTests: 7,
    numFailedTests: 2,
    numPendingTests: 1,
    numTodoTests: 3,
    testResults: [PASSED],
  };
  expect(count(report, 1)).toEqual({ passed: 7, failed: 2, skipped: 4 });
});

test('a file that could not be loaded counts as a failure', () => {
  const testResults = [PASSED, { status: 'failed', assertionResults: [] }];
  expect(count({ numPassedTests: 1, numFailedTests: 0, testResults }, 1)).toMatchObject({
    passed: 1,
    failed: 1,
  });
});

test('an error outside of any test counts as a failure', () => {
  expect(count({ numPassedTests: 5, numFailedTests: 0, testResults: [PASSED] }, 1)).toMatchObject({
    passed: 5,
    failed: 1,
  });
});

test('a run without a report counts as a failure', () => {
  expect(count('{"numPassed', 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countTests(join(project.root, 'missing.json'), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

/** A project with nothing to install, whose compilers are these programs. */
function withCompilers(compiler: string): void {
  project.takeScripts();
  project.write('package.json', '{"type":"module"}');
  const lock = '{"packages":{}}';
  project.write('package-lock.json', lock);
  project.write('node_modules/.package-lock.json', lock);
  for (const program of ['typescript/bin/tsc', 'vite/bin/vite.js']) {
    project.write(`node_modules/${program}`, compiler);
  }
}

function withTests(source: string): void {
  for (const output of [SERVER, CLIENT, WEB].flatMap(({ outputs }) => outputs)) project.write(output, '');
  project.link('node_modules/vitest');
  project.write('vitest.config.js', `export default { test: { projects: [{ test: { name: 'unit' } }] } };`);
  project.write('small.test.js', `import { expect, test } from 'vitest';\n${source}`);
}

const lines = (output: string) => output.trimEnd().split('\n');

async function runTests() {
  return project.run(['scripts/test.mjs', '--project=unit', 'small.test.js']);
}

test('the last line counts what passed and failed, and the exit status tells', async () => {
  withCompilers('');
  withTests(`test('good', () => {}); test('bad', () => expect(1).toBe(2)); test('fine', () => {});`);
  const { status, output } = await runTests();
  expect(lines(output).at(-1)).toBe('2 passed, 1 failed');
  expect(status).toBe(1);
});

test('the exit status is 0 when all passed', async () => {
  withCompilers('');
  withTests(`test('good', () => {});`);
  const { status, output } = await runTests();
  expect(lines(output).at(-1)).toBe('1 passed, 0 failed');
  expect(status).toBe(0);
});

test('a build that fails says so above the last line', async () => {
  withCompilers(`console.log('index.ts(1,1): error'); process.exitCode = 2;`);
  const { status, output } = await runTests();
  expect(lines(output).slice(-4)).toEqual([
    'index.ts(1,1): error',
    '',
    'The server could not be built, for the reason above.',
    '0 passed, 1 failed',
  ]);
  expect(status).toBe(1);
});

test('a bug of the scripts is printed above the last line', async () => {
  withCompilers('');
  project.write(
    'scripts/steps/build.mjs',
    `export const SERVER = 0, CLIENT = 0, WEB = 0;\nexport function build() { throw new TypeError('a bug'); }`,
  );
  const { status, output } = await runTests();
  expect(output).toContain('TypeError: a bug');
  expect(lines(output).at(-1)).toBe('0 passed, 1 failed');
  expect(status).toBe(1);
});

test('files that belong to another user end in a sentence, not in a stack', async () => {
  withCompilers('');
  project.write('node_modules/.cache/maru/server', 'stale');
  // Root may write everywhere: where we are root, the scripts run as nobody.
  project.write(
    'nobody.cjs',
    'if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }',
  );
  chmodSync(project.root, 0o777);
  const stamps = join(project.root, 'node_modules/.cache/maru');
  chmodSync(stamps, 0o555);
  try {
    const { status, output } = await project.run(['--require=./nobody.cjs', 'scripts/start.mjs']);
    expect(lines(output).at(-1)).toContain(`${join(stamps, 'server')} cannot be used`);
    expect(lines(output).at(-1)).toContain('sudo chown');
    expect(output).not.toContain('    at ');
    expect(status).toBe(1);
  } finally {
    chmodSync(stamps, 0o755);
  }
});
