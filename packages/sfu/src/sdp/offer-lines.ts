// The lines of an offer that a plan is made of. The parser tries each line on some sixty patterns, those that it does not
// know on all of them: what nobody reads is left out before.

/** Most lines that are read: Chromium with 64 slots offers about 11,000. */
export const MAX_LINES = 16_384;

const ATTRIBUTES = new Set([
  'bundle-only',
  'extmap',
  'extmap-allow-mixed',
  'fingerprint',
  'fmtp',
  'group',
  'ice-pwd',
  'ice-ufrag',
  'inactive',
  'max-message-size',
  'mid',
  'recvonly',
  'rid',
  'rtcp-fb',
  'rtcp-mux',
  'rtcp-rsize',
  'rtpmap',
  'sctp-port',
  'sendonly',
  'sendrecv',
  'setup',
  'simulcast',
  'ssrc',
  'ssrc-group',
]);

/** Null when there are too many. */
export function relevantLines(offer: string): string | null {
  const lines = offer.split(/\r\n?|\n/);
  return lines.length > MAX_LINES ? null : lines.filter(isRelevant).join('\n');
}

function isRelevant(line: string): boolean {
  if (line.startsWith('m=')) return true;
  if (!line.startsWith('a=')) return false;
  const end = line.indexOf(':');
  return ATTRIBUTES.has(line.slice(2, end < 0 ? undefined : end));
}
