// Who is inside already, by name as far as the room tells.

import type { Occupancy } from '@maru/protocol';
import { language } from '../i18n/language.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { Initial } from '../ui/initial.js';

/** Names that are said in full; beyond that only how many. */
const NAMED = 3;

interface WhoIsInsideProps {
  /** Null before the server has said. */
  readonly occupancy: Occupancy | null;
}

export function WhoIsInside({ occupancy }: WhoIsInsideProps) {
  // The line keeps its place while it is not known yet, so that nothing jumps.
  if (occupancy === null) return <p class="inside">&nbsp;</p>;
  return (
    <p class="inside">
      {occupancy.names.length > 0 && (
        <span class="inside-faces">
          {occupancy.names.slice(0, NAMED).map((name, index) => (
            <Initial key={`${index}-${name}`} name={name} />
          ))}
        </span>
      )}
      <span>{insideText(occupancy)}</span>
    </p>
  );
}

/** "Jiwoo, Marta and Hyunsu are inside", in the page's language. */
export function insideText(occupancy: Pick<Occupancy, 'count' | 'names'>): string {
  const { count, names } = occupancy;
  if (count === 0) return t('nobodyInside');
  if (names.length === 0) return t('countInside', { count });
  const more = count - Math.min(names.length, NAMED);
  if (more > 0) return t('namesAndMore', { names: names.slice(0, NAMED).join(', '), count: more });
  return t('namesInside', { names: joinNames(names), count });
}

function joinNames(names: readonly string[]): string {
  // Korean lists people with commas alone; Intl.ListFormat would put a bookish "및" before the last.
  if (language.value === 'ko') return names.join(', ');
  return new Intl.ListFormat(language.value, { type: 'conjunction' }).format(names);
}
