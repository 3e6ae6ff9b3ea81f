// The little of Markdown that tests of the documents need: sections, tables, fenced blocks.

/** One table: rows of cells, the head left out, back-ticks kept. */
export type Table = readonly (readonly string[])[];

/** The text below a heading, up to the next heading of the same or a higher level; null when there is none. */
export function section(markdown: string, heading: string): string | null {
  const lines = withoutFences(markdown).split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start === -1) return null;
  const level = headingLevel(lines[start] ?? '');
  const length = lines.slice(start + 1).findIndex((line) => {
    const other = headingLevel(line);
    return other > 0 && other <= level;
  });
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join('\n');
}

/** The tables of a text, in order. */
export function tables(markdown: string): readonly Table[] {
  const blocks = withoutFences(markdown)
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter((lines) => lines.length > 2);
  return blocks.map((lines) => lines.slice(2).map(cells));
}

/** The levels of the headings of a text, in order. */
export function headingLevels(markdown: string): readonly number[] {
  return withoutFences(markdown)
    .split('\n')
    .map(headingLevel)
    .filter((level) => level > 0);
}

/** The content of each fenced block, with its comments left out: those are in the language of the page. */
export function codeBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```[^\n]*\n(.*?)^```$/gms)].map((match) =>
    (match[1] ?? '')
      .split('\n')
      .map((line) => line.replace(/\s*(^|\s)(#|\/\/) .*$/, ''))
      .filter((line) => line !== '')
      .join('\n'),
  );
}

/** The targets of the links and pictures of a text, in order. */
export function linkTargets(markdown: string): readonly string[] {
  return [...withoutFences(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** What stands between back-ticks in a cell, or in any text. */
export function codes(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

function cells(row: string): readonly string[] {
  // A pipe inside a cell is written with a backslash.
  return row
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function headingLevel(line: string): number {
  return /^(#+) /.exec(line)?.[1]?.length ?? 0;
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^```.*?^```$/gms, '');
}
