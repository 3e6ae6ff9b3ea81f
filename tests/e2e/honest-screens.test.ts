// Screens for what does not work: each says what happened and what to do, and offers the button that does it.

import { expect, test } from 'vitest';
import { INSECURE_HOST } from './support/chromium.js';
import {
  button,
  openLobby,
  press,
  roomLink,
  tile,
  untilInCall,
  untilSeesExactly,
  videoSelector,
} from './support/person.js';
import { untilAllSeeAndHear, untilHears, untilMoves } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage({ flags: ['--room-limit', '2'] });

test('denied permission: the lobby says so, and one can join without and still see and hear', async () => {
  const ann = await stage.inCall('Ann');
  const denying = await stage.ownBrowser({ permission: 'deny' });
  const bob = stage.adopt(await openLobby(denying, stage.server.url, stage.room, 'Bob'));
  await bob.page
    .getByText('Camera and microphone are blocked. Allow them from the mark in the address bar.')
    .waitFor();
  await bob.page.getByText('You can join without.').waitFor();
  await press(bob, 'Join');
  await untilInCall(bob);
  await untilMoves(bob, videoSelector('Ann'));
  await untilHears(bob, videoSelector('Ann'));
  await tile(ann, 'Bob').getByText('Muted').waitFor({ state: 'attached' });
  await tile(ann, 'Bob').getByText('B', { exact: true }).waitFor();
  await press(bob, 'Turn camera on');
  await bob.page
    .getByText('Your camera is blocked. Allow it from the camera mark in the address bar.')
    .first()
    .waitFor();
});

test('no device: the lobby says so, and one can join without and still see and hear', async () => {
  const ann = await stage.inCall('Ann');
  const bare = await stage.ownBrowser({ devices: 'none' });
  const bob = stage.adopt(await openLobby(bare, stage.server.url, stage.room, 'Bob'));
  await bob.page
    .getByText('No camera and no microphone were found. Plug them in, or join without.')
    .waitFor();
  await press(bob, 'Join');
  await untilInCall(bob);
  await untilMoves(bob, videoSelector('Ann'));
  await untilHears(bob, videoSelector('Ann'));
  await untilSeesExactly(ann, ['Bob']);
});

test('[ROOM-7] a full room says so with its limit, and lets one in when someone leaves', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  const cho = await stage.inLobby('Cho');
  await cho.page.getByText('This room is full (2 people). You can join when someone leaves.').waitFor();
  await press(cho, 'Join');
  await cho.page.getByText('You will be let in as soon as someone leaves.').waitFor();
  await press(bob, 'Leave');
  await untilInCall(cho);
  await untilAllSeeAndHear([ann, cho]);
});

test('[ROOM-11] a locked room says so, and lets one in when it is unlocked', async () => {
  const ann = await stage.inCall('Ann');
  await press(ann, 'More');
  await press(ann, 'Lock the room', 'Unlock the room');
  const bob = await stage.inLobby('Bob');
  await bob.page.getByText('This room is locked. Ask someone inside to unlock it.').waitFor();
  await press(bob, 'Join');
  await press(ann, 'Unlock the room', 'Lock the room');
  await untilInCall(bob);
  await untilAllSeeAndHear([ann, bob]);
});

test('a wrong link says so and leads home', async () => {
  const ann = await stage.nowhere('Ann');
  for (const path of ['/nowhere', '/r/', '/r/%00', `/r/${'x'.repeat(65)}`]) {
    const answer = await ann.page.goto(`${stage.server.url}${path}`);
    await ann.page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
    if (path === '/nowhere') expect(answer?.status()).toBe(404);
  }
  await ann.page.getByRole('link', { name: 'Go to the start' }).click();
  await ann.page.getByRole('textbox', { name: 'Room name' }).waitFor();
});

test('a page that is not secure says why there is no camera, and one can join without', async () => {
  const insecure = `http://${INSECURE_HOST}:${stage.server.port}`;
  const ann = await stage.inCall('Ann');
  const bob = stage.adopt(await openLobby(stage.chromium, insecure, stage.room, 'Bob'));
  await bob.page.getByText('The browser gives camera and microphone only to secure pages.').first().waitFor();
  await bob.page.getByText('npm start -- --https').waitFor();
  await press(bob, 'Join');
  await untilInCall(bob);
  await untilMoves(bob, videoSelector('Ann'));
  await untilSeesExactly(ann, ['Bob']);
});

test('a browser without WebRTC is told which one to take', async () => {
  const ann = await stage.nowhere('Ann', {
    before: (context) =>
      context.addInitScript(() => {
        Reflect.deleteProperty(window, 'RTCPeerConnection');
        Reflect.deleteProperty(window, 'webkitRTCPeerConnection');
      }),
  });
  await ann.page.goto(roomLink(stage.server.url, stage.room));
  await ann.page.getByRole('heading', { name: 'Calls do not work in this browser' }).waitFor();
  await ann.page.getByText('Open the link in a recent Chrome, Edge, Firefox or Safari.').waitFor();
});

test('the server is gone in the lobby: words, and joined as soon as it is back', async () => {
  const ann = await stage.inLobby('Ann');
  await ann.page.getByText('Connection ready').waitFor();
  await stage.server.stop('SIGKILL');
  await ann.page.getByText('The server is out of reach. Trying again…').waitFor();
  await press(ann, 'Join');
  await stage.server.start();
  await untilInCall(ann);
  await button(ann, 'Mute').waitFor();
});
