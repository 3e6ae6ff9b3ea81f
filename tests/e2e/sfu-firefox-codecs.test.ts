// A server that prefers VP9: Chromium sends it in spatial layers, and Firefox, which makes none, sends VP8 and is shown VP9.

import { expect, test } from 'vitest';
import { ORDERS, useFirefox } from './support/firefox-person.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const firefox = useFirefox(useStage({ flags: ['--sfu-codec', 'VP9', '--sfu-codec', 'VP8'] }));

/** The place of the camera among the lines. */
const CAMERA = 1;

test.each(ORDERS)('%s where VP9 is preferred: each is sent what it can decode', async (order) => {
  const { ann, fox } = await firefox.meet(order, 'topology=sfu');
  const sent = () =>
    Promise.all([
      ann.page.evaluate((line) => window.watch.sendings(line), CAMERA),
      fox.puppet.evaluate((line) => window.watch.sendings(line), CAMERA),
    ]);
  const codecs = await until('both say in which codec they send', async () => {
    const mimeTypes = (await sent()).map((sendings) => sendings.at(-1)?.mimeType ?? '');
    return mimeTypes.every(Boolean) ? mimeTypes : null;
  });
  expect(codecs).toEqual(['video/VP9', 'video/VP8']);
});
