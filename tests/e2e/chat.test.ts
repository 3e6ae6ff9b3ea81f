// Chat: both ways, past the server, with a count of what has not been read.

import { expect, test } from 'vitest';
import { type Person, press } from './support/person.js';
import { untilAllSeeAndHear } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

const log = (person: Person) => person.page.getByRole('log', { name: 'Chat' });
const field = (person: Person) => person.page.getByRole('textbox', { name: 'Write a message' });

async function say(person: Person, text: string): Promise<void> {
  await field(person).fill(text);
  await field(person).press('Enter');
}

test('chat goes both ways, and what was not read is counted', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);

  await press(ann, 'Chat');
  await say(ann, 'Do you hear me? 들려요?');
  await log(ann).getByText('Do you hear me? 들려요?').waitFor();
  await bob.page.getByRole('button', { name: 'Chat, 1 new message' }).click();
  await log(bob).getByText('Do you hear me? 들려요?').waitFor();
  await bob.page.getByRole('button', { name: 'Chat', exact: true }).waitFor();

  await say(bob, 'Yes: https://example.org/notes <b>&amp;</b>');
  await log(ann).getByText('<b>&amp;</b>').waitFor();
  const link = log(ann).getByRole('link', { name: 'https://example.org/notes' });
  expect(await link.getAttribute('rel')).toContain('noopener');
});

test('several lines stay several lines, in order, and an empty one is not sent', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await press(ann, 'Chat');
  await press(bob, 'Chat');
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
  for (const line of lines) await say(ann, line);
  await say(ann, '   ');
  await say(ann, 'the end');
  await log(bob).getByText('the end').waitFor();
  expect(await log(bob).locator('.chat-line').allTextContents()).toEqual([...lines, 'the end']);
});

test('someone who joins later does not see what was said before, and is heard by everyone', async () => {
  const ann = await stage.inCall('Ann');
  await press(ann, 'Chat');
  await say(ann, 'to myself');
  const bob = await stage.inCall('Bob');
  const cho = await stage.inCall('Cho');
  await untilAllSeeAndHear([ann, bob, cho]);
  await press(bob, 'Chat');
  await press(cho, 'Chat');
  await say(cho, 'hello everyone');
  await log(ann).getByText('hello everyone').waitFor();
  await log(bob).getByText('hello everyone').waitFor();
  expect(await log(bob).getByText('to myself').count()).toBe(0);
});
