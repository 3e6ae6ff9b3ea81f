// The steps of `npm run bench`, on a Node that is new enough.
// @ts-check
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { findOrInstallBrowsers } from './browsers.mjs';
import { build, CLIENT, SERVER, WEB } from './build.mjs';
import { figureLine, figureTable } from './figure-table.mjs';
import { install } from './install.mjs';
import { inRoot } from './root.mjs';
import { nodeProgram, runQuietly } from './run.mjs';
import { reportFailure, StepFailure } from './step-failure.mjs';

/** @typedef {import('../../bench/figure.js').Figure} Figure */

// Benches that drive browsers; the others run without one.
const WITH_BROWSERS = new Set(['join', 'mesh', 'quality', 'sfu']);

/** @param {readonly string[]} args names of benches, none meaning all, and `--json` */
export async function bench(args) {
  const json = args.includes('--json');
  /** @type {Figure[]} */
  const figures = [];
  try {
    const names = benchNames(args.filter((arg) => arg !== '--json'));
    await prepare(names);
    for (const name of names) {
      console.error(`Measuring ${name}…`);
      const module = await import(pathToFileURL(inRoot(`bench/dist/${name}/run.js`)).href);
      await module.default((/** @type {Figure} */ figure) => {
        figures.push(figure);
        if (json) console.log(figureLine(figure));
        else console.error(`  ${figure.figure}: ${figure.ours} ${figure.unit}`);
      });
    }
    if (!json) console.log(`\n${figureTable(figures)}`);
  } catch (error) {
    process.exitCode = 1;
    reportFailure(error);
  }
}

/** @param {readonly string[]} asked @returns {string[]} */
function benchNames(asked) {
  const all = readdirSync(inRoot('bench'), { recursive: true })
    .map(String)
    .filter((path) => /^\w+[\\/]run\.ts$/.test(path))
    .map((path) => path.slice(0, -'/run.ts'.length))
    .sort();
  const unknown = asked.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new StepFailure(
      `There is no bench "${unknown}": give one or more of ${all.join(', ')}, or none for all.`,
    );
  }
  return asked.length > 0 ? [...asked] : all;
}

/** @param {readonly string[]} names */
async function prepare(names) {
  await install('full');
  await build([SERVER, CLIENT, WEB]);
  const [node, tsc] = nodeProgram('typescript/bin/tsc');
  const { status, output } = await runQuietly(node, [...tsc, '-b', 'bench']);
  if (status !== 0) throw new StepFailure('The benches could not be built, for the reason above.', output);
  if (names.some((name) => WITH_BROWSERS.has(name)))
    Object.assign(process.env, await findOrInstallBrowsers());
}
