// A diagnosis as text for people, and the exit status that it stands for.

import type { Diagnosis } from './doctor.js';
import type { Finding } from './finding.js';

/** 0: all good; 1: something is wrong; 2: nothing is known to be wrong, and something could not be checked. */
export function exitStatus(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ verdict }) => verdict === 'wrong')) return 1;
  return findings.some(({ verdict }) => verdict === 'unknown') ? 2 : 0;
}

const MARK: Readonly<Record<Finding['verdict'], string>> = {
  good: 'ok',
  note: 'note',
  wrong: 'WRONG',
  unknown: 'unknown',
};
const COLOUR: Readonly<Record<Finding['verdict'], number>> = { good: 32, note: 33, wrong: 31, unknown: 35 };
const INDENT = ' '.repeat(11);
const WIDTH = 100;

/** `colours`: the output is a terminal that takes them. */
export function reportText({ findings, page }: Diagnosis, colours: boolean): string {
  const mark = ({ verdict }: Finding): string => {
    const text = MARK[verdict].padEnd(9);
    return colours ? `\u001b[${COLOUR[verdict]}m${text}\u001b[0m` : text;
  };
  const lines = findings.flatMap((finding) => [
    `  ${mark(finding)}${wrap(finding.says)}`,
    ...(finding.change === null ? [] : [`${INDENT}${wrap(`-> ${finding.change}`)}`]),
  ]);
  return [
    '',
    ...lines,
    '',
    summary(findings),
    '',
    'The same from a browser elsewhere, such as a phone on mobile data:',
    `  ${page}`,
    '',
  ].join('\n');
}

function summary(findings: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']): number =>
    findings.filter((each) => each.verdict === verdict).length;
  const [bad, unclear] = [count('wrong'), count('unknown')];
  const open = unclear === 0 ? '' : ` ${unclear} could not be checked.`;
  if (bad === 0) return `Nothing is wrong.${open}`;
  return `${bad === 1 ? '1 thing is' : `${bad} things are`} wrong.${open}`;
}

/** Breaks a sentence into lines that stand below each other. */
function wrap(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${INDENT}`);
}
