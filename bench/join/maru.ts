// Maru itself: the built server and the built page, from the lobby's Join to the first frame in the remote tile.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Contender } from './contender.js';
import { startDelayedNetwork } from './delayed-network.js';
import { pressAndWait, watchFirstFrame } from './first-frame.js';
import { startServerProcess } from './server-process.js';

/** Seen from `bench/dist/join`. */
const MAIN = fileURLToPath(new URL('../../../packages/server/dist/main.js', import.meta.url));

/** What the lobby says once the socket is open and an offer for everyone inside is ready. */
const READY = 'Connection ready';

/** The camera in the lobby, once it has a picture. */
const PREVIEW = '.picture-video:not([hidden])';

/** The own tile in a call, once the camera is sent. */
const OWN_PICTURE = '[data-self][data-picture="live"]';

/**
 * By what way someone joins: through a mesh; through the SFU, with the link that the lobby has made ready; or without
 * one, as if it had not been needed before, so that its offer leaves right behind the join.
 */
export type MaruWay = 'mesh' | 'sfu' | 'sfu-cold';

/** Runs in the page before its own scripts: no connection describes itself before the button is pressed. */
function holdOffers(): void {
  const pressed = new Promise<void>((resolve) => {
    window.addEventListener('click', () => resolve(), { capture: true, once: true });
  });
  type Describe = (this: RTCPeerConnection) => Promise<void>;
  const describe: Describe = RTCPeerConnection.prototype.setLocalDescription;
  RTCPeerConnection.prototype.setLocalDescription = async function (this: RTCPeerConnection) {
    await pressed;
    return describe.call(this);
  };
}

/** Runs in the page: whether this video shows decoded frames and goes on. */
function plays(selector: string): boolean {
  const video = document.querySelector<HTMLVideoElement>(selector);
  return video !== null && !video.paused && video.getVideoPlaybackQuality().totalVideoFrames > 0;
}

/** What the lobby's link takes to stand and to know its path, which it does not show: a person in a lobby takes longer. */
const LINK_READY_ROUND_TRIPS = 8;
const LINK_READY_MS = 1_000;

/** Without a graphics card a browser paints in software, which would hide what a round trip costs. */
const SMALL_WINDOW = { width: 480, height: 360 } as const;

export async function startMaru(oneWayMs: number, way: MaruWay = 'mesh'): Promise<Contender> {
  const dataDir = await mkdtemp(join(tmpdir(), 'maru-bench-'));
  const server = await startServerProcess((port) => [
    MAIN,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--data-dir',
    dataDir,
    '--log-level',
    'error',
    '--sfu-workers',
    way === 'mesh' ? '0' : '1',
  ]);
  const network = await startDelayedNetwork(oneWayMs, { host: '127.0.0.1', port: server.port });
  return {
    name: way === 'mesh' ? 'maru' : way,
    async join(browser) {
      const room = `http://localhost:${network.signallingPort}/r/${randomUUID()}`;
      const topology = way === 'mesh' ? '' : '&topology=sfu';
      const options = { locale: 'en-US', ...(way !== 'mesh' && { viewport: SMALL_WINDOW }) };
      const contexts = [await browser.newContext(options), await browser.newContext(options)] as const;
      for (const context of contexts) await network.enter(context);
      await contexts[1].addInitScript(watchFirstFrame, '[data-peer-id] video');
      if (way === 'sfu-cold') await contexts[1].addInitScript(holdOffers);
      const inside = await contexts[0].newPage();
      await inside.goto(`${room}?name=Inside&join${topology}`);
      await inside.getByRole('button', { name: 'Leave', exact: true }).waitFor();
      await inside.locator(OWN_PICTURE).waitFor();
      const newcomer = await contexts[1].newPage();
      await newcomer.goto(`${room}?name=Newcomer${topology}`);
      await newcomer.getByText(READY).waitFor();
      await newcomer.waitForFunction(plays, PREVIEW);
      if (way === 'sfu') await later(LINK_READY_ROUND_TRIPS * 2 * oneWayMs + LINK_READY_MS);
      const took = await pressAndWait(newcomer, newcomer.getByRole('button', { name: 'Join', exact: true }));
      for (const context of contexts) await context.close();
      return took;
    },
    async close() {
      await network.close();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
