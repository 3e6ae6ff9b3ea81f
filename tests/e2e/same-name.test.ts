// Two people of the same name, and one person in two tabs: two peers, never mixed up.

import { expect, test } from 'vitest';
import { enterCall, roomLink, untilInCall, untilSeesExactly } from './support/person.js';
import { untilHears, untilMoves } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

test('two people of the same name see each other as two', async () => {
  const first = await stage.inCall('Ann');
  const second = stage.adopt(await enterCall(stage.chromium, stage.server.url, stage.room, 'Ann'));
  await untilSeesExactly(first, ['Ann']);
  await untilSeesExactly(second, ['Ann']);
  for (const person of [first, second]) {
    await untilMoves(person, '[data-peer-id] video');
    await untilHears(person, '[data-peer-id] video');
  }
});

test('a second tab of the same browser is another peer', async () => {
  const ann = await stage.inCall('Ann');
  const tab = await ann.context.newPage();
  await tab.goto(roomLink(stage.server.url, stage.room, 'name=Tab&join'));
  await untilInCall({ ...ann, page: tab });
  await untilSeesExactly(ann, ['Tab']);
  await untilMoves(ann, '[data-peer-id] video');
  await tab.close();
  await untilSeesExactly(ann, []);
  expect(ann.complaints).toEqual([]);
});
