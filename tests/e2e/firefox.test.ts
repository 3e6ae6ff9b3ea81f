// One call between Chromium and Firefox, in both directions, whichever of them comes first.

import { test } from 'vitest';
import { leave, ORDERS, switchWithoutOffer, useFirefox } from './support/firefox-person.js';
import { useStage } from './support/stage.js';

const firefox = useFirefox(useStage());

test.each(ORDERS)('%s: both see and hear, mute and camera need no offer', async (order) => {
  const { ann, fox } = await firefox.meet(order);
  await switchWithoutOffer(ann, fox);
  await leave(ann, fox);
});
