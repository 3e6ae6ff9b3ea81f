// Handing on a link or a text: by the clipboard, by hand where the browser forbids it, or by what the phone offers.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { common } from '../i18n/messages/common.js';
import { announce } from './announcer.js';
import { toast } from './toast.js';

/** How long a button says that it has copied, in milliseconds. */
const SAID_MS = 2_500;

/** Copies a link and says so at the edge of the screen. */
export async function copyLink(link: string): Promise<void> {
  if (await handOver(link)) toast(common('linkCopied'));
}

/** Copies any text and says so at the edge of the screen, in the words given. */
export async function copyText(text: string, said: string): Promise<void> {
  if (await handOver(text)) toast(said);
}

/** Copies a link on `copy`; `copied` is true for a moment after it worked, for the button to say so itself. */
export function useCopyLink(link: string): { readonly copied: boolean; readonly copy: () => void } {
  const times = useSignal(0);
  const copied = useSignal(false);
  useEffect(() => {
    if (times.value === 0) return;
    copied.value = true;
    const timer = setTimeout(() => {
      copied.value = false;
    }, SAID_MS);
    return () => clearTimeout(timer);
  }, [times.value, copied]);

  async function copy(): Promise<void> {
    if (!(await handOver(link))) return;
    times.value++;
    announce(common('linkCopied'));
  }
  return { copied: copied.value, copy: () => void copy() };
}

/** Opens the device's own sharing (W3C web-share). */
export async function shareLink(link: string): Promise<void> {
  try {
    await navigator.share({ url: link });
  } catch (error) {
    // AbortError: the person closed it. Anything else: the link can still be copied.
    if (!(error instanceof DOMException && error.name === 'AbortError')) await copyLink(link);
  }
}

/** Puts the link on the clipboard. Resolves to false where that cannot be done: the link was shown instead. */
async function handOver(link: string): Promise<boolean> {
  if ((await writeClipboard(link)) || copySelection(link)) return true;
  // A native prompt has the link selected, ready for the person's own copy.
  prompt(common('copyByHand'), link);
  return false;
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // NotAllowedError, or a TypeError where an insecure page has no clipboard: there are other ways.
    return false;
  }
}

/** Copies as the person's own Ctrl+C would: the way that an insecure page on a home network has. */
function copySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.className = 'visually-hidden';
  field.value = text;
  // Keeps a phone's keyboard down.
  field.readOnly = true;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}
