// The figures of a bench inside a document, between two comments of its name: text only, no files.
// @ts-check

/** @typedef {import('../../bench/figure.js').Figure} Figure */
/** @typedef {{ date: string, machine: string }} Made */

/** The documents that hold the figures of a bench. @type {Readonly<Record<string, string>>} */
export const PAGES = { sfu: 'docs/SFU.md', quality: 'docs/SFU.md' };

/**
 * The document with the figures of one bench in place of those before; null where it has no place for them.
 * @param {string} page @param {string} bench @param {readonly Figure[]} figures @param {Made} made
 */
export function withFigures(page, bench, figures, { date, machine }) {
  const [begin, end] = [`<!-- figures of ${bench} -->`, `<!-- end of ${bench} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) return null;
  const written = `Written by \`npm run bench -- ${bench} --page\` on ${date} (${machine}), not by hand.`;
  const table = ['', written, '', ...markdown(figures, bench), ''].join('\n');
  return `${page.slice(0, from + begin.length)}${table}${page.slice(to)}`;
}

/** @param {readonly Figure[]} figures @param {string} bench */
function markdown(figures, bench) {
  const others = [...new Set(figures.flatMap(({ beside }) => Object.keys(beside)))];
  const heads = ['figure', 'ours', ...others, 'runs'];
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...figures.map(({ figure, unit, ours, beside, ratio, runs }) => {
      const cells = others.map((name) =>
        name in beside ? `${beside[name]} (${ratio[name]?.toFixed(2)} times)` : '',
      );
      return line([`\`${figure.slice(bench.length + 1)}\``, `${ours} ${unit}`, ...cells, String(runs)]);
    }),
  ];
}

/** @param {readonly string[]} cells */
function line(cells) {
  return `| ${cells.join(' | ')} |`;
}
