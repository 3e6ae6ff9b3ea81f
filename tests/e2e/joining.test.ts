// Joining: at the same instant, with more or fewer people inside than the lobby knew, from links with wishes.

import { afterEach, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../bench/network/tcp-proxy.js';
import {
  button,
  openLobby,
  type Person,
  press,
  roomLink,
  untilInCall,
  untilSeesExactly,
  videoSelector,
} from './support/person.js';
import { liveConnections, untilAllSeeAndHear, untilMoves } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

let proxies: TcpProxy[] = [];
afterEach(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  proxies = [];
});

async function untilReady(person: Person): Promise<void> {
  await person.page.getByText('Connection ready').waitFor();
}

/** Someone in the lobby whose way to the server can be stopped for a while. */
async function inLobbyBehindProxy(name: string): Promise<{ person: Person; proxy: TcpProxy }> {
  const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: stage.server.port } });
  proxies.push(proxy);
  const url = `http://localhost:${proxy.port}`;
  const person = stage.adopt(await openLobby(stage.chromium, url, stage.room, name));
  return { person, proxy };
}

test('[ROOM-6] two people who join at the same moment are connected, ten times in a row in ten rooms', async () => {
  const ann = await stage.nowhere('Ann');
  const bob = await stage.nowhere('Bob');
  for (let round = 0; round < 10; round += 1) {
    const room = `${stage.room}-${round}`;
    await Promise.all(
      [ann, bob].map(async (person) => {
        await person.page.goto(roomLink(stage.server.url, room, `name=${person.name}`));
        await untilReady(person);
      }),
    );
    await Promise.all([press(ann, 'Join'), press(bob, 'Join')]);
    await Promise.all([untilMoves(ann, videoSelector('Bob'), 3), untilMoves(bob, videoSelector('Ann'), 3)]);
    await untilSeesExactly(ann, ['Bob']);
    await untilSeesExactly(bob, ['Ann']);
    for (const person of [ann, bob]) {
      await until(`${person.name} has one link`, async () => (await liveConnections(person)).length === 1);
    }
  }
}, 240_000);

test('two links with ?join opened at the same moment end in one call', async () => {
  const [ann, bob] = await Promise.all([stage.inCall('Ann'), stage.inCall('Bob')]);
  await untilAllSeeAndHear([ann, bob]);
});

test('[ROOM-5] more people inside than offers in the join: everyone is connected all the same', async () => {
  const ann = await stage.inCall('Ann');
  const { person: cho, proxy } = await inLobbyBehindProxy('Cho');
  await cho.page.getByText('Ann is inside').waitFor();
  await untilReady(cho);
  proxy.freeze();
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await press(cho, 'Join');
  proxy.mend();
  await untilInCall(cho);
  await untilAllSeeAndHear([ann, bob, cho]);
});

test('[ROOM-5] fewer people inside than offers in the join: the rest are connected, nothing is left over', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  const { person: cho, proxy } = await inLobbyBehindProxy('Cho');
  await cho.page.getByText('are inside').waitFor();
  await untilReady(cho);
  proxy.freeze();
  await press(bob, 'Leave');
  await untilSeesExactly(ann, []);
  await press(cho, 'Join');
  proxy.mend();
  await untilInCall(cho);
  await untilAllSeeAndHear([ann, cho]);
  await until('the offer that nobody took is freed', async () => {
    const connections = await cho.page.evaluate(() => window.watch.connections());
    return connections.filter(({ state }) => state !== 'closed').length === 1;
  });
});

test('the lobby keeps count of who is inside', async () => {
  const cho = await stage.inLobby('Cho');
  await cho.page.getByText('Nobody is inside yet').waitFor();
  const ann = await stage.inCall('Ann');
  await cho.page.getByText('Ann is inside').waitFor();
  const bob = await stage.inCall('Bob');
  await cho.page.getByText(/Ann.*Bob.*are inside/).waitFor();
  await press(bob, 'Leave');
  await cho.page.getByText('Ann is inside').waitFor();
  await press(ann, 'Leave');
  await cho.page.getByText('Nobody is inside yet').waitFor();
});

test('a link fills in the name, and its switches are obeyed in the lobby', async () => {
  const ann = await stage.inLobby('Ann', { query: 'mic=off&camera=off' });
  expect(await ann.page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Ann');
  await button(ann, 'Turn microphone on').waitFor();
  await button(ann, 'Turn camera on').waitFor();
  expect((await ann.page.evaluate(() => window.watch.runningDevices())).video).toBe(0);
  await press(ann, 'Turn camera on', 'Turn camera off');
  await press(ann, 'Join');
  await untilInCall(ann);
  await button(ann, 'Turn camera off').waitFor();
  await button(ann, 'Unmute').waitFor();
});

test('a room may have any name, and names that are equal after normalisation are one room', async () => {
  const composed = '한국어 방';
  const ann = await stage.nowhere('Ann');
  await ann.page.goto(`${roomLink(stage.server.url, composed, 'name=Ann&join')}`);
  const bob = await stage.nowhere('Bob');
  await bob.page.goto(`${roomLink(stage.server.url, composed.normalize('NFD'), 'name=Bob&join')}`);
  await untilInCall(ann);
  await untilInCall(bob);
  await untilAllSeeAndHear([ann, bob]);
});
