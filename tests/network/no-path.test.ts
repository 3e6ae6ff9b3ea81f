// Networks between which nothing gets through: what is wrong is said in words, to the people and to the operator.

import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Person } from '../e2e/support/person.js';
import { until } from '../e2e/support/until.js';
import { meet, type Pair } from './support/call.js';
import { TURN_SECRET } from './support/coturn.js';
import { NOBODYS_ADDRESS, useLab } from './support/lab.js';
import { report, spread } from './support/measured.js';

const RUNS = 5;

/** What is promised, and what a machine that is busy with the lab may add to it. */
const PROMISED_MS = 10_000;
const BUSY_MS = 10_000;

const lab = useLab(() => ({
  Ann: { rules: { nat: 'symmetric' } },
  Bob: { rules: { nat: 'symmetric' } },
}));

function homes() {
  return [lab.home('Ann'), lab.home('Bob')] as const;
}

/** When the tile of the other said this, at both ends; the later of the two, in Unix time. */
async function bothSaid([one, other]: Pair, words: string): Promise<number> {
  const said = (person: Person, name: string): Promise<number> =>
    until(`${person.name} reads: ${words}`, () =>
      person.page.evaluate(({ of, said }) => window.probe.saidAt(of, said), { of: name, said: words }),
    );
  return Math.max(...(await Promise.all([said(one, other.name), said(other, one.name)])));
}

test('no relay, symmetric on both sides: the tile says so within 10 s, and what the operator can do', async () => {
  const server = await lab.serve(['--stun', lab.coturn.urls.stun]);
  const words = 'this server has no relay. Whoever runs it can add one: a TURN server.';
  // Side by side, as most of it is waiting; without cameras, so that ten pages do not load the machine.
  const ms = await Promise.all(
    Array.from({ length: RUNS }, async (_, run) => {
      const names = [`Ann ${run + 1}`, `Bob ${run + 1}`] as const;
      const { people, joinedAt } = await meet(lab, server, homes(), { names, query: 'camera=off&mic=off' });
      return (await bothSaid(people, words)) - joinedAt;
    }),
  );
  report({
    table: 'paths',
    row: 'symmetric → symmetric, without a relay',
    ms,
    columns: { path: 'none: said in words' },
  });
  expect(spread(ms).max).toBeLessThan(PROMISED_MS + BUSY_MS);
});

/** Credentials of coturn's `use-auth-secret` that were good until 2001. */
function expiredCredentials(): string[] {
  const username = '1000000000:someone';
  const credential = createHmac('sha1', TURN_SECRET).update(username).digest('base64');
  return ['--turn-username', username, '--turn-credential', credential];
}

const REFUSED = 'the relay refused the credentials. Whoever runs the server can check the TURN secret.';
const UNREACHABLE = 'the relay cannot be reached from here.';

test.each([
  ['wrong', () => ['--turn-secret', 'not what coturn has']],
  ['expired', expiredCredentials],
])('%s credentials: the people and the log are told that the relay refuses them', async (_, credentials) => {
  const { udp } = lab.coturn.urls;
  const server = await lab.serve(['--stun', lab.coturn.urls.stun, '--turn', udp, ...credentials()]);
  const { people } = await meet(lab, server, homes());
  await bothSaid(people, REFUSED);
  const line = `TURN server ${udp} refused the credentials`;
  await until('the log says that the credentials are refused', () => server.log().includes(line));
  expect(server.log()).not.toContain('could not be reached');
});

test('a relay that is not there: the people and the log are told that it cannot be reached', async () => {
  const nobody = `turn:${NOBODYS_ADDRESS.v4}:3478`;
  const flags = ['--stun', lab.coturn.urls.stun, '--turn', nobody, '--turn-secret', TURN_SECRET];
  const server = await lab.serve(flags);
  const { people } = await meet(lab, server, homes());
  await bothSaid(people, UNREACHABLE);
  const line = `TURN server ${nobody} could not be reached`;
  await until('the log says that the relay cannot be reached', () => server.log().includes(line));
  expect(server.log()).not.toContain('refused the credentials');
});
