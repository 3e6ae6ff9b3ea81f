// A person's initial on a calm disc, in a colour that stays theirs.

import './initial.css';

/** How many calm colours there are in initial.css. */
const COLOURS = 6;

/** The first character of a name as a person sees it: a whole grapheme (Unicode UAX #29), upper case. */
export function initialOf(name: string): string {
  return firstGrapheme(name.trim()).toLocaleUpperCase();
}

/** A character of most scripts that stands for itself, with nothing behind it that belongs to it. */
const PLAIN =
  /^[\u0020-\u02FF\u0370-\u03FF\u0400-\u04FF\u3041-\u30FF\u4E00-\u9FFF\uAC00-\uD7A3](?![\p{M}\u200D])/u;

function firstGrapheme(text: string): string {
  const [plain] = PLAIN.exec(text) ?? [];
  if (plain !== undefined) return plain;
  // Firefox before 125 has no segmenter: there a family of emoji shrinks to its first member.
  if (!('Segmenter' in Intl)) return [...text][0] ?? '';
  // The first one costs a page a quarter of a second of processor time, just when a picture is to be shown.
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  return first?.segment ?? '';
}

/** Which of the calm colours is a name's: the same on every screen and every device. */
export function colourOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % COLOURS;
}

interface InitialProps {
  readonly name: string;
  /** `tile`: as large as the tile around it allows. */
  readonly size?: 'small' | 'large' | 'tile';
}

/** Decoration: the name itself always stands beside it. */
export function Initial({ name, size = 'small' }: InitialProps) {
  return (
    <span class={`face face-${size} face-colour-${colourOf(name)}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}
