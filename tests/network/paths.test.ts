// Which path a call takes between which networks: directly where it can, over a relay where it must.

import { test } from 'vitest';
import { call, expectDirect } from './support/call.js';
import { useLab } from './support/lab.js';

const lab = useLab(() => ({
  Ann: { rules: { nat: 'keeps-ports' } },
  Bob: { rules: { nat: 'keeps-ports' } },
}));

test('home NAT to home NAT: directly, with STUN alone', async () => {
  const server = await lab.serve(['--stun', lab.coturn.urls.stun]);
  const { people, connectMs } = await call(lab, server, [lab.home('Ann'), lab.home('Bob')]);
  await expectDirect(people);
  console.log('connect', connectMs);
});
