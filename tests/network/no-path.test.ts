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

interface Trouble {
  readonly what: string;
  /** Of a server of its own, besides the STUN server. */
  readonly port: number;
  readonly flags: () => readonly string[];
  /** What the people read, and what the log says and does not. */
  readonly words: string;
  readonly line: () => string;
  readonly not: string;
}

const nobody = `turn:${NOBODYS_ADDRESS.v4}:3478`;
const refusing = (): string => `TURN server ${lab.coturn.urls.udp} refused the credentials`;

const TROUBLES: readonly Trouble[] = [
  {
    what: 'wrong credentials',
    port: 443,
    flags: () => ['--turn', lab.coturn.urls.udp, '--turn-secret', 'not what coturn has'],
    words: REFUSED,
    line: refusing,
    not: 'could not be reached',
  },
  {
    what: 'expired credentials',
    port: 8_443,
    flags: () => ['--turn', lab.coturn.urls.udp, ...expiredCredentials()],
    words: REFUSED,
    line: refusing,
    not: 'could not be reached',
  },
  {
    what: 'nobody there',
    port: 8_444,
    flags: () => ['--turn', nobody, '--turn-secret', TURN_SECRET],
    words: UNREACHABLE,
    line: () => `TURN server ${nobody} could not be reached`,
    not: 'refused the credentials',
  },
];

test('a relay that refuses wrong or expired credentials is told apart from one that is not there, on the page and in the log', async () => {
  // Side by side, as most of it is waiting.
  const told = TROUBLES.map(async ({ what, port, flags, words, line, not }) => {
    const server = await lab.serve(['--stun', lab.coturn.urls.stun, ...flags()], port);
    const names = [`Ann, ${what}`, `Bob, ${what}`] as const;
    const { people } = await meet(lab, server, homes(), { names, query: 'camera=off&mic=off' });
    await bothSaid(people, words);
    await until(`the log says: ${line()}`, () => server.log().includes(line()));
    expect(server.log()).not.toContain(not);
  });
  await Promise.all(told);
});
