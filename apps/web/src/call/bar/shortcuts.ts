// The keys of a call, and when a key press is one of them.

/** What a key can do in a call. */
export type Command = 'mic' | 'camera' | 'screen' | 'hand' | 'chat' | 'leave';

/** The letter on the key, shown in each control's tooltip. */
export const SHORTCUTS: Readonly<Record<Command, string>> = {
  mic: 'M',
  camera: 'V',
  screen: 'S',
  hand: 'H',
  chat: 'C',
  leave: 'L',
};

/** What of a KeyboardEvent the decision needs (W3C uievents, section 4.7). */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
}

const COMMANDS = new Map<string, Command>(
  Object.entries(SHORTCUTS).map(([command, letter]) => [letter, command as Command]),
);

/**
 * The command of a key press, or null. The place of the key counts where the letter does not: with a Korean layout
 * the M key types ㅡ, and still is M. Keys with a modifier belong to the browser.
 */
export function commandOf(press: KeyPress): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.isComposing) return null;
  const letter = /^[a-z]$/i.test(press.key) ? press.key.toUpperCase() : null;
  const key = letter ?? (isLatin(press.key) ? null : /^Key([A-Z])$/.exec(press.code)?.[1]);
  return key ? (COMMANDS.get(key) ?? null) : null;
}

/** True while the person writes or chooses: keys belong to the field then. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="textbox"]') !== null)
  );
}

function isLatin(key: string): boolean {
  return /^[\x20-\x7e]+$/.test(key);
}
