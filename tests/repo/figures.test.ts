// The figures of the benches: their form, and that those which were promised are reported.

import { expect, test } from 'vitest';
import { figure, median } from '../../bench/figure.js';
import { figureLine, figureTable } from '../../scripts/steps/figure-table.mjs';
import { PAGES, withFigures } from '../../scripts/steps/figures-page.mjs';
import { projectFiles, readProjectFile } from './support/project.js';

const PROMISED = [
  'join.round_trips',
  'join.constant',
  'signalling.memory_per_connection',
  'signalling.cpu_per_relay',
  'signalling.round_trip_p99',
  'signalling.joins',
  'bundle.lobby',
  'bundle.client',
  'mesh.cpu_5',
  'mesh.upload_5',
];

/** What a bench reports, by its source: the names that it gives to figures. */
function reported(bench: string): readonly string[] {
  const source = readProjectFile(`bench/${bench}/run.ts`);
  return [...source.matchAll(/\b(?:figure|name): '([a-z]+\.[a-z0-9_]+)'/g)].map((match) => match[1] ?? '');
}

const benches = projectFiles()
  .map((path) => /^bench\/(\w+)\/run\.ts$/.exec(path)?.[1])
  .filter((name) => name !== undefined);

test('every promised figure is reported once, by the bench that it is named after', () => {
  for (const name of PROMISED) {
    expect(reported(name.split('.')[0] ?? '').filter((other) => other === name)).toEqual([name]);
  }
});

test('a bench reports no figure of another', () => {
  expect(benches.length).toBeGreaterThanOrEqual(3);
  for (const bench of benches) {
    expect(reported(bench).filter((name) => !name.startsWith(`${bench}.`))).toEqual([]);
  }
});

const MEASURED = {
  figure: 'join.constant',
  unit: 'ms',
  ours: 123.456789,
  beside: { one_page: 100.04999, peerjs: 512.3 },
  runs: 7,
};

test('a figure is one JSON object on one line, of exactly these members', () => {
  const line = figureLine(figure(MEASURED));
  expect(line).not.toContain('\n');
  const { ratio, ...rest } = JSON.parse(line);
  expect(rest).toEqual({ ...MEASURED, ours: 123.5, beside: { one_page: 100, peerjs: 512.3 } });
  expect(ratio).toEqual({ one_page: 123.5 / 100, peerjs: 123.5 / 512.3 });
});

test('every ratio is ours by the value beside, as printed', () => {
  const { ours, beside, ratio } = figure(MEASURED);
  expect(Object.keys(ratio)).toEqual(Object.keys(beside));
  for (const [name, value] of Object.entries(beside)) expect(ratio[name]).toBe(ours / value);
});

test.each([0, Number.NaN, Number.POSITIVE_INFINITY])('%s was not measured', (value) => {
  expect(() => figure({ ...MEASURED, ours: value })).toThrow('join.constant');
  expect(() => figure({ ...MEASURED, beside: { one_page: value } })).toThrow('join.constant');
});

test('a table for people names the figure, its unit and what stands beside it', () => {
  const [head, row] = figureTable([figure(MEASURED)]).split('\n');
  expect(head).toMatch(/^figure +ours +unit +runs/);
  expect(row).toMatch(/^join\.constant +123\.5 +ms +7 +one_page 100 \(1\.24×\), peerjs 512\.3 \(0\.24×\)$/);
});

const MADE = { date: '2026-11-28', machine: '2 cores' };

test('a document has the figures of a bench between its comments, and nothing else of it changes', () => {
  const page = 'Before.\n<!-- figures of join -->\nold\n<!-- end of join -->\nAfter.\n';
  const written = withFigures(page, 'join', [figure(MEASURED)], MADE);
  expect(written).toContain(
    '| figure | ours | one_page | peerjs | runs |\n| --- | --- | --- | --- | --- |\n' +
      '| `constant` | 123.5 ms | 100 (1.24 times) | 512.3 (0.24 times) | 7 |\n',
  );
  expect(written).toContain('`npm run bench -- join --page` on 2026-11-28 (2 cores)');
  expect(written).not.toContain('old');
  expect(written).toMatch(/^Before\.\n<!-- figures of join -->\n[\s\S]*<!-- end of join -->\nAfter\.\n$/);
  expect(withFigures(written ?? '', 'join', [figure(MEASURED)], MADE)).toBe(written);
});

test('a document without the comments is not written to', () => {
  expect(withFigures('Figures.', 'join', [figure(MEASURED)], MADE)).toBeNull();
});

test.each(Object.entries(PAGES))('the figures of %s have their place in %s', (bench, page) => {
  expect(withFigures(readProjectFile(page), bench, [figure(MEASURED)], MADE)).not.toBeNull();
});

test('the median is the middle, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow();
});
