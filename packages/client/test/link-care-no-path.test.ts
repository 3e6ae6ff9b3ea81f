// Why there is no path, and which ICE servers are to blame: pure functions of what a browser says.

import { describe, expect, test } from 'vitest';
import { iceFailure } from '../src/link/care/ice-failure.js';
import { failedServers, normalUrl } from '../src/link/care/ice-server-report.js';
import { noPathReason, type PathFacts, whyNoPath } from '../src/link/care/no-path-reason.js';

const TURN = 'turn:turn.example:3478?transport=udp';

describe('the reason', () => {
  const facts = (changes: Partial<PathFacts>): PathFacts => ({
    relay: true,
    errors: [],
    local: new Set(['host', 'srflx']),
    remote: new Set(['host', 'srflx']),
    ...changes,
  });
  const error = (errorCode: number, url = TURN) => ({ url, errorCode });

  test.each<[string, string, Partial<PathFacts>]>([
    ['no relay is configured', 'no-relay', { relay: false }],
    ['the relay is silent', 'relay-unreachable', {}],
    ['the relay could not be reached', 'relay-unreachable', { errors: [error(701)] }],
    ['the relay refuses the credentials', 'relay-refused', { errors: [error(701), error(401)] }],
    ['the relay is full', 'relay-refused', { errors: [error(486)] }],
    [
      'a STUN server refuses, which is no relay',
      'relay-unreachable',
      { errors: [error(400, 'stun:a:3478')] },
    ],
    ['the other end reaches no relay', 'peer-unreachable', { local: new Set(['host', 'relay']) }],
    ['both have a relay', 'no-path', { local: new Set(['relay']), remote: new Set(['relay']) }],
    ['nothing is known of the other end', 'peer-unreachable', { remote: new Set() }],
    ['that is so and there is no relay', 'no-relay', { relay: false, remote: new Set() }],
  ])('[LAD-9] where %s is %s', (_, reason, changes) => {
    expect(noPathReason(facts(changes))).toBe(reason);
  });
});

test('[LAD-9] candidates that the statistics have forgotten were heard all the same', async () => {
  const sdp = 'a=candidate:1 1 udp 1 203.0.113.7 40000 typ relay raddr 0.0.0.0 rport 0\r\n';
  const pc = {
    getStats: async () => new Map([['l', { type: 'local-candidate', candidateType: 'relay' }]]),
    currentRemoteDescription: { type: 'answer', sdp },
  } as unknown as RTCPeerConnection;
  const servers = [{ urls: [TURN] }];
  expect(await whyNoPath({ pc, relayed: false, iceErrors: [] }, servers)).toBe('no-path');
});

test.each([
  [401, 'credentials'],
  [438, 'credentials'],
  [441, 'credentials'],
  [403, 'refused'],
  [437, 'refused'],
  [486, 'refused'],
  [508, 'refused'],
  [600, 'refused'],
  [701, 'unreachable'],
])('[REP-1] the error %i of an ICE server is: %s', (code, failure) => {
  expect(iceFailure(code)).toBe(failure);
});

describe('servers that failed', () => {
  const configured = [
    { urls: ['stun:turn.example'] },
    { urls: ['turn:turn.example', 'turns:turn.example:443?transport=tcp'], username: 'u', credential: 'c' },
  ];
  const failed = (errors: [string, number][], gave: string[] = []) =>
    Object.fromEntries(
      failedServers(
        configured,
        errors.map(([url, errorCode]) => ({ url, errorCode })),
        new Set(gave.map(normalUrl)),
      ),
    );

  test('[REP-1] are told by the URL as it was listed, each once', () => {
    const errors: [string, number][] = [
      [TURN, 701],
      [TURN, 701],
      ['turns:turn.example:443?transport=tcp', 701],
      ['turn:elsewhere.example:3478', 701],
    ];
    expect(failed(errors)).toEqual({
      'turn:turn.example': 'unreachable',
      'turns:turn.example:443?transport=tcp': 'unreachable',
    });
  });

  test('[REP-1] are not those that gave a candidate on another network of the device', () => {
    expect(
      failed(
        [
          [TURN, 701],
          ['stun:turn.example:3478', 701],
        ],
        ['turn:turn.example:3478'],
      ),
    ).toEqual({
      'stun:turn.example': 'unreachable',
    });
  });

  test('[REP-1] an answer says more than silence', () => {
    expect(
      failed([
        [TURN, 701],
        [TURN, 401],
      ]),
    ).toEqual({ 'turn:turn.example': 'credentials' });
  });
});

test.each([
  ['turn:A.example', 'turn a.example 3478 udp'],
  ['turns:a.example', 'turns a.example 5349 tcp'],
  ['turn:[2001:db8::1]:443?transport=tcp', 'turn [2001:db8::1] 443 tcp'],
  ['stun:192.0.2.1:19302', 'stun 192.0.2.1 19302 udp'],
])('%s is in full %s', (url, normal) => {
  expect(normalUrl(url)).toBe(normal);
});
