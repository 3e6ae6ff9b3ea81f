// PeerJS with its own server, as its documentation shows it: one person waits for the call, the other one calls.

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Contender } from './contender.js';
import { startDelayedNetwork } from './delayed-network.js';
import { pressAndWait, watchFirstFrame } from './first-frame.js';
import { servePages } from './page-server.js';
import { startServerProcess } from './server-process.js';

/**
 * `at_click` makes the `Peer` when the button is pressed, with an id from its server; `in_lobby` has it open before.
 * PeerJS has no rooms: whom to call is known beforehand in both, which spares it the round trip that asking costs.
 */
export type PeerJsSocket = 'at_click' | 'in_lobby';

const PAGE = `<!doctype html><title>PeerJS</title>
<button disabled>Join</button><video autoplay playsinline></video>
<script src="/peerjs.js"></script>
<script type="module">
const given = new URL(location.href).searchParams;
const button = document.querySelector('button');
const video = document.querySelector('video');
const options = { host: location.hostname, port: Number(given.get('port')), path: '/', config: { iceServers: [] } };
const camera = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: camera });
const opened = () => new Promise((resolve, reject) => {
  const self = given.get('self');
  const peer = self === null ? new Peer(options) : new Peer(self, options);
  peer.on('open', () => resolve(peer));
  peer.on('error', reject);
});
const inLobby = given.get('socket') === 'in_lobby' || given.get('other') === null ? await opened() : null;
inLobby?.on('call', (call) => call.answer(stream));
button.onclick = async () => {
  const peer = inLobby ?? await opened();
  peer.call(given.get('other'), stream).on('stream', (remote) => { video.srcObject = remote; });
};
button.disabled = false;
</script>`;

/** @param folder where `peerjs` and `peer` are installed: the folder that holds their `node_modules` */
export async function startPeerJs(
  folder: string,
  socket: PeerJsSocket,
  oneWayMs: number,
): Promise<Contender> {
  const server = await startServerProcess((port) => [
    `${folder}/node_modules/peer/dist/bin/peerjs.js`,
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
  ]);
  const network = await startDelayedNetwork(oneWayMs, { host: '127.0.0.1', port: server.port });
  const script = await readFile(`${folder}/node_modules/peerjs/dist/peerjs.min.js`, 'utf8');
  const pages = await servePages({ '/': PAGE, '/peerjs.js': script });
  const address = (query: Record<string, string>): string =>
    `http://localhost:${pages.port}/?${new URLSearchParams({ port: String(network.signallingPort), ...query })}`;
  return {
    name: socket === 'at_click' ? 'peerjs' : 'peerjs_socket_in_lobby',
    async join(browser) {
      const first = randomUUID();
      const contexts = [await browser.newContext(), await browser.newContext()] as const;
      for (const context of contexts) await network.enter(context);
      await contexts[1].addInitScript(watchFirstFrame, 'video');
      const ready = 'button:enabled';
      const inside = await contexts[0].newPage();
      await inside.goto(address({ self: first }));
      await inside.locator(ready).waitFor();
      const newcomer = await contexts[1].newPage();
      await newcomer.goto(address({ other: first, socket }));
      await newcomer.locator(ready).waitFor();
      const took = await pressAndWait(newcomer, newcomer.locator(ready));
      for (const context of contexts) await context.close();
      return took;
    },
    async close() {
      await pages.close();
      await network.close();
      await server.close();
    },
  };
}
