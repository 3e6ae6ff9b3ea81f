// The page keeps to itself: a strict policy that nothing trips over, and no request to anywhere else.

import { expect, test } from 'vitest';
import {
  button,
  control,
  type Person,
  press,
  roomLink,
  untilInCall,
  videoSelector,
} from './support/person.js';
import { untilMoves } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

/** Everything that the page asked for from elsewhere. */
function foreignRequests(person: Person): string[] {
  const own = new URL(stage.server.url).host;
  const foreign: string[] = [];
  const check = (url: string): void => {
    const { host, protocol } = new URL(url);
    if (!['data:', 'blob:'].includes(protocol) && host !== own) foreign.push(url);
  };
  person.page.on('request', (request) => check(request.url()));
  person.page.on('websocket', (socket) => check(socket.url()));
  return foreign;
}

test('no screen loads anything from elsewhere or trips over the policy', async () => {
  const ann = await stage.nowhere('Ann', {
    before: (context) =>
      context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
          console.error(`policy: ${violatedDirective} ${blockedURI}`);
        });
      }),
  });
  const foreign = foreignRequests(ann);
  const { page } = ann;
  await page.goto(stage.server.url);
  await page.getByRole('textbox', { name: 'Room name' }).waitFor();
  await page.goto(`${stage.server.url}/lab`);
  await press(ann, 'Start');
  await press(ann, 'Call');
  await page.getByText('Connected: the remote picture is shown.').waitFor();
  await page.goto(roomLink(stage.server.url, stage.room, 'name=Ann'));
  await page.getByText('Connection ready').waitFor();
  await press(ann, 'Join');
  await untilInCall(ann);
  await stage.inCall('Bob');
  await untilMoves(ann, videoSelector('Bob'));
  await press(ann, 'Chat');
  await page.getByRole('textbox', { name: 'Write a message' }).fill('hello');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await press(ann, 'More');
  await control(ann, 'Share screen').click();
  await control(ann, 'Stop sharing').waitFor();
  await press(ann, 'Leave');
  await button(ann, 'Join again').waitFor();

  expect(ann.complaints).toEqual([]);
  expect(foreign).toEqual([]);
});

test('the policy allows no inline script and nothing from elsewhere', async () => {
  const page = await fetch(roomLink(stage.server.url, 'any'));
  const policy = page.headers.get('content-security-policy') ?? '';
  const directives = new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(directives.get('script-src')).toEqual(["'self'"]);
  expect(directives.get('style-src')).toEqual(["'self'"]);
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(await page.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
});
