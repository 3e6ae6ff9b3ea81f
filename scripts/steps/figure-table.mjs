// Figures for programs, one JSON object a line, and for people: ours, what ran beside it, how many times as much ours is.
// @ts-check

/** @typedef {import('../../bench/figure.js').Figure} Figure */

/** @param {Figure} figure */
export function figureLine({ figure, unit, ours, beside, ratio, runs }) {
  return JSON.stringify({ figure, unit, ours, beside, ratio, runs });
}

/** @param {readonly Figure[]} figures */
export function figureTable(figures) {
  const rows = [
    ['figure', 'ours', 'unit', 'runs', 'beside (ours is so many times that)'],
    ...figures.map(({ figure, ours, unit, runs, beside, ratio }) => [
      figure,
      String(ours),
      unit,
      String(runs),
      Object.entries(beside)
        .map(([name, value]) => `${name} ${value} (${ratio[name]?.toFixed(2)}×)`)
        .join(', '),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
