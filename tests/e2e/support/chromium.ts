// A Chromium of the test's own: fake devices, nothing cheated about permissions, sound or autoplay unless asked for.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { writeSmallCamera } from './small-camera.js';

/** One camera, which plays the small clip, and a microphone that beeps every second. */
const FAKE_DEVICES = '--use-fake-device-for-media-stream';
const FAKE_CAMERA = '--use-file-for-fake-video-capture';
const FAKE_MICROPHONE = '--use-file-for-fake-audio-capture';
/** Answers every permission prompt and the screen picker with yes. */
const ALLOW_ALL = '--use-fake-ui-for-media-stream';
const DENY_ALL = '--use-fake-ui-for-media-stream=deny';

/** A name of this machine that browsers do not trust as they trust `localhost`: its pages are not secure contexts. */
export const INSECURE_HOST = 'insecure.test';

const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
  '--disable-quic',
  `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
];

export interface ChromiumOptions {
  /** `none`: a machine without camera and microphone. Default `fake`. */
  readonly devices?: 'fake' | 'none';
  /** How the person answers permission prompts. Default `allow`. */
  readonly permission?: 'allow' | 'deny';
  /** The program to start, where it is not Chromium itself: one that starts it elsewhere. */
  readonly program?: string;
  /** Further flags of Chromium. */
  readonly flags?: readonly string[];
  /** Writes what the fake camera plays (YUV4MPEG2). Default the small clip. */
  readonly writeCamera?: (file: string) => Promise<void>;
  /** Writes what the fake microphone plays (WAVE). Default Chromium's own beeps. */
  readonly writeMicrophone?: (file: string) => Promise<void>;
}

/** A running browser that can be put to sleep and killed like the real thing. */
export interface TestChromium {
  readonly browser: Browser;
  /** A fresh profile; English unless said otherwise. */
  person(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** SIGKILL to the browser and every process of it: nothing is said to anybody. */
  kill(): void;
  /** SIGSTOP to all of it, as when a laptop's lid is closed. */
  sleep(): void;
  /** SIGCONT. */
  wake(): void;
  close(): Promise<void>;
}

export function chromiumPath(): string {
  return process.env['MARU_CHROMIUM'] ?? '/usr/bin/chromium';
}

export async function startChromium(options: ChromiumOptions = {}): Promise<TestChromium> {
  const { args, remove } = await chromiumArguments(options);
  const server = await chromium.launchServer({
    executablePath: options.program ?? chromiumPath(),
    headless: true,
    args,
  });
  const browser = await chromium.connect(server.wsEndpoint());
  const { pid } = server.process();
  // Playwright starts the browser as the leader of a process group of its own.
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (pid !== undefined) process.kill(-pid, signal);
  };
  return {
    browser,
    person: (context) =>
      browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 }, ...context }),
    kill: () => signalGroup('SIGKILL'),
    sleep: () => signalGroup('SIGSTOP'),
    wake: () => signalGroup('SIGCONT'),
    async close() {
      await browser.close();
      await server.close();
      await remove();
    },
  };
}

/** How a Chromium under test is started, whoever drives it; `remove` takes away what its fake devices play. */
export async function chromiumArguments(
  options: ChromiumOptions = {},
): Promise<{ readonly args: string[]; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-camera-'));
  const clip = join(folder, 'camera.y4m');
  await (options.writeCamera ?? writeSmallCamera)(clip);
  const sound = join(folder, 'microphone.wav');
  await options.writeMicrophone?.(sound);
  return {
    args: [
      ...QUIET,
      ...(options.flags ?? []),
      ...(options.writeMicrophone ? [`${FAKE_MICROPHONE}=${sound}`] : []),
      ...(options.devices === 'none' ? [] : [FAKE_DEVICES, `${FAKE_CAMERA}=${clip}`]),
      options.permission === 'deny' ? DENY_ALL : ALLOW_ALL,
    ],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
