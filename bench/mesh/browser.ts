// A Chromium of the mesh bench, whose processor time can be read.

import { type Browser, chromium } from 'playwright-core';
import { processorSeconds } from './process-cpu.js';

export interface MeasuredBrowser {
  readonly browser: Browser;
  /** Processor time of all its processes so far. */
  processorSeconds(): Promise<number>;
  close(): Promise<void>;
}

/** Starts a browser whose camera and microphone play these files. */
export async function startMeasuredBrowser(clip: string, sound: string): Promise<MeasuredBrowser> {
  const server = await chromium.launchServer({
    executablePath: process.env['MARU_CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-gpu',
      '--disable-quic',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${clip}`,
      `--use-file-for-fake-audio-capture=${sound}`,
    ],
  });
  const { pid } = server.process();
  if (pid === undefined) throw new Error('Chromium did not start.');
  const browser = await chromium.connect(server.wsEndpoint());
  return {
    browser,
    processorSeconds: () => processorSeconds(pid),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
