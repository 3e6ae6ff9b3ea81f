// docs/NETWORKS.md from what the network lab measured: text only, no files.
// @ts-check

/**
 * One row, as tests/network/support/measured.ts writes it.
 * @typedef {{ table: string, row: string, ms?: number[], columns?: Record<string, string> }} Measurement
 * @typedef {{ date: string, machine: string, passed: number, failed: number }} Made
 */

/** @param {readonly Measurement[]} measurements @param {Made} made */
export function networksPage(measurements, { date, machine, passed, failed }) {
  const of = (/** @type {string} */ table) => measurements.filter((one) => one.table === table);
  return `${[
    '# Networks',
    '',
    'What calls do in networks of every kind, measured by the network lab (`tests/network`): real Chromium, the real',
    'server and a real coturn, each in a network namespace of its own, with routers, NATs, firewalls and lines between',
    `them. Written by \`npm run networks\` on ${date} (${machine}), not by hand.`,
    `Of the tests of that run ${passed} passed and ${failed} failed.`,
    '',
    '## Between networks',
    '',
    'Which path media takes, and how long after the click on Join each of two people sees a frame of the other. A path',
    'reads: own candidate (with the way to the relay), protocol, the other’s candidate (RFC 8445); one for each end.',
    '',
    ...table(of('paths'), 'from → to'),
    '',
    '## When the network changes or fails',
    '',
    'How long until both ends see frames of the other again.',
    '',
    ...table(of('changes'), 'what happens'),
    '',
    '## Lines',
    '',
    'One of two people has this line, in both directions; the other’s is perfect. The camera gives a noisy 640 by 360 at',
    '20 frames/s. Looked at for a while after the first seconds; of the two ends the worse one is shown. Made-up audio is',
    'what the receiver invented because nothing had come in time (W3C webrtc-stats, `concealedSamples`).',
    '',
    ...table(of('profiles'), 'line'),
  ].join('\n')}\n`;
}

/** @param {readonly Measurement[]} rows @param {string} head @returns {string[]} */
function table(rows, head) {
  const columns = [...new Set(rows.flatMap(({ columns: own = {} }) => Object.keys(own)))];
  const timed = rows.some(({ ms }) => ms);
  const heads = [head, ...(timed ? ['min / median / max', 'runs'] : []), ...columns];
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map(({ row, ms, columns: own = {} }) =>
      line([row, ...(timed ? times(ms ?? []) : []), ...columns.map((name) => own[name] ?? '')]),
    ),
  ];
}

/** @param {readonly string[]} cells */
function line(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** @param {readonly number[]} ms @returns {[string, string]} */
function times(ms) {
  const sorted = [...ms].sort((a, b) => a - b);
  const middle = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  const median = ((middle[0] ?? 0) + (middle[1] ?? 0)) / 2;
  const shown = [sorted[0], median, sorted.at(-1)].map((value) => seconds(value ?? 0)).join(' / ');
  return [sorted.length > 0 ? `${shown} s` : '', String(sorted.length)];
}

/** @param {number} ms */
function seconds(ms) {
  return (ms / 1_000).toFixed(2);
}
