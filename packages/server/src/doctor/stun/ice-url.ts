// The parts of a stun:, stuns:, turn: or turns: URL (RFC 7064 and RFC 7065).

export interface IceUrl {
  readonly text: string;
  readonly scheme: 'stun' | 'stuns' | 'turn' | 'turns';
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** How the server is reached: `dtls` is what `turns:` over UDP would be, which browsers do not speak. */
  readonly transport: 'udp' | 'tcp' | 'tls' | 'dtls';
}

const FORM = /^(stuns?|turns?):(\[[0-9a-f:.]+\]|[^\s:?/[\]]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;
/** RFC 8489, section 18.6, and RFC 8656, section 3.1. */
const DEFAULT_PORT = { plain: 3_478, secure: 5_349 };

/** Reads a URL; null when it is none that a browser takes. */
export function parseIceUrl(text: string): IceUrl | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const scheme = match[1]?.toLowerCase() as IceUrl['scheme'];
  const secure = scheme === 'stuns' || scheme === 'turns';
  const port = match[3] === undefined ? DEFAULT_PORT[secure ? 'secure' : 'plain'] : Number(match[3]);
  if (port < 1 || port > 65_535) return null;
  const asked = match[4]?.toLowerCase();
  const plain = asked === 'tcp' ? 'tcp' : 'udp';
  return {
    text,
    scheme,
    host: (match[2] ?? '').replace(/^\[|\]$/g, ''),
    port,
    // Without a transport, browsers take TLS over TCP for the secure schemes.
    transport: secure ? (asked === 'udp' ? 'dtls' : 'tls') : plain,
  };
}
