// Handing on the link to the room: by the clipboard, or by what the phone offers.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { common } from '../i18n/messages/common.js';
import { announce } from '../ui/announcer.js';
import { toast } from '../ui/toast.js';

/** How long a button says that it has copied, in milliseconds. */
const SAID_MS = 2_500;

/** Copies a link on `copy`; `copied` is true for a moment after it worked. */
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
    try {
      await navigator.clipboard.writeText(link);
      times.value++;
      announce(common('linkCopied'));
    } catch {
      // No clipboard without a secure context or against the person's settings: show the link itself.
      toast(`${common('copyByHand')}: ${link}`);
    }
  }
  return { copied: copied.value, copy: () => void copy() };
}

/** Opens the device's own sharing (W3C web-share). */
export async function shareLink(url: string): Promise<void> {
  try {
    await navigator.share({ url });
  } catch (error) {
    // AbortError: the person closed it. Anything else: the link is still there to be copied.
    if (!(error instanceof DOMException && error.name === 'AbortError')) {
      toast(`${common('copyByHand')}: ${url}`);
    }
  }
}
