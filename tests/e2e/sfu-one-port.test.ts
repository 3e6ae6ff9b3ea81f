// Two workers of the SFU behind one UDP port: rooms are on both, and everyone sees and hears whom they should.

import { expect, test } from 'vitest';
import { enterCall } from './support/person.js';
import { untilAllSeeAndHear } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage({ flags: ['--sfu-workers', '2', '--sfu-one-port', '--metrics'] });

/** Links on each worker, as the metrics tell them. */
async function links(): Promise<number[]> {
  const text = await (await fetch(`${stage.server.url}/metrics`)).text();
  return [...text.matchAll(/^maru_sfu_links\{[^}]*\} (\d+)$/gm)].map(([, count]) => Number(count));
}

test('two rooms on two workers behind one port: people see and hear each other', async () => {
  const rooms = [`${stage.room}-one`, `${stage.room}-two`] as const;
  const ports: number[] = [];
  for (const room of rooms) {
    const inRoom = async (name: string) =>
      stage.adopt(await enterCall(stage.chromium, stage.server.url, room, name, { query: 'topology=sfu' }));
    const people = [await inRoom('Ann'), await inRoom('Bo')];
    await untilAllSeeAndHear(people);
    for (const { page } of people) {
      const found = await page.evaluate(() => window.watch.remotePorts());
      expect(found.length).toBeGreaterThan(0);
      ports.push(...found);
    }
  }
  expect(new Set(ports).size).toBe(1);
  await until('each worker has a room of two', async () => {
    const found = await links();
    return found.length === 2 && found.every((count) => count === 2);
  });
  expect(stage.server.log()).not.toContain('sfu worker ended');
});
