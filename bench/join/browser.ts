// The Chromium that the join bench measures in.

import { type Browser, chromium } from 'playwright-core';

/** Fake camera and microphone, allowed; no other difference from a browser that a person uses. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
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
    ],
  });
}
