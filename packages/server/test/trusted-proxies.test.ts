// Whose word counts about where a request comes from.

import { expect, test } from 'vitest';
import { isProxySource, TrustedProxies } from '../src/http/trusted-proxies.js';
import { addressKey } from '../src/signalling/rate-limit.js';

const from = (sources: readonly string[], remoteAddress: string, headers: Record<string, string>) =>
  new TrustedProxies(sources).originationOf({ host: 'inner', ...headers }, { remoteAddress });

test('without a trusted proxy forwarded headers are ignored', () => {
  const headers = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-host': 'evil', 'x-forwarded-proto': 'https' };
  expect(from([], '10.0.0.9', headers)).toEqual({ address: '10.0.0.9', host: 'inner', secure: false });
  expect(from(['10.0.0.8'], '10.0.0.9', headers)).toMatchObject({ address: '10.0.0.9' });
});

test.each([
  [['10.0.0.9'], '10.0.0.9', '1.2.3.4', '1.2.3.4'],
  [['10.0.0.0/8'], '::ffff:10.0.0.9', '1.2.3.4', '1.2.3.4'],
  // Only what the nearest proxy adds is sure: what stands further left may be the client's invention.
  [['10.0.0.0/8'], '10.0.0.9', '9.9.9.9, 1.2.3.4', '1.2.3.4'],
  [['private'], '10.0.0.9', '1.2.3.4, 192.168.1.1', '1.2.3.4'],
  [['loopback'], '::1', '2001:db8::1', '2001:db8::1'],
  [['loopback'], '127.0.0.1', 'nonsense', '127.0.0.1'],
  [['loopback'], '127.0.0.1', '', '127.0.0.1'],
  [['2001:db8::/32'], '2001:db8::5', '1.2.3.4', '1.2.3.4'],
])('trusting %j, a request from %s forwarded for "%s" is from %s', (sources, peer, chain, client) => {
  expect(from(sources, peer, { 'x-forwarded-for': chain }).address).toBe(client);
});

test('addresses, ranges and the two names are sources; anything else is not', () => {
  for (const good of ['10.0.0.1', '10.0.0.0/8', '::1', 'fc00::/7', 'loopback', 'private']) {
    expect(isProxySource(good), good).toBe(true);
  }
  for (const bad of [
    '',
    '10.0.0',
    '10.0.0.0/33',
    'fc00::/129',
    '10.0.0.0/8/8',
    'example.org',
    'toString',
    '1.1.1.1/',
  ]) {
    expect(isProxySource(bad), bad).toBe(false);
  }
});

test('an IPv6 network of 64 bits counts as one address', () => {
  expect(addressKey('2001:db8::1')).toBe(addressKey('2001:db8:0:0:ffff::2'));
  expect(addressKey('2001:db8:1::1')).not.toBe(addressKey('2001:db8:2::1'));
  expect(addressKey('::1')).toBe(addressKey('0:0:0:0:0:0:0:2'));
  expect(addressKey('192.0.2.1')).toBe('192.0.2.1');
});
