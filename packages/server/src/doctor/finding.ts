// What the doctor has found: one sentence on how it is, and where it is not well, one on what to change.

export type Check = 'node' | 'port' | 'certificate' | 'page' | 'clock' | 'stun' | 'turn' | 'address';

export interface Finding {
  readonly check: Check;
  /** `note`: works, and might be better; `wrong`: people will meet it; `unknown`: could not be checked. */
  readonly verdict: 'good' | 'note' | 'wrong' | 'unknown';
  readonly says: string;
  /** What to change; null where all is well. */
  readonly change: string | null;
}

export const good = (check: Check, says: string): Finding => ({ check, verdict: 'good', says, change: null });
export const note = (check: Check, says: string, change: string): Finding => ({
  check,
  verdict: 'note',
  says,
  change,
});
export const wrong = (check: Check, says: string, change: string): Finding => ({
  check,
  verdict: 'wrong',
  says,
  change,
});
export const unknown = (check: Check, says: string, change: string): Finding => ({
  check,
  verdict: 'unknown',
  says,
  change,
});
