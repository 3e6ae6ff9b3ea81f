// The doctor's page: what gathering, trips and all of them together are taken to mean.

import { describe, expect, test } from 'vitest';
import { conclusions } from '../src/doctor/examination.js';
import { type IceAddress, parseIceAddress } from '../src/doctor/ice-address.js';
import { good, type PageFinding, wrong } from '../src/doctor/page-finding.js';
import type { Gathering } from '../src/doctor/rtc-gathering.js';
import { describeStun } from '../src/doctor/stun-check.js';
import { describeTrip } from '../src/doctor/turn-check.js';

function address(text: string): IceAddress {
  const parsed = parseIceAddress(text);
  if (!parsed) throw new Error(`${text} is an address`);
  return parsed;
}

const NOTHING: Gathering = { address: null, errors: [], complete: true, ms: 100 };
const texts = ({ verdict, says, change }: PageFinding) => `${verdict} ${says()} ${change?.() ?? ''}`;

test.each([
  ['stun:a.example', { kind: 'stun', transport: 'udp', port: 3_478 }],
  ['turn:a.example:80?transport=tcp', { kind: 'turn', transport: 'tcp', port: 80 }],
  ['turns:[2001:db8::1]:443?transport=tcp', { kind: 'turn', transport: 'tls', port: 443 }],
  ['TURNS:a.example', { kind: 'turn', transport: 'tls', port: 5_349 }],
])('%s is read', (text, parts) => {
  expect(parseIceAddress(text)).toMatchObject(parts);
});

test.each(['http://a', 'turn:', 'turn:a:b', 'turn:a b', 'turn:a?transport=quic'])(
  '%s is no address',
  (text) => {
    expect(parseIceAddress(text)).toBeNull();
  },
);

describe('a STUN server', () => {
  const stun = address('stun:a.example:19302');

  test('that answers is good, with or without NAT in between', () => {
    expect(texts(describeStun({ ...NOTHING, address: '192.0.2.7' }, stun))).toMatch(/^good .*192\.0\.2\.7/);
    expect(texts(describeStun(NOTHING, stun))).toMatch(/^good .*no other address/);
  });

  test('that is silent, or whose name is unknown, is not', () => {
    expect(texts(describeStun({ ...NOTHING, complete: false }, stun))).toMatch(/^wrong .*UDP port 19302/);
    const lookup = { code: 701, text: 'STUN host lookup received error.' };
    expect(texts(describeStun({ ...NOTHING, errors: [lookup] }, stun))).toMatch(
      /^wrong .*name cannot be found/,
    );
    const timeout = { code: 701, text: 'STUN binding request timed out.' };
    expect(texts(describeStun({ ...NOTHING, errors: [timeout] }, stun))).toMatch(/^wrong .*does not answer/);
  });
});

describe('a TURN server', () => {
  const trip = (url: string, gathering: Partial<Gathering>) =>
    texts(describeTrip({ gathering: { ...NOTHING, ...gathering }, passed: null }, address(url)));
  const error = (code: number, text = '') => ({ errors: [{ code, text }] });

  test('that carries bytes is good', () => {
    const passed = { bytes: 65_536, ms: 40 };
    const finding = describeTrip(
      { gathering: { ...NOTHING, address: '192.0.2.9' }, passed },
      address('turn:a'),
    );
    expect(texts(finding)).toMatch(/^good .*64 kB.*40 ms/);
  });

  test.each([
    ['refuses the credentials', 'turn:a', error(401, 'Unauthorized')],
    ['refuses the credentials', 'turns:a', error(441)],
    ['name cannot be found', 'turn:a', error(701, 'TURN host lookup received error.')],
    ['refuses: 486 Allocation Quota Reached', 'turn:a', error(486, 'Allocation Quota Reached')],
    ['open UDP port 3478', 'turn:a', { ...error(701), ms: 9_600 }],
    ['open TCP port 3478', 'turn:a?transport=tcp', { complete: false, ms: 11_000 }],
    ['no connection comes about', 'turn:a?transport=tcp', { ms: 50 }],
    ['no secure connection', 'turns:a:443', { ms: 50 }],
    ['nothing comes through it', 'turn:a', { address: '192.0.2.9' }],
  ])('%s: %s', (words, url, gathering) => {
    expect(trip(url, gathering)).toMatch(/^wrong /);
    expect(trip(url, gathering)).toContain(words);
  });
});

describe('all of them together', () => {
  const yes = good(() => 'works');
  const no = wrong(
    () => 'does not',
    () => 'change it',
  );
  const tried = (...list: readonly (readonly [string, PageFinding])[]) =>
    conclusions(list.map(([url, finding]) => ({ address: address(url), finding }))).map(texts);

  test('say that the network blocks UDP when only relays over TCP or TLS work', () => {
    expect(tried(['stun:a', no], ['turn:a', no], ['turns:a', yes])[0]).toMatch(/^note .*no UDP/);
  });

  test('say that no relay works', () => {
    expect(tried(['stun:a', yes], ['turn:a', no], ['turns:a', no])[0]).toMatch(/^wrong .*No relay/);
  });

  test('say nothing where all is well, or one UDP server answers, or there is no relay', () => {
    expect(tried(['stun:a', yes], ['turn:a', yes], ['turns:a', yes])).toEqual([]);
    expect(tried(['stun:a', yes], ['turn:a', no], ['turns:a', yes])).toEqual([]);
    expect(tried(['stun:a', no])).toEqual([]);
  });
});
