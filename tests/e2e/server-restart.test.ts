// The server is killed or stopped in mid-call and comes back: the call goes on, and nobody was shown as gone.

import { expect, test } from 'vitest';
import { type Person, press, tile, untilSeesExactly, videoSelector } from './support/person.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilHears,
  untilMoves,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

const SERVER_GONE = 'Your call goes on while we reconnect.';

/** From now on every tile that is taken away is written down in the page. */
async function watchDepartures(person: Person): Promise<() => Promise<string[]>> {
  await person.page.evaluate(() => {
    const gone: string[] = [];
    Reflect.set(window, 'departures', gone);
    new MutationObserver((changes) => {
      for (const { removedNodes } of changes) {
        for (const node of removedNodes) {
          if (!(node instanceof Element)) continue;
          const tiles = node.matches('[data-peer-id]') ? [node] : node.querySelectorAll('[data-peer-id]');
          for (const tile of tiles) gone.push(tile.getAttribute('aria-label') ?? '');
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  return () => person.page.evaluate(() => Reflect.get(window, 'departures'));
}

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`[RES-7] [RES-8] [RES-11] [LAD-1] the call outlives a server ended by ${signal}`, async () => {
    const ann = await stage.inCall('Ann');
    const bob = await stage.inCall('Bob');
    const cho = await stage.inCall('Cho');
    const everyone = [ann, bob, cho];
    await untilAllSeeAndHear(everyone);
    const before = await Promise.all(everyone.map(liveConnections));
    const departures = await Promise.all(everyone.map(watchDepartures));
    const ids = await Promise.all(['Bob', 'Cho'].map((name) => tile(ann, name).getAttribute('data-peer-id')));

    const status = await stage.server.stop(signal);
    if (signal === 'SIGTERM') expect(status).toBe(0);
    await Promise.all(everyone.map((person) => person.page.getByText(SERVER_GONE).waitFor()));
    await untilAllSeeAndHear(everyone);
    // Without any server a mute is seen and a line of chat arrives: they go from browser to browser.
    await press(bob, 'Mute', 'Unmute');
    await tile(ann, 'Bob').getByText('Muted').waitFor({ state: 'attached' });

    await stage.server.start();
    await Promise.all(
      everyone.map((person) => person.page.getByText(SERVER_GONE).waitFor({ state: 'detached' })),
    );
    await press(bob, 'Unmute', 'Mute');
    await untilAllSeeAndHear(everyone);

    await press(cho, 'Chat');
    await cho.page.getByRole('textbox', { name: 'Write a message' }).fill('still here');
    await cho.page.keyboard.press('Enter');
    for (const person of [ann, bob]) {
      await person.page.getByRole('button', { name: 'Chat, 1 new message' }).click();
      await person.page.getByRole('log').getByText('still here').waitFor();
    }
    await press(ann, 'Mute', 'Unmute');
    await tile(cho, 'Ann').getByText('Muted').waitFor({ state: 'attached' });

    for (const [index, person] of everyone.entries()) {
      expect(await departures[index]?.()).toEqual([]);
      expect(await disturbances(person, before[index] ?? [])).toEqual([]);
    }
    expect(
      await Promise.all(['Bob', 'Cho'].map((name) => tile(ann, name).getAttribute('data-peer-id'))),
    ).toEqual(ids);

    // The rebuilt room is a real one: a newcomer finds everyone, and someone who leaves is gone for all.
    const dan = await stage.inCall('Dan');
    await untilSeesExactly(dan, ['Ann', 'Bob', 'Cho']);
    await untilMoves(dan, videoSelector('Ann'));
    await untilHears(dan, videoSelector('Cho'));
    await press(cho, 'Leave');
    for (const person of [ann, dan]) {
      await untilSeesExactly(
        person,
        ['Ann', 'Bob', 'Dan'].filter((name) => name !== person.name),
      );
    }
  }, 180_000);
}
