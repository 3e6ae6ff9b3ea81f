// The keyboard alone: from the home screen into a call, through its controls, and out again.

import { expect, test } from 'vitest';
import { button, control, type Person, tile, untilInCall, untilSeesExactly } from './support/person.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

/** Tab is pressed until the focus is on the control of this name; more than this often means it cannot be reached. */
const MAX_TABS = 40;

async function focusedName(person: Person): Promise<string> {
  return person.page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent?.trim() ?? '';
  });
}

async function tabTo(person: Person, name: string, key: 'Tab' | 'ArrowRight' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < MAX_TABS; presses += 1) {
    if ((await focusedName(person)) === name) {
      expect(await focusIsVisible(person), `focus on ${name} can be seen`).toBe(true);
      return;
    }
    await person.page.keyboard.press(key);
    passed.push(await focusedName(person));
  }
  throw new Error(`The keyboard does not reach "${name}"; it passed ${passed.join(', ')}.`);
}

/** WCAG 2.2, 2.4.7: an outline, or a ring around the element or around what it fills. */
async function focusIsVisible(person: Person): Promise<boolean> {
  return person.page.evaluate(() => {
    const element = document.activeElement;
    return [element, element?.parentElement].some((each) => {
      if (!each) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow.includes('3px');
    });
  });
}

test('from the home screen into a call and out again', async () => {
  const bob = await stage.inCall('Bob');
  const ann = await stage.nowhere('Ann');
  const { keyboard } = ann.page;
  await ann.page.goto(stage.server.url);
  await ann.page.getByRole('textbox', { name: 'Room name' }).waitFor();
  await tabTo(ann, 'Room name');
  await keyboard.type(stage.room);
  await tabTo(ann, 'Enter');
  await keyboard.press('Enter');

  const name = ann.page.getByRole('textbox', { name: 'Your name' });
  await name.waitFor();
  await tabTo(ann, 'Turn microphone off');
  await keyboard.press('Space');
  await button(ann, 'Turn microphone on').waitFor();
  await until('the name field is reached', async () => {
    await keyboard.press('Tab');
    return name.evaluate((element) => element === document.activeElement);
  });
  await keyboard.type('Ann');
  await keyboard.press('Enter');
  await untilInCall(ann);
  await untilSeesExactly(bob, ['Ann']);
  await tile(bob, 'Ann').getByText('Muted').waitFor({ state: 'attached' });

  // The toolbar is one stop of Tab; arrows move inside it (WAI-ARIA APG, toolbar).
  await tabTo(ann, 'Unmute');
  await keyboard.press('Enter');
  await tile(bob, 'Ann').getByText('Muted').waitFor({ state: 'detached' });
  await tabTo(ann, 'Raise hand', 'ArrowRight');
  await keyboard.press('Enter');
  await tile(bob, 'Ann').getByText('Hand raised').waitFor({ state: 'attached' });
  await tabTo(ann, 'Chat', 'ArrowRight');
  await keyboard.press('Enter');
  await ann.page.getByRole('log').waitFor();
  await keyboard.type('typed by hand, m and v and l included');
  await keyboard.press('Enter');
  await bob.page.getByRole('button', { name: 'Chat, 1 new message' }).waitFor();
  await button(ann, 'Mute').waitFor();
  await keyboard.press('Escape');
  await ann.page.getByRole('log').waitFor({ state: 'detached' });
  await until('the focus is back where the chat was opened', async () => (await focusedName(ann)) === 'Chat');
  await tabTo(ann, 'Leave', 'ArrowRight');
  await keyboard.press('Enter');
  await button(ann, 'Join again').waitFor();
  await untilSeesExactly(bob, []);
});

test('every shortcut does what its button does', async () => {
  const ann = await stage.inCall('Ann');
  const { keyboard } = ann.page;
  for (const [key, before, after] of [
    ['m', 'Mute', 'Unmute'],
    ['v', 'Turn camera off', 'Turn camera on'],
    ['s', 'Share screen', 'Stop sharing'],
    ['h', 'Raise hand', 'Lower hand'],
  ] as const) {
    await control(ann, before).waitFor();
    await keyboard.press(key);
    await control(ann, after).waitFor();
    await keyboard.press(key);
    await control(ann, before).waitFor();
  }
  await keyboard.press('c');
  await ann.page.getByRole('log').waitFor();
  await keyboard.press('Escape');
  await keyboard.press('l');
  await button(ann, 'Join again').waitFor();
});
