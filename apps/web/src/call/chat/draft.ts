// What stands in the field of the chat: whether it can be sent, and when Enter sends it.

import { MAX_CHAT_LENGTH } from '@maru/protocol';

/** What of a KeyboardEvent decides. `keyCode` 229 is how Safari says that an input method is at work. */
export interface EnterPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Enter sends, Shift+Enter begins a line, and an Enter that ends a syllable in composition does neither. */
export function sendsOn(press: EnterPress): boolean {
  return press.key === 'Enter' && !press.shiftKey && !press.isComposing && press.keyCode !== 229;
}

/** How many UTF-16 units of a draft are too many; 0 when it fits. */
export function excess(draft: string): number {
  return Math.max(0, draft.trim().length - MAX_CHAT_LENGTH);
}

/** The text to send, without space around it; null when there is nothing, or too much. */
export function sendable(draft: string): string | null {
  const text = draft.trim();
  return text === '' || text.length > MAX_CHAT_LENGTH ? null : text;
}
