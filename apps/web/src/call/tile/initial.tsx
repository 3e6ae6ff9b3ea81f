// In place of a picture: the first letter of a name on a calm disc.

/** The first character as a person sees it (UAX #29), so that an emoji or a composed syllable stays whole. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim());
  return (first?.segment ?? '').toLocaleUpperCase();
}

/** How many tints of the disc the style sheet has. */
const TINTS = 6;

/** One of the tints, the same for the same name everywhere. */
export function tintOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % TINTS;
}

export function Initial({ name }: { readonly name: string }) {
  return (
    <span class="initial" data-tint={tintOf(name)} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}
