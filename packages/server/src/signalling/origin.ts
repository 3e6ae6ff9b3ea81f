// Which pages may open a signalling socket (RFC 6455, section 10.2).

/**
 * True when a page of `origin` may connect: one of this very host, or one that is configured.
 * Without an `Origin` header it is no browser, and nothing that a browser would need protection from.
 */
export function originAllowed(
  origin: string | undefined,
  host: string | null,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  if (host === null || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  // Through the URL parser, so that `example.org:443` and `https://example.org` are seen to be the same.
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === originHost;
}
