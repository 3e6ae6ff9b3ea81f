// A person's initial on a calm disc, in a colour that stays theirs.

import './initial.css';

/** How many calm colours there are in initial.css. */
const COLOURS = 6;

/** The first character of a name as a person sees it: a whole grapheme (Unicode UAX #29), upper case. */
export function initialOf(name: string): string {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const first = segmenter.segment(name.trim())[Symbol.iterator]().next().value;
  return (first?.segment ?? '').toLocaleUpperCase();
}

/** Which of the calm colours is a name's: the same on every screen and every device. */
export function colourOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % COLOURS;
}

interface InitialProps {
  readonly name: string;
  readonly size?: 'small' | 'large';
}

/** Decoration: the name itself always stands beside it. */
export function Initial({ name, size = 'small' }: InitialProps) {
  return (
    <span class={`face face-${size} face-colour-${colourOf(name)}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}
