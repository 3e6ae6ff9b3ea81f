// Finds the web addresses in what people write, so that they can be followed; everything else stays text.

import { parseUrl } from '../../app/parse-url.js';

/** A piece of a message: plain text, or an address with the words it was written as. */
export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu;

// A sentence's own marks after an address are not part of it; Korean particles often follow without a space.
const TRAILING = /[.,;:!?…。、，！？)\]}»”’]+$/u;
// What stands before them is captured: Safari 16.3 cannot read a file with a lookbehind in it.
const HANGUL_TAIL =
  /([\x20-\x7e])(?:으로|에서|에게|까지|부터|이에요|예요|입니다|을|를|은|는|이|가|에|로|와|과|도|요)$/u;

/** Splits a text into pieces; put together again they are the text. */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const written = trimAddress(match[0]);
    const href = safeHref(written);
    if (href === null) continue;
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    pieces.push({ kind: 'link', text: written, href });
    end = match.index + written.length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}

function trimAddress(raw: string): string {
  let address = raw.replace(TRAILING, (tail) => keptBracket(raw, tail));
  address = address.replace(HANGUL_TAIL, '$1');
  return address;
}

/** A closing bracket belongs to the address when it was opened inside it, as in many encyclopaedia addresses. */
function keptBracket(raw: string, tail: string): string {
  const body = raw.slice(0, raw.length - tail.length);
  const opened = body.split('(').length - body.split(')').length;
  return opened > 0 && tail.startsWith(')') ? ')' : '';
}

/** The address as the browser understands it, only for http and https; null for anything else. */
function safeHref(written: string): string | null {
  const url = parseUrl(written);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : null;
}
