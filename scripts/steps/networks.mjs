// The steps of `npm run networks`, on a Node that is new enough.
// @ts-check
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrInstallBrowsers } from './browsers.mjs';
import { build, CLIENT, SERVER, WEB } from './build.mjs';
import { install } from './install.mjs';
import { findOrInstallNetworkLab } from './network-lab.mjs';
import { networksPage } from './networks-page.mjs';
import { inRoot } from './root.mjs';
import { nodeProgram, runInView, runQuietly } from './run.mjs';
import { reportFailure, StepFailure } from './step-failure.mjs';
import { countTests } from './vitest-summary.mjs';

const PAGE = 'docs/NETWORKS.md';

export async function networks() {
  try {
    await install('full');
    const browsers = await findOrInstallBrowsers();
    const missing = await findOrInstallNetworkLab();
    if (missing.length > 0) throw new StepFailure(`The network lab needs ${missing.join(', ')}.`);
    await build([SERVER, CLIENT, WEB]);
    const { measurements, count } = await runLab(browsers);
    const chromium = await versionOf(browsers['MARU_CHROMIUM'] ?? 'chromium');
    const made = {
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} cores, ${chromium}, Node ${process.versions.node}`,
      passed: count.passed,
      failed: count.failed,
    };
    writeFileSync(inRoot(PAGE), networksPage(measurements, made));
    console.log(`${PAGE} is written: ${count.passed} passed, ${count.failed} failed`);
    process.exitCode = count.failed === 0 ? 0 : 1;
  } catch (error) {
    process.exitCode = 1;
    reportFailure(error);
  }
}

/** @param {Record<string, string>} browsers */
async function runLab(browsers) {
  const folder = mkdtempSync(join(tmpdir(), 'maru-networks-'));
  try {
    const [record, report] = [join(folder, 'record.jsonl'), join(folder, 'report.json')];
    writeFileSync(record, '');
    const [node, first] = nodeProgram('vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const status = await runInView(node, [...first, 'run', '--project=network', ...reporters], {
      env: { ...process.env, ...browsers, MARU_NETWORK_RECORD: record },
    });
    const lines = readFileSync(record, 'utf8').split('\n').filter(Boolean);
    return { measurements: lines.map((line) => JSON.parse(line)), count: countTests(report, status) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} program */
async function versionOf(program) {
  const { output } = await runQuietly(program, ['--version']);
  return /Chrom\w+ \d+/.exec(output)?.[0] ?? 'Chromium';
}
