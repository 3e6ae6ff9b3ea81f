// Who is shown large when one person is to be large: who was pinned, else who spoke last.

/** What the choice needs to know of a person. */
export interface Candidate {
  readonly id: string;
  readonly speaking: boolean;
}

/**
 * The person to show large, or null when nobody else is there. Somebody pinned wins. Otherwise the one who was large
 * stays until somebody else speaks while they are silent: the picture never flickers between two who talk at once.
 */
export function spotlight(
  people: readonly Candidate[],
  pinned: string | null,
  former: string | null,
): string | null {
  if (people.some((person) => person.id === pinned)) return pinned;
  const current = people.find((person) => person.id === former);
  if (current?.speaking) return current.id;
  const speaker = people.find((person) => person.speaking);
  return speaker?.id ?? current?.id ?? people[0]?.id ?? null;
}
