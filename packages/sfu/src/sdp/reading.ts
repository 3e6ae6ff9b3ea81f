// What was read from an offer, or why it is refused.

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

export function read<T>(value: T): Reading<T> {
  return { ok: true, value };
}

/** `reason`: a sentence for people that quotes nothing of the offer, because it goes to logs. */
export function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
