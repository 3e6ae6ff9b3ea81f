// The SFU comes and goes under a call: a mesh grows into its room, its worker is killed, a socket is lost. Nobody reloads.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { videoSelector } from './support/person.js';
import { liveConnections, untilAllSeeAndHear, untilMoves } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage({ flags: ['--mesh-limit', '2', '--sfu-workers', '1'] });

/** The processes that the server has started: its workers. */
async function workers(): Promise<number[]> {
  const pid = stage.server.pid();
  if (pid === null) return [];
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

test('a third person turns a mesh of two into a room of the SFU, without a reload', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await ann.page.locator('.badge[data-claim="direct"]').waitFor();
  for (const person of [ann, bob]) await person.page.evaluate(() => Object.assign(window, { kept: true }));

  const cho = await stage.inCall('Cho');
  await untilAllSeeAndHear([ann, bob, cho]);
  for (const person of [ann, bob, cho]) {
    await person.page.locator('.badge[data-claim="server"]').waitFor();
    await until(
      `${person.name} has one connection`,
      async () => (await liveConnections(person)).length === 1,
    );
  }
  for (const person of [ann, bob]) expect(await person.page.evaluate(() => 'kept' in window)).toBe(true);
});

test('a worker that is killed in the middle of a call costs nobody their place: all are linked anew', async () => {
  const ann = await stage.inCall('Ann', { query: 'topology=sfu' });
  const bob = await stage.inCall('Bob', { query: 'topology=sfu' });
  await untilAllSeeAndHear([ann, bob]);
  const [before] = await liveConnections(ann);
  const [worker] = await until('there is a worker', async () => {
    const found = await workers();
    return found.length > 0 ? found : null;
  });
  process.kill(worker ?? 0, 'SIGKILL');
  await until('Ann has another connection', async () => {
    const [now] = await liveConnections(ann);
    return now !== undefined && now.id !== before?.id;
  });
  await untilAllSeeAndHear([ann, bob]);
});

test('a server that restarts is come back to, and the call through it goes on', async () => {
  const ann = await stage.inCall('Ann', { query: 'topology=sfu' });
  const bob = await stage.inCall('Bob', { query: 'topology=sfu' });
  await untilAllSeeAndHear([ann, bob]);
  await stage.server.stop('SIGKILL');
  await stage.server.start();
  await untilMoves(ann, videoSelector('Bob'));
  await untilAllSeeAndHear([ann, bob]);
});
