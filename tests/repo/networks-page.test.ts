// docs/NETWORKS.md: how it is made from what was measured, and that it tells of every line that there is.

import { expect, test } from 'vitest';
import { networksPage } from '../../scripts/steps/networks-page.mjs';
import { PROFILES } from '../network/cable/profiles.js';
import { tables } from './support/markdown.js';
import { readProjectFile } from './support/project.js';

const MADE = { date: '2026-11-21', machine: '2 cores', passed: 20, failed: 1 };

test('each measurement is a row of its table', () => {
  const page = networksPage(
    [
      {
        table: 'paths',
        row: 'home NAT → home NAT',
        ms: [400, 200, 300, 250],
        columns: { path: 'srflx udp srflx' },
      },
      { table: 'changes', row: 'another uplink', ms: [1_000] },
      { table: 'profiles', row: '3G', columns: { 'frames/s': '14.2', height: '180' } },
      { table: 'profiles', row: 'good home', columns: { height: '360' } },
    ],
    MADE,
  );
  expect(page).toContain('20 passed and 1 failed');
  expect(tables(page)).toEqual([
    [['home NAT → home NAT', '0.20 / 0.28 / 0.40 s', '4', 'srflx udp srflx']],
    [['another uplink', '1.00 / 1.00 / 1.00 s', '1']],
    [
      ['3G', '14.2', '180'],
      ['good home', '', '360'],
    ],
  ]);
});

test('docs/NETWORKS.md tells of every line', () => {
  const rows = tables(readProjectFile('docs/NETWORKS.md')).flat();
  const told = new Set(rows.map(([name]) => name));
  expect(PROFILES.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
});
