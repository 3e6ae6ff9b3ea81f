// A room whose lock was forgotten in a restart: who slipped in meanwhile is shown out again, and told why.

import { afterEach, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../bench/network/tcp-proxy.js';
import { button, enterCall, press, untilInCall, untilSeesExactly } from './support/person.js';
import { untilAllSeeAndHear } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

let way: TcpProxy | null = null;
afterEach(() => way?.close());

test('[RES-7] a newcomer into a room that turns out to be locked is out, with 4423 and in words', async () => {
  way = await startTcpProxy({ target: { host: '127.0.0.1', port: stage.server.port } });
  const url = `http://localhost:${way.port}`;
  const ann = stage.adopt(await enterCall(stage.chromium, url, stage.room, 'Ann'));
  await press(ann, 'More');
  await press(ann, 'Lock the room', 'Unlock the room');

  // Ann is away while the server begins anew; nobody there knows of her lock.
  way.cut();
  await stage.server.stop('SIGKILL');
  await stage.server.start();
  const cho = await stage.inCall('Cho');
  await cho.page.getByText('You are the first.').waitFor();

  way.mend();
  await cho.page.getByRole('heading', { name: `You are no longer in ${stage.room}` }).waitFor();
  await cho.page.getByText('This room is locked. Ask someone inside to unlock it.').waitFor();
  await until('Cho was told with the code', async () =>
    (await cho.page.evaluate(() => window.watch.socketCloses())).includes(4423),
  );
  await until('Cho holds no device', async () => {
    const { audio, video } = await cho.page.evaluate(() => window.watch.runningDevices());
    return audio + video === 0;
  });
  await untilSeesExactly(ann, []);
  await ann.page.getByText('Your call goes on while we reconnect.').waitFor({ state: 'detached' });

  await press(ann, 'Unlock the room', 'Lock the room');
  await button(cho, 'Join again').click();
  await untilInCall(cho);
  await untilAllSeeAndHear([ann, cho]);
  expect(ann.complaints.filter((complaint) => !/WebSocket|ERR_/.test(complaint))).toEqual([]);
}, 120_000);
