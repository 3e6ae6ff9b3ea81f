// Which proxies are believed, and what a request looks like from in front of them.

import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  // RFC 1918, RFC 6598, RFC 3927, and their IPv6 counterparts of RFC 4193 and RFC 4291.
  private: [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '169.254.0.0/16',
    'fc00::/7',
    'fe80::/10',
  ],
};

/** True for an address, a CIDR range, `loopback` or `private`. */
export function isProxySource(source: string): boolean {
  if (Object.hasOwn(NAMED, source)) return true;
  const [address = '', prefix, ...rest] = source.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** An IPv4 address that arrived on an IPv6 socket, in its own form. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/** A request as the person's browser made it. */
export interface Origination {
  readonly address: string;
  /** Host with port where it is not the scheme's own, as the browser sees it; null when none was sent. */
  readonly host: string | null;
  readonly secure: boolean;
}

export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #any: boolean;

  /** Takes sources for which `isProxySource` holds. */
  constructor(sources: readonly string[]) {
    this.#any = sources.length > 0;
    for (const source of sources.flatMap((name) => NAMED[name] ?? [name])) {
      const [address = '', prefix] = source.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    }
  }

  trusts(address: string): boolean {
    const family = isIP(address);
    return this.#any && family !== 0 && this.#list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  /**
   * Reads who asked, and for which host. `X-Forwarded-*` count only when the socket itself comes from a trusted
   * proxy; the client is then the nearest address that is not one, as everything beyond it may be invented.
   */
  originationOf(
    headers: IncomingHttpHeaders,
    socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean },
  ): Origination {
    const peer = plainAddress(socket.remoteAddress ?? '');
    const host = headers.host ?? null;
    const secure = socket.encrypted === true;
    if (!this.trusts(peer)) return { address: peer, host, secure };
    const forwardedHost = last(headers['x-forwarded-host']);
    const forwardedProto = last(headers['x-forwarded-proto']);
    return {
      address: this.#client(peer, list(headers['x-forwarded-for'])),
      host: forwardedHost ?? host,
      secure: forwardedProto === null ? secure : forwardedProto === 'https' || forwardedProto === 'wss',
    };
  }

  #client(peer: string, chain: readonly string[]): string {
    let client = peer;
    for (const hop of chain.toReversed()) {
      if (!this.trusts(client)) break;
      const address = plainAddress(hop);
      if (isIP(address) === 0) break;
      client = address;
    }
    return client;
  }
}

function list(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The value that the nearest proxy has written. */
function last(header: string | string[] | undefined): string | null {
  return list(header).at(-1) ?? null;
}
