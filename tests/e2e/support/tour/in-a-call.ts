// The call while all is well: alone, with others, every panel, a menu, screens, and the notices of one's own doing.

import { MAX_CHAT_LENGTH } from '../../../../packages/protocol/src/limits.js';
import { addHummingMicrophone, HUMMING_MICROPHONE } from '../humming-microphone.js';
import { until } from '../until.js';
import type { Tour, Walker } from './tour.js';

export async function inACall(tour: Tour): Promise<void> {
  const { visit, button, walker } = tour;
  const ann = await walker('Ann', {
    before: (context) => context.addInitScript(addHummingMicrophone, HUMMING_MICROPHONE),
  });
  const { page } = ann;
  await ann.openRoom('&join');
  await button(page, 'call', 'leave').waitFor();
  await visit('call, alone', page);
  const bob = await othersCome(tour, ann);
  await panels(tour, ann);
  await screens(tour, ann, bob);
  await noticesOfOnesOwn(tour, ann);
}

/** Bob in a browser, and one more who only has a seat. */
async function othersCome({ visit, button, walker, seat }: Tour, { page }: Walker): Promise<Walker> {
  const bob = await walker('Bob', { context: { viewport: { width: 640, height: 360 } } });
  await bob.openRoom('&join&mic=off');
  await page.locator('[data-peer-id][data-picture="live"]').waitFor();
  await visit('call with one other', page);
  const chae = await seat('Chae-won of the very long name');
  await chae.expect('ok', {
    type: 'state',
    state: { rev: 1, mic: false, camera: false, screen: false, hand: true },
  });
  await page.locator('[data-peer-id] .chip-hand').waitFor();
  await visit('call with two others', page);
  const large = button(page, 'call', 'layoutSpeaker');
  if (await large.isVisible()) {
    await large.click();
    await visit('call, who speaks is large', page);
    await button(page, 'call', 'layoutEven').click();
  }
  return bob;
}

async function panels({ visit, word, button }: Tour, { page }: Walker): Promise<void> {
  const { keyboard } = page;
  const chat = button(page, 'call', 'chat');
  await chat.click();
  await page.getByRole('log').waitFor();
  await visit('chat, empty', page);
  await page.getByRole('textbox').fill('hello https://example.org/a-link');
  await keyboard.press('Enter');
  await page.getByRole('log').getByRole('link').waitFor();
  await page.getByRole('textbox').fill('x'.repeat(MAX_CHAT_LENGTH + 1));
  await page.getByRole('alert').waitFor();
  await visit('chat, too much written', page);
  await page.getByRole('textbox').fill('');
  await keyboard.press('Escape');

  const people = page.locator('.tool-people');
  await people.click();
  await button(page, 'call', 'lock').click();
  await button(page, 'call', 'unlock').waitFor();
  await visit('people, room locked', page);
  await button(page, 'call', 'unlock').click();
  await button(page, 'call', 'lock').waitFor();
  await visit('people', page);
  await keyboard.press('Escape');

  await button(page, 'call', 'more').click();
  await page.getByRole('combobox').first().waitFor();
  await visit('more', page);
  await keyboard.press('Escape');

  const menu = page.getByRole('article', { name: 'Bob', exact: true }).getByRole('button');
  await menu.click();
  await page.getByText(word('call', 'delay')).waitFor();
  await visit('menu of a person', page);
  await keyboard.press('Escape');
}

async function screens({ visit, button }: Tour, { page }: Walker, bob: Walker): Promise<void> {
  const toolbar = page.getByRole('toolbar');
  await button(bob.page, 'call', 'share').click();
  await page.locator('[data-screen-of][data-picture="live"]').waitFor();
  await visit('call, a screen of someone else', page);
  await button(page, 'call', 'share').click();
  await button(page, 'call', 'stopSharing').first().waitFor();
  await page.locator('.notice-action').waitFor();
  await visit('call, two screens', page);
  await bob.page.getByRole('toolbar').getByRole('button', { name: /./ }).nth(2).click();
  await page.locator('[data-screen-of]').waitFor({ state: 'detached' });
  await visit('call, sharing a screen', page);
  await toolbar.getByRole('button').nth(2).click();
  await page.locator('.notice').waitFor({ state: 'detached' });
}

async function noticesOfOnesOwn({ visit, visitPassing, word, button }: Tour, ann: Walker): Promise<void> {
  const { page, way } = ann;
  await button(page, 'call', 'more').click();
  await page.getByRole('combobox').nth(1).selectOption({ label: HUMMING_MICROPHONE.label });
  await until(
    'the other microphone runs',
    async () => (await page.getByRole('combobox').nth(1).inputValue()) !== '',
  );
  await page.keyboard.press('Escape');
  await button(page, 'call', 'mute').click();
  await page.locator('.notice-warm').waitFor();
  await visit('call, talking while muted', page);

  way.cut();
  await page.getByText(word('call', 'serverGone')).waitFor();
  await visit('call, the server out of reach', page);
  await page.locator('.tool-people').click();
  await visitPassing('call, the room cannot be locked', page.locator('.toast'), () =>
    button(page, 'call', 'lock').click(),
  );
}
