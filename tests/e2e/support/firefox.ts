// A Firefox of the test's own, driven over WebDriver BiDi: fake camera and microphone, permission given.

import puppeteer, { type Browser } from 'puppeteer-core';

export function firefoxPath(): string {
  return process.env['MARU_FIREFOX'] ?? '/usr/bin/firefox-esr';
}

export interface FirefoxOptions {
  /** The program to start, where it is not Firefox itself: one that starts it elsewhere. */
  readonly program?: string;
  /** The port on which it is driven. Default a free one. */
  readonly debuggingPort?: number;
  /** Settings of about:config besides those of every test. */
  readonly preferences?: Readonly<Record<string, boolean>>;
}

export function startFirefox(options: FirefoxOptions = {}): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: options.program ?? firefoxPath(),
    ...(options.debuggingPort ? { debuggingPort: options.debuggingPort } : {}),
    acceptInsecureCerts: true,
    headless: true,
    extraPrefsFirefox: {
      // A moving picture and a steady tone instead of devices.
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'intl.accept_languages': 'en-US',
      // Firefox hides host addresses behind mDNS names until a real device was allowed; a fake one does not count.
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      // No third party is to be asked for anything while the tests run.
      'app.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      // H.264 would be downloaded from a third party; VP8 is built in.
      'media.gmp-manager.updateEnabled': false,
      ...options.preferences,
    },
  });
}
