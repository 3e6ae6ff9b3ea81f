// PROTOCOL.md's rules and the tests that quote them: each rule has a test, each quoted id is a rule.

import { expect, test } from 'vitest';
import { readProjectFile, testFiles } from './support/project.js';

const RULE = /^- \*\*([A-Z]+-\d+)\*\* /gm;
const HERE = 'tests/repo/rules.test.ts';
// In the text of a title, wherever it stands: `[NEG-3]`, `[NEG-3, NEG-4]`.
const QUOTED = /['"`][^'"`\n]*?\[([A-Z]+-\d+(?:[,\s]+[A-Z]+-\d+)*)\]/g;

function rules(): readonly string[] {
  return [...readProjectFile('PROTOCOL.md').matchAll(RULE)].map((match) => match[1] ?? '');
}

/** The ids that tests quote, with the files that do. */
function quotedRules(): ReadonlyMap<string, readonly string[]> {
  const quoted = new Map<string, string[]>();
  for (const file of testFiles().filter((path) => path !== HERE)) {
    for (const [, ids = ''] of readProjectFile(file).matchAll(QUOTED)) {
      for (const id of ids.split(/[,\s]+/)) quoted.set(id, [...(quoted.get(id) ?? []), file]);
    }
  }
  return quoted;
}

test('each rule of PROTOCOL.md has an id of its own', () => {
  expect(rules().length).toBeGreaterThan(40);
  expect(rules().filter((id, index, all) => all.indexOf(id) !== index)).toEqual([]);
});

test('each rule of PROTOCOL.md is quoted by a test', () => {
  const quoted = quotedRules();
  expect(rules().filter((id) => !quoted.has(id))).toEqual([]);
});

test('each rule that a test quotes is in PROTOCOL.md', () => {
  const known = new Set(rules());
  expect([...quotedRules()].filter(([id]) => !known.has(id))).toEqual([]);
});
