// The steps of `npm test`, on a Node that is new enough. With arguments, only the tests that Vitest picks by them.
// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrInstallBrowsers } from './browsers.mjs';
import { build, CLIENT, SERVER, WEB } from './build.mjs';
import { COTURN_TESTS, findOrInstallCoturn } from './coturn.mjs';
import { install } from './install.mjs';
import { findOrInstallNetworkLab } from './network-lab.mjs';
import { nodeProgram, runInView } from './run.mjs';
import { reportFailure } from './step-failure.mjs';
import { countTests } from './vitest-summary.mjs';

/** @typedef {import('./vitest-summary.mjs').Count} Count */

/** @param {readonly string[]} args for Vitest */
export async function test(args) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  try {
    await install('full');
    if (args.length === 0) add(total, await checkSources());
    await build([SERVER, CLIENT, WEB]);
    add(total, await runTests(args));
  } catch (error) {
    total.failed++;
    tell(error);
  }
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  process.exitCode = total.failed === 0 ? 0 : 1;
  // The last line of all: nothing may be printed after it.
  console.log(`${total.passed} passed, ${total.failed} failed`);
}

/** Prints any failure now: a bug that was left to Node would be printed after the last line. @param {unknown} error */
function tell(error) {
  try {
    reportFailure(error);
  } catch (bug) {
    console.error(bug);
  }
}

/** Format, lint and types, of tests and benches too: each counts as one test. */
async function checkSources() {
  const count = { passed: 0, failed: 0, skipped: 0 };
  /** @type {[string, string, string[]][]} */
  const checks = [
    ['format and lint', '@biomejs/biome/bin/biome', ['ci', '.']],
    ['types of what ships', 'typescript/bin/tsc', ['-b']],
    ['types of tests', 'typescript/bin/tsc', ['-p', 'tests']],
    ['types of benches', 'typescript/bin/tsc', ['-b', 'bench']],
    ['types of scripts', 'typescript/bin/tsc', ['-p', 'scripts']],
  ];
  for (const [name, program, args] of checks) {
    console.log(`Checking ${name}…`);
    const [node, first] = nodeProgram(program);
    const status = await runInView(node, [...first, ...args]);
    if (status === 0) count.passed++;
    else count.failed++;
  }
  return count;
}

/** @param {readonly string[]} args @returns {Promise<Count>} */
async function runTests(args) {
  const needsBrowsers = !(args.includes('unit') || args.includes('--project=unit'));
  const browsers = needsBrowsers ? await findOrInstallBrowsers() : {};
  const hasCoturn = !needsBrowsers || (await findOrInstallCoturn());
  const missing = needsBrowsers ? await findOrInstallNetworkLab() : [];
  const without = [
    ...(hasCoturn ? [] : [`--exclude=${COTURN_TESTS}`]),
    ...(missing.length > 0 ? ['--project=!network'] : []),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'maru-test-'));
  try {
    const report = join(folder, 'report.json');
    const [node, first] = nodeProgram('vitest/vitest.mjs');
    const status = await runInView(
      node,
      [
        ...first,
        'run',
        ...args,
        ...without,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      { env: { ...process.env, ...browsers } },
    );
    const count = countTests(report, status);
    if (!hasCoturn) count.skipped += skip(COTURN_TESTS, ['coturn']);
    if (missing.length > 0) count.skipped += skip('The network lab (tests/network)', missing);
    return count;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Says what was left out and why. @param {string} what @param {readonly string[]} needs */
function skip(what, needs) {
  console.log(`\n${what} was skipped: it needs ${needs.join(', ')}.`);
  return 1;
}

/** @param {Count} total @param {Count} more */
function add(total, more) {
  total.passed += more.passed;
  total.failed += more.failed;
  total.skipped += more.skipped;
}
