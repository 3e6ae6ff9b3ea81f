// What the page has found, in words that follow the page's language.

/** Says itself in the language that the page has now. */
export type Words = () => string;

export interface PageFinding {
  readonly verdict: 'good' | 'note' | 'wrong';
  readonly says: Words;
  /** What to change; null where all is well. */
  readonly change: Words | null;
}

export const good = (says: Words): PageFinding => ({ verdict: 'good', says, change: null });
export const note = (says: Words, change: Words): PageFinding => ({ verdict: 'note', says, change });
export const wrong = (says: Words, change: Words): PageFinding => ({ verdict: 'wrong', says, change });
