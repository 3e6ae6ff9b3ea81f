// Networks that fail: the socket alone, all of it in silence, for a while or for good.

import { afterEach, expect, test } from 'vitest';
import { enterOverLossyNetwork, type LossyNetwork } from './support/lossy-person.js';
import { button, type Person, press, tile, untilSeesExactly, videoSelector } from './support/person.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilHears,
  untilMoves,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

let closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
  closers = [];
});

async function enter(name: string): Promise<{ person: Person; network: LossyNetwork }> {
  const entered = await enterOverLossyNetwork(stage, name);
  closers.push(entered.close);
  return entered;
}

test('[LAD-1] [RES-3] a lost socket alone never touches the call, and is resumed', async () => {
  const { person: ann } = await enter('Ann');
  const { person: bob, network } = await enter('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;
  const id = await tile(ann, 'Bob').getAttribute('data-peer-id');

  network.signalling.cut();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor();
  await untilMoves(ann, videoSelector('Bob'));
  await untilHears(ann, videoSelector('Bob'));
  await bob.page.getByText('The server is out of reach.').waitFor();
  await untilMoves(bob, videoSelector('Ann'));
  // What is said between browsers still arrives while the server is away from one of them.
  await press(bob, 'Mute', 'Unmute');
  await tile(ann, 'Bob').getByText('Muted').waitFor({ state: 'attached' });

  network.signalling.mend();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor({ state: 'detached' });
  await bob.page.getByText('The server is out of reach.').waitFor({ state: 'detached' });
  await press(bob, 'Unmute', 'Mute');
  await untilAllSeeAndHear([ann, bob]);
  expect(await tile(ann, 'Bob').getAttribute('data-peer-id')).toBe(id);
  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('[LAD-2] [LAD-5] a network lost in silence: reconnecting, then the same person again', async () => {
  const { person: ann } = await enter('Ann');
  const { person: bob, network } = await enter('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const id = await tile(ann, 'Bob').getAttribute('data-peer-id');

  network.lose();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor();
  await tile(bob, 'Ann').getByText('Reconnecting…').waitFor();
  await bob.page.getByText('The server is out of reach.').waitFor();
  network.restore();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor({ state: 'detached' });
  await tile(bob, 'Ann').getByText('Reconnecting…').waitFor({ state: 'detached' });
  await untilAllSeeAndHear([ann, bob]);
  expect(await tile(ann, 'Bob').getAttribute('data-peer-id')).toBe(id);
  await untilSeesExactly(ann, ['Bob']);
});

test('[LAD-2] [LAD-3] media alone is lost for a while: the ladder brings it back over the socket', async () => {
  const { person: ann, network: anns } = await enter('Ann');
  const { person: bob, network: bobs } = await enter('Bob');
  await untilAllSeeAndHear([ann, bob]);

  anns.media.cut();
  bobs.media.cut();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor();
  await tile(bob, 'Ann').getByText('Reconnecting…').waitFor();
  anns.media.mend();
  bobs.media.mend();
  await untilAllSeeAndHear([ann, bob]);
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor({ state: 'detached' });
  await tile(bob, 'Ann').getByText('Reconnecting…').waitFor({ state: 'detached' });
});

test('[LAD-4] no path for good: words that say so, and a button that tries again', async () => {
  const { person: ann, network: anns } = await enter('Ann');
  const { person: bob, network: bobs } = await enter('Bob');
  await untilAllSeeAndHear([ann, bob]);
  anns.media.cut();
  bobs.media.cut();
  const words = tile(ann, 'Bob').getByText('No path to Bob was found. Try another network.');
  await words.waitFor({ timeout: 80_000 });
  anns.media.mend();
  bobs.media.mend();
  await tile(ann, 'Bob').getByRole('button', { name: 'Try again' }).click();
  await untilAllSeeAndHear([ann, bob]);
  await words.waitFor({ state: 'detached' });
  await button(ann, 'Leave').waitFor();
}, 180_000);
