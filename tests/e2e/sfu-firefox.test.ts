// One call through the SFU between Chromium and Firefox, in both directions: each is sent what it can decode.

import { expect, test } from 'vitest';
import { leave, ORDERS, switchWithoutOffer, useFirefox } from './support/firefox-person.js';
import { liveConnections } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const firefox = useFirefox(useStage());

test.each(ORDERS)('%s through the SFU: both see and hear, mute and camera need no offer', async (order) => {
  const { ann, fox } = await firefox.meet(order, 'topology=sfu');
  const connections = [await liveConnections(ann), await liveConnections(fox)];
  expect(connections.map(({ length }) => length)).toEqual([1, 1]);
  await switchWithoutOffer(ann, fox);
  await leave(ann, fox);
});
