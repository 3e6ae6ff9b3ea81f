// Reads an address that may be none; `URL.canParse` would say so too, but Chrome 119 and Safari 16 are without it.

/** The address, or null when the text is no absolute one (WHATWG URL, section 6.1). */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}
