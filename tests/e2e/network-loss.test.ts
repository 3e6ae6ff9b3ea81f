// Networks that fail: the socket alone, all of it in silence, for a while or for good.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LossyNetwork, startLossyNetwork } from './support/lossy-network.js';
import type { WatchedConnection } from './support/page-watch.js';
import {
  connectionsOf,
  type Person,
  press,
  tile,
  untilSeesExactly,
  videoSelector,
} from './support/person.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilHears,
  untilMoves,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

let network: LossyNetwork;
beforeEach(async () => {
  network = await startLossyNetwork();
});
afterEach(() => network.close());

const serverGone = (person: Person) => person.page.getByText('Your call goes on while we reconnect.');
const reconnecting = (person: Person, name: string) => tile(person, name).getByText('Reconnecting…');

test('[LAD-1] [RES-3] a lost socket alone never touches the call, and is resumed', async () => {
  const { person: ann } = await network.enter(stage, 'Ann');
  const { person: bob, signalling } = await network.enter(stage, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;
  const id = await tile(ann, 'Bob').getAttribute('data-peer-id');

  signalling.cut();
  await reconnecting(ann, 'Bob').waitFor();
  await serverGone(bob).waitFor();
  await untilMoves(ann, videoSelector('Bob'));
  await untilHears(ann, videoSelector('Bob'));
  await untilMoves(bob, videoSelector('Ann'));
  // What is said between browsers still arrives while the server is away from one of them.
  await press(bob, 'Mute', 'Unmute');
  await tile(ann, 'Bob').getByText('Muted').waitFor({ state: 'attached' });

  signalling.mend();
  await reconnecting(ann, 'Bob').waitFor({ state: 'detached' });
  await serverGone(bob).waitFor({ state: 'detached' });
  await press(bob, 'Unmute', 'Mute');
  await untilAllSeeAndHear([ann, bob]);
  expect(await tile(ann, 'Bob').getAttribute('data-peer-id')).toBe(id);
  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('[LAD-2] [LAD-5] a network lost in silence: reconnecting, then the same person again', async () => {
  const { person: ann } = await network.enter(stage, 'Ann');
  const { person: bob, signalling } = await network.enter(stage, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  const id = await tile(ann, 'Bob').getAttribute('data-peer-id');

  signalling.freeze();
  network.media.cut();
  await reconnecting(ann, 'Bob').waitFor();
  await reconnecting(bob, 'Ann').waitFor();
  await serverGone(bob).waitFor();
  signalling.mend();
  network.media.mend();
  await untilAllSeeAndHear([ann, bob]);
  await reconnecting(ann, 'Bob').waitFor({ state: 'detached' });
  await reconnecting(bob, 'Ann').waitFor({ state: 'detached' });
  expect(await tile(ann, 'Bob').getAttribute('data-peer-id')).toBe(id);
  await untilSeesExactly(ann, ['Bob']);
});

/** The one connection that carries media; before it is lost, and after. */
async function onlyConnection(person: Person): Promise<WatchedConnection> {
  return until(`${person.name} has one connection that works`, async () => {
    const [only, ...more] = await liveConnections(person);
    return more.length === 0 ? only : null;
  });
}

test('[LAD-2] media alone is lost for a while: an ICE restart over the socket brings it back', async () => {
  const { person: ann } = await network.enter(stage, 'Ann');
  const { person: bob } = await network.enter(stage, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await onlyConnection(ann), await onlyConnection(bob)] as const;

  network.media.cut();
  await reconnecting(ann, 'Bob').waitFor();
  await reconnecting(bob, 'Ann').waitFor();
  for (const [index, person] of [ann, bob].entries()) {
    await until(`an ICE restart has reached ${person.name}`, async () => {
      const now = (await connectionsOf(person)).find(({ id }) => id === before[index]?.id);
      return now !== undefined && now.ufrag !== before[index]?.ufrag;
    });
  }
  network.media.mend();
  await untilAllSeeAndHear([ann, bob]);
  await reconnecting(ann, 'Bob').waitFor({ state: 'detached' });
  await reconnecting(bob, 'Ann').waitFor({ state: 'detached' });
  expect((await onlyConnection(ann)).ufrag).not.toBe(before[0].ufrag);
  expect((await onlyConnection(bob)).ufrag).not.toBe(before[1].ufrag);
});

test('[LAD-3] media is lost for longer than an ICE restart takes: a fresh connection brings it back', async () => {
  const { person: ann } = await network.enter(stage, 'Ann');
  const { person: bob } = await network.enter(stage, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await onlyConnection(ann), await onlyConnection(bob)] as const;

  network.media.cut();
  for (const [index, person] of [ann, bob].entries()) {
    await until(`${person.name} has given up the former connection`, async () => {
      const all = await connectionsOf(person);
      return all.some(({ id, state }) => id === before[index]?.id && state === 'closed');
    });
  }
  network.media.mend();
  await untilAllSeeAndHear([ann, bob]);
  await reconnecting(ann, 'Bob').waitFor({ state: 'detached' });
  await reconnecting(bob, 'Ann').waitFor({ state: 'detached' });
  expect((await onlyConnection(ann)).id).not.toBe(before[0].id);
  expect((await onlyConnection(bob)).id).not.toBe(before[1].id);
}, 120_000);

test('[LAD-4] no path for good: words that say what is missing, and a button that tries again', async () => {
  const { person: ann } = await network.enter(stage, 'Ann');
  const { person: bob } = await network.enter(stage, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  network.media.cut();
  const words = tile(ann, 'Bob').getByText('No direct path was found, and this server has no relay.');
  await words.waitFor({ timeout: 120_000 });
  await tile(ann, 'Bob').getByRole('button', { name: 'Try again' }).click();
  await words.waitFor({ state: 'detached' });
  network.media.mend();
  await untilAllSeeAndHear([ann, bob]);
  expect(await tile(ann, 'Bob').getAttribute('data-condition')).toBe('live');
}, 240_000);
