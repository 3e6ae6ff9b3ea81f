// A person's initial on a calm disc, in a colour that stays theirs.

import './initial.css';

/** How many calm colours there are in initial.css. */
const COLOURS = 6;

/** The first character of a name as a person sees it: a whole grapheme (Unicode UAX #29), upper case. */
export function initialOf(name: string): string {
  return firstGrapheme(name.trim()).toLocaleUpperCase();
}

function firstGrapheme(text: string): string {
  // Firefox before 125 has no segmenter: there a family of emoji shrinks to its first member.
  if (!('Segmenter' in Intl)) return [...text][0] ?? '';
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
