// An SFU that is looked through: one page sends to it directly, another watches through a relay.

import { setTimeout as later } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { UdpAddress } from '../network/udp-relay.js';

export interface Contender {
  /** Connects both pages; the viewer's packets go through this port of the relay, once it is told the target. */
  connect(sender: Page, viewer: Page, relay: ViewersWay): Promise<void>;
  close(): Promise<void>;
}

export interface ViewersWay {
  readonly port: UdpAddress;
  assign(target: UdpAddress): void;
}

const CONNECT_MS = 30_000;
const LOOK_MS = 50;

/** Waits until a page's connection stands. */
export async function untilConnected(page: Page): Promise<void> {
  for (let waited = 0; !(await page.evaluate(() => window.party.connected())); waited += LOOK_MS) {
    if (waited > CONNECT_MS) throw new Error('A page did not connect.');
    await later(LOOK_MS);
  }
}

const CANDIDATE = /^a=candidate:(\S+) (\d+) (\S+) (\d+) (\S+) (\d+) typ host.*$/;

/** A description from an SFU whose only candidate leads through the relay. */
export function throughRelay(sdp: string, { port, assign }: ViewersWay): string {
  let led = false;
  const lines = sdp.split('\r\n').flatMap((line) => {
    if (!line.startsWith('a=candidate:')) return [line];
    const [, , , , , address = '', targetPort = ''] = CANDIDATE.exec(line) ?? [];
    if (led || !/^[\d.]+$/.test(address)) return [];
    led = true;
    assign({ address, port: Number(targetPort) });
    return [line.replace(`${address} ${targetPort}`, `${port.address} ${port.port}`)];
  });
  if (!led) throw new Error('A description has no candidate over IPv4.');
  return lines.join('\r\n');
}

/** Without candidates: whoever gets it learns them from checks, and finds no way round the relay. */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(candidate:.*|end-of-candidates)\r\n/gm, '');
}
