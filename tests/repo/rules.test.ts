// PROTOCOL.md's rules and the tests that quote them: each rule has a test, each quoted id is a rule.

import { expect, test } from 'vitest';
import { readProjectFile, testFiles } from './support/project.js';

const RULE = /^- \*\*([A-Z]+-\d+)\*\* /gm;
const QUOTED = /\b(?:test|it|describe)(?:\.[a-z]+)*(?:\([^)]*\))?\s*\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs;

function rules(): readonly string[] {
  return [...readProjectFile('PROTOCOL.md').matchAll(RULE)].map((match) => match[1] ?? '');
}

/** Ids in the titles of tests, as in `[NEG-3]` or `[NEG-3, NEG-4]`, with the files that quote them. */
function quotedRules(): ReadonlyMap<string, readonly string[]> {
  const quoted = new Map<string, string[]>();
  for (const file of testFiles()) {
    const titles = [...readProjectFile(file).matchAll(QUOTED)].map((match) => match[2] ?? '');
    const ids = titles.flatMap((title) =>
      [...title.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? ''),
    );
    for (const id of ids.flatMap((list) => list.split(/[,\s]+/)).filter((id) => /^[A-Z]+-\d+$/.test(id))) {
      quoted.set(id, [...(quoted.get(id) ?? []), file]);
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
