// The steps of `npm run bench`, on a Node that is new enough.
// @ts-check
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import { findOrInstallBrowsers } from './browsers.mjs';
import { build, CLIENT, SERVER, WEB } from './build.mjs';
import { figureLine, figureTable } from './figure-table.mjs';
import { PAGES, withFigures } from './figures-page.mjs';
import { install } from './install.mjs';
import { inRoot } from './root.mjs';
import { nodeProgram, runQuietly } from './run.mjs';
import { reportFailure, StepFailure } from './step-failure.mjs';

/** @typedef {import('../../bench/figure.js').Figure} Figure */

// Benches that drive browsers; the others run without one.
const WITH_BROWSERS = new Set(['join', 'mesh', 'quality', 'sfu']);

/** @param {readonly string[]} args names of benches, none meaning all, `--json`, and `--page` for the documents */
export async function bench(args) {
  const [json, page] = [args.includes('--json'), args.includes('--page')];
  /** @type {Figure[]} */
  const figures = [];
  try {
    const names = benchNames(args.filter((arg) => arg !== '--json' && arg !== '--page'));
    await prepare(names);
    for (const name of names) {
      console.error(`Measuring ${name}…`);
      const module = await import(pathToFileURL(inRoot(`bench/dist/${name}/run.js`)).href);
      await module.default((/** @type {Figure} */ figure) => {
        figures.push(figure);
        if (json) console.log(figureLine(figure));
        else console.error(`  ${figure.figure}: ${figure.ours} ${figure.unit}`);
      });
      if (page) writePage(name, figures);
    }
    if (!json) console.log(`\n${figureTable(figures)}`);
  } catch (error) {
    process.exitCode = 1;
    reportFailure(error);
  }
}

/** Puts the figures of a bench into its document, where it has one. @param {string} name @param {readonly Figure[]} all */
function writePage(name, all) {
  const page = PAGES[name];
  if (page === undefined) return;
  const made = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, Node ${process.versions.node}`,
  };
  const own = all.filter(({ figure }) => figure.startsWith(`${name}.`));
  const text = withFigures(readFileSync(inRoot(page), 'utf8'), name, own, made);
  if (text === null) throw new StepFailure(`${page} has no place for the figures of "${name}".`);
  writeFileSync(inRoot(page), text);
  console.error(`  ${page} is written.`);
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
