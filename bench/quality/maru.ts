// Maru's SFU between the two pages.

import { setTimeout as later } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { SoakedWorker } from '../soak/soaked-worker.js';
import { type Contender, throughRelay } from './contender.js';

const SENDER = 'sender----------';
const VIEWER = 'viewer----------';
/** The viewer's window: the largest picture is wanted. */
const WIDTH = 1_280;
const LOOK_MS = 50;

export async function startMaru(): Promise<Contender> {
  const worker = await SoakedWorker.start();
  let rooms = 0;
  return {
    async connect(sender, viewer, relay) {
      const room = String(++rooms);
      const join = async (page: Page, peer: string, sends: boolean): Promise<string> => {
        const offer = await page.evaluate((options) => window.party.offer(options), {
          sends,
          slots: 2,
          maru: true,
        });
        const link = `${peer} ${room}`;
        const answer = await worker.open(link, room, offer);
        if (answer === null) throw new Error('The worker refused a link.');
        worker.tell({ type: 'seat', link, peer });
        return answer;
      };
      const accept = (page: Page, answer: string) => page.evaluate((sdp) => window.party.accept(sdp), answer);
      await accept(sender, await join(sender, SENDER, true));
      await accept(viewer, throughRelay(await join(viewer, VIEWER, false), relay));
      const want = { slot: 0, peer: SENDER, line: 'camera', width: WIDTH, priority: 0 };
      const text = JSON.stringify({ type: 'want', rev: 0, slots: [want] });
      while (!(await viewer.evaluate((what) => window.party.say(what), text))) await later(LOOK_MS);
    },
    close: () => worker.stop(),
  };
}
