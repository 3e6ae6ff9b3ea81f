// Which path a call takes between which networks: directly where it can, over a relay where it must.

import { expect, test } from 'vitest';
import {
  call,
  isDirect,
  isRelayed,
  ownRelay,
  type Pair,
  pairWords,
  untilPair,
  usedPair,
} from './support/call.js';
import { TURN_SECRET } from './support/coturn.js';
import { RELAY_ADDRESS, SERVER_ADDRESS, useLab } from './support/lab.js';
import { report } from './support/measured.js';
import type { UsedPair } from './support/page-probe.js';
import type { RouterRules } from './support/router.js';

/** How often each pair of networks is tried; what is reported is the spread. */
const RUNS = 5;

const HOME: RouterRules = { nat: 'keeps-ports' };
const SYMMETRIC: RouterRules = { nat: 'symmetric' };
const NO_UDP: RouterRules = { nat: 'keeps-ports', lets: 'no-udp' };
const ONLY_443: RouterRules = { nat: 'keeps-ports', lets: 'only-tcp-443' };

const lab = useLab(() => ({
  Ann: { rules: HOME },
  Bob: { rules: HOME },
  Dora: { rules: HOME, behind: HOME },
  Six: { rules: { nat: 'none' }, speaks: 'v6' },
}));

interface Row {
  readonly from: string;
  readonly to: string;
  /** Whose home, and what its router is like; without rules as it is. */
  readonly first: readonly [name: string, rules?: RouterRules];
  readonly second: readonly [name: string, rules?: RouterRules];
  readonly flags?: () => string[];
  readonly wanted: string;
  /** What the pair at each end must be. */
  readonly ends: readonly [(pair: UsedPair) => boolean, (pair: UsedPair) => boolean];
}

/** One machine, one port, one certificate: Maru passes on to coturn what speaks TURN. */
const turnOnThePagesPort = (): string[] => [
  ...['--stun', lab.coturn.urls.stun, '--turn', `turns:${SERVER_ADDRESS.v4}:443?transport=tcp`],
  ...['--turn-secret', TURN_SECRET, '--turns-upstream', `${RELAY_ADDRESS.v4}:3478`],
];

const stunAlone = (): string[] => ['--stun', lab.coturn.urls.stun];

/** Over a relay that whoever has one reaches over UDP. */
const relayOverUdp = (pair: UsedPair): boolean =>
  isRelayed(pair) && (pair.relayProtocol === null || pair.relayProtocol === 'udp');

const ROWS: readonly Row[] = [
  {
    from: 'home NAT',
    to: 'home NAT',
    first: ['Ann', HOME],
    second: ['Bob', HOME],
    flags: stunAlone,
    wanted: 'directly, with STUN alone',
    ends: [isDirect, isDirect],
  },
  {
    from: 'home NAT behind another',
    to: 'home NAT',
    first: ['Dora'],
    second: ['Bob', HOME],
    flags: stunAlone,
    wanted: 'directly, with STUN alone',
    ends: [isDirect, isDirect],
  },
  {
    from: 'home NAT',
    to: 'home NAT, with a relay there',
    first: ['Ann', HOME],
    second: ['Bob', HOME],
    wanted: 'directly all the same',
    ends: [isDirect, isDirect],
  },
  {
    from: 'symmetric',
    to: 'symmetric',
    first: ['Ann', SYMMETRIC],
    second: ['Bob', SYMMETRIC],
    wanted: 'over TURN over UDP',
    ends: [relayOverUdp, relayOverUdp],
  },
  {
    from: 'symmetric',
    to: 'home NAT',
    first: ['Ann', SYMMETRIC],
    second: ['Bob', HOME],
    wanted: 'over TURN over UDP',
    ends: [relayOverUdp, relayOverUdp],
  },
  {
    from: 'UDP blocked',
    to: 'home NAT',
    first: ['Ann', NO_UDP],
    second: ['Bob', HOME],
    wanted: 'over TURN over TCP',
    ends: [ownRelay('tcp'), isRelayed],
  },
  {
    from: 'UDP blocked',
    to: 'UDP blocked',
    first: ['Ann', NO_UDP],
    second: ['Bob', NO_UDP],
    wanted: 'over TURN over TCP',
    ends: [ownRelay('tcp'), ownRelay('tcp')],
  },
  {
    from: 'only TCP 443',
    to: 'home NAT',
    first: ['Ann', ONLY_443],
    second: ['Bob', HOME],
    wanted: 'over TURN over TLS on 443',
    ends: [ownRelay('tls'), isRelayed],
  },
  {
    from: 'only TCP 443',
    to: 'symmetric',
    first: ['Ann', ONLY_443],
    second: ['Bob', SYMMETRIC],
    wanted: 'over TURN over TLS on 443',
    ends: [ownRelay('tls'), isRelayed],
  },
  {
    from: 'only TCP 443, TURN on the page’s own port',
    to: 'home NAT',
    first: ['Ann', ONLY_443],
    second: ['Bob', HOME],
    flags: turnOnThePagesPort,
    wanted: 'over TURN over TLS on 443',
    ends: [ownRelay('tls'), isRelayed],
  },
  {
    from: 'IPv6 only',
    to: 'home NAT',
    first: ['Six'],
    second: ['Bob', HOME],
    wanted: 'over TURN',
    ends: [isRelayed, isRelayed],
  },
];

const named = ROWS.map((row) => [`${row.from} to ${row.to}: ${row.wanted}`, row] as const);

test.each(named)('%s', async (_, { from, to, first, second, flags, wanted, ends }) => {
  const server = await lab.serve(flags?.());
  const homes = [lab.home(first[0]), lab.home(second[0])] as const;
  if (first[1]) await homes[0].become(first[1]);
  if (second[1]) await homes[1].become(second[1]);
  const each = async ([early, late]: Pair): Promise<void> => {
    await Promise.all([untilPair(early, wanted, ends[0]), untilPair(late, wanted, ends[1])]);
  };
  const { people, connectMs } = await call(lab, server, homes, { times: RUNS, each });
  expect(connectMs).toHaveLength(RUNS);
  const path = (await Promise.all(people.map(usedPair))).map(pairWords).join('; ');
  report({ table: 'paths', row: `${from} → ${to}`, ms: connectMs, columns: { path } });
});
