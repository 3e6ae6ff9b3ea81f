// Copies a link, or shows it to be copied by hand where the browser forbids it.

import { common } from '../i18n/messages/common.js';
import { toast } from './toast.js';

/** Copies and says so. Resolves to false where it could not be copied; the link was shown then. */
export async function copyLink(link: string): Promise<boolean> {
  if (await writeClipboard(link)) {
    toast(common('linkCopied'));
    return true;
  }
  // An insecure page or a refused permission: a native prompt has the link ready for the person's own copy.
  prompt(common('copyByHand'), link);
  return false;
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // NotAllowedError, or a TypeError where an insecure page has no clipboard: `copyLink` shows the link instead.
    return false;
  }
}
