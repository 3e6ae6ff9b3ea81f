// Two, three and four people in one room: everyone sees and hears everyone, and nobody disturbs anybody.

import { expect, test } from 'vitest';
import { press, untilSeesExactly } from './support/person.js';
import { disturbances, liveConnections, untilAllSeeAndHear } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

test('two people see and hear each other', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await untilSeesExactly(ann, ['Bob']);
  await untilSeesExactly(bob, ['Ann']);
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
});

test('a third and a fourth connect to everyone, and neither they nor one who leaves disturb anybody', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const betweenTwo = [await liveConnections(ann), await liveConnections(bob)] as const;
  expect(betweenTwo.map((connections) => connections.length)).toEqual([1, 1]);

  const cho = await stage.inCall('Cho');
  await untilAllSeeAndHear([ann, bob, cho]);
  expect(await disturbances(ann, betweenTwo[0])).toEqual([]);
  expect(await disturbances(bob, betweenTwo[1])).toEqual([]);

  const dan = await stage.inCall('Dan');
  await untilAllSeeAndHear([ann, bob, cho, dan]);
  expect(await disturbances(ann, betweenTwo[0])).toEqual([]);
  expect(await disturbances(bob, betweenTwo[1])).toEqual([]);

  await press(cho, 'Leave');
  await Promise.all([
    untilSeesExactly(ann, ['Bob', 'Dan']),
    untilSeesExactly(bob, ['Ann', 'Dan']),
    untilSeesExactly(dan, ['Ann', 'Bob']),
  ]);
  await untilAllSeeAndHear([ann, bob, dan]);
  expect(await disturbances(ann, betweenTwo[0])).toEqual([]);
  expect(await disturbances(bob, betweenTwo[1])).toEqual([]);
  // Of everyone's links only those to the people inside are left.
  for (const person of [ann, bob, dan]) expect(await liveConnections(person)).toHaveLength(2);
});
