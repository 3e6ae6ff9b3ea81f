// The parts of an ICE server's URL that words and verdicts need (RFC 7064 and RFC 7065).

import type { IceServer } from '@maru/protocol';

export interface IceAddress {
  readonly text: string;
  readonly kind: 'stun' | 'turn';
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly port: number;
}

const FORM = /^(stun|turn)(s?):(?:\[[0-9a-f:.]+\]|[^\s:?/[\]]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;

/** Reads a URL; null when browsers would refuse it. */
export function parseIceAddress(text: string): IceAddress | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const secure = match[2] !== '';
  return {
    text,
    kind: match[1]?.toLowerCase() === 'stun' ? 'stun' : 'turn',
    transport: secure ? 'tls' : match[4]?.toLowerCase() === 'tcp' ? 'tcp' : 'udp',
    port: Number(match[3] ?? (secure ? 5_349 : 3_478)),
  };
}

/** The server with this one URL, as RTCPeerConnection takes it. */
export function rtcServer({ username, credential }: IceServer, { text }: IceAddress): RTCIceServer {
  return username === undefined || credential === undefined
    ? { urls: text }
    : { urls: text, username, credential };
}
