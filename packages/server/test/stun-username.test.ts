// Whom a connectivity check is for.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkedFragment } from '../src/sfu/shared-port/stun-username.js';
import { stunRequest } from './support/stun-request.js';

const SOFTWARE = 0x8022;
const USERNAME = 0x0006;

test('the fragment before the colon is that of the end that is asked', () => {
  expect(checkedFragment(stunRequest([[USERNAME, 'evtj:h6vY']]))).toBe('evtj');
  expect(
    checkedFragment(
      stunRequest([
        [SOFTWARE, 'test vector'],
        [USERNAME, 'ab:cdefg'],
      ]),
    ),
  ).toBe('ab');
});

test.each([
  ['without a colon', stunRequest([[USERNAME, 'evtj']])],
  ['with nothing before it', stunRequest([[USERNAME, ':h6vY']])],
  ['without a user name', stunRequest([[SOFTWARE, 'test']])],
  ['of another type', stunRequest([[USERNAME, 'evtj:h6vY']], 0x0101)],
  ['of another cookie', stunRequest([[USERNAME, 'evtj:h6vY']], 0x0001, 1)],
  ['cut short', stunRequest([[USERNAME, 'evtj:h6vY']]).subarray(0, -4)],
  ['too short for a header', Buffer.alloc(19)],
  ['of DTLS', Buffer.from([22, 254, 253, ...new Array<number>(40).fill(0)])],
])('a packet %s names nobody', (_, datagram) => {
  expect(checkedFragment(datagram)).toBeNull();
});

test('an attribute that says it is longer than the packet is not read', () => {
  const datagram = stunRequest([[USERNAME, 'evtj:h6vY']]);
  datagram.writeUInt16BE(2_000, 22);
  expect(checkedFragment(datagram)).toBeNull();
});

test('no packet makes it throw', () => {
  const damaged = fc
    .tuple(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 0, max: 59 }))
    .map(([noise, from]) => {
      const datagram = stunRequest([
        [SOFTWARE, 'some text'],
        [USERNAME, 'evtj:h6vY'],
      ]);
      datagram.set(noise.subarray(0, Math.max(0, datagram.length - from)), Math.min(from, datagram.length));
      return datagram;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)), (datagram) => {
      const fragment = checkedFragment(datagram);
      return fragment === null || fragment.length > 0;
    }),
    { numRuns: Number(process.env['MARU_FUZZ'] ?? 20_000) },
  );
});
