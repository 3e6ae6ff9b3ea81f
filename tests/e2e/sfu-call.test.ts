// Calls through the SFU: everything that works in a mesh works by way of the server, over one connection each.

import { expect, test } from 'vitest';
import {
  button,
  control,
  type Person,
  press,
  tile,
  untilSeesExactly,
  videoSelector,
} from './support/person.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilHears,
  untilMoves,
  untilSilent,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

/** Enters a room that goes through the SFU from the start. */
const inCall = (name: string, query = ''): Promise<Person> =>
  stage.inCall(name, { query: ['topology=sfu', query].filter(Boolean).join('&') });

const SCREEN = '[data-screen-of] video';

test('two people see and hear each other, each over one connection, and the page says by which way', async () => {
  const ann = await inCall('Ann');
  const bob = await inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  for (const person of [ann, bob]) {
    expect(await liveConnections(person)).toHaveLength(1);
    await person.page.locator('.badge[data-claim="server"]').getByText('Through this server').waitFor();
  }
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
});

test('a third comes and one leaves, and nobody’s connection is disturbed', async () => {
  const ann = await inCall('Ann');
  const bob = await inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;
  const cho = await inCall('Cho');
  await untilAllSeeAndHear([ann, bob, cho]);
  await press(bob, 'Leave');
  await Promise.all([untilSeesExactly(ann, ['Cho']), untilSeesExactly(cho, ['Ann'])]);
  await untilAllSeeAndHear([ann, cho]);
  expect(await disturbances(ann, before[0])).toEqual([]);
});

test('a microphone is muted and a camera turned off and on, without an offer', async () => {
  const ann = await inCall('Ann');
  const bob = await inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;

  await press(ann, 'Mute', 'Unmute');
  await tile(bob, 'Ann').getByText('Muted').waitFor({ state: 'attached' });
  await untilSilent(bob, 'Ann');
  await press(ann, 'Unmute', 'Mute');
  await untilHears(bob, videoSelector('Ann'));

  await press(ann, 'Turn camera off', 'Turn camera on');
  await until(
    'Bob sees no picture of Ann',
    async () => (await tile(bob, 'Ann').getAttribute('data-picture')) === 'none',
  );
  await untilHears(bob, videoSelector('Ann'));
  await press(ann, 'Turn camera on', 'Turn camera off');
  await untilMoves(bob, videoSelector('Ann'));
  await untilHears(bob, videoSelector('Ann'));

  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('a shared screen is seen and heard beside the camera, and goes again', async () => {
  const ann = await inCall('Ann');
  const bob = await inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await control(ann, 'Share screen').click();
  await bob.page.getByRole('article', { name: 'Ann’s screen' }).waitFor();
  await untilMoves(bob, SCREEN);
  await untilHears(bob, SCREEN);
  await untilMoves(bob, videoSelector('Ann'));
  await control(ann, 'Stop sharing').click();
  await bob.page.locator('[data-screen-of]').waitFor({ state: 'detached' });
  await untilMoves(bob, videoSelector('Ann'));
});

test('chat goes both ways', async () => {
  const ann = await inCall('Ann');
  const bob = await inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const log = (person: Person) => person.page.getByRole('log', { name: 'Chat' });
  const say = async (person: Person, text: string): Promise<void> => {
    const field = person.page.getByRole('textbox', { name: 'Write a message' });
    await field.fill(text);
    await field.press('Enter');
  };
  await press(ann, 'Chat');
  await say(ann, 'Do you hear me? 들려요?');
  await bob.page.getByRole('button', { name: 'Chat, 1 new message' }).click();
  await log(bob).getByText('Do you hear me? 들려요?').waitFor();
  await say(bob, 'Yes');
  await log(ann).getByText('Yes').waitFor();
});

test('in the lobby the connection is made ready, and no picture leaves before Join', async () => {
  const ann = await inCall('Ann');
  const bob = await stage.inLobby('Bob');
  await until('Bob’s connection stands', async () => (await liveConnections(bob)).length === 1);
  await untilMoves(ann, '[data-self] video');
  expect(await bob.page.evaluate(() => window.watch.bytesSent(1))).toBe(0);
  const ready = await liveConnections(bob);
  await button(bob, 'Join').click();
  await untilAllSeeAndHear([ann, bob]);
  expect(await disturbances(bob, ready)).toEqual([]);
});
