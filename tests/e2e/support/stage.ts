// What one test file has to itself: a browser, the real server, and the people of the running test.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type ChromiumOptions, startChromium, type TestChromium } from './chromium.js';
import { enterCall, newPerson, openLobby, type Person, type PersonOptions } from './person.js';
import { startServer, type TestServer } from './server.js';

/** Pictures and logs of tests that failed. */
const ARTIFACTS = fileURLToPath(new URL('../../.artifacts/', import.meta.url));

export interface StageOptions {
  readonly flags?: readonly string[];
  readonly browser?: ChromiumOptions;
}

export interface Stage {
  readonly chromium: TestChromium;
  readonly server: TestServer;
  /** A room of the running test's own. */
  readonly room: string;
  nowhere(name: string, options?: PersonOptions): Promise<Person>;
  inLobby(name: string, options?: PersonOptions): Promise<Person>;
  inCall(name: string, options?: PersonOptions): Promise<Person>;
  /** The same with a browser of the person's own, closed after the test. */
  ownBrowser(options?: ChromiumOptions): Promise<TestChromium>;
  /** Takes someone along who was made elsewhere: closed after the test, pictured when it fails. */
  adopt(person: Person): Person;
}

/** Sets the stage for every test of the file; people leave after each. */
export function useStage(options: StageOptions = {}): Stage {
  let chromium: TestChromium | null = null;
  let server: TestServer | null = null;
  let people: Person[] = [];
  let browsers: TestChromium[] = [];
  let roomNumber = 0;
  const there = <T>(value: T | null): T => {
    if (value === null) throw new Error('The stage is set in beforeAll: use it inside a test.');
    return value;
  };

  beforeAll(async () => {
    [chromium, server] = await Promise.all([startChromium(options.browser), startServer(options.flags)]);
  });
  afterAll(async () => {
    try {
      await chromium?.close();
    } finally {
      await server?.close();
    }
  });
  afterEach(async ({ task }) => {
    roomNumber += 1;
    const [leaving, closing] = [people, browsers];
    people = [];
    browsers = [];
    if (task.result?.state === 'fail') await keepEvidence(task.name, leaving, server?.log() ?? '');
    await Promise.all(leaving.map(({ context }) => context.close().catch(ignoreClosed)));
    await Promise.all(closing.map((browser) => browser.close().catch(ignoreClosed)));
    // A test that failed may have left it stopped.
    await server?.start();
  });

  const stage: Stage = {
    get chromium() {
      return there(chromium);
    },
    get server() {
      return there(server);
    },
    get room() {
      return `${expect.getState().testPath?.match(/([\w-]+)\.test/)?.[1] ?? 'room'}-${roomNumber}`;
    },
    async nowhere(name, person) {
      return stage.adopt(await newPerson(stage.chromium, name, person));
    },
    async inLobby(name, person) {
      return stage.adopt(await openLobby(stage.chromium, stage.server.url, stage.room, name, person));
    },
    async inCall(name, person) {
      return stage.adopt(await enterCall(stage.chromium, stage.server.url, stage.room, name, person));
    },
    async ownBrowser(browser) {
      const started = await startChromium(browser);
      browsers.push(started);
      return started;
    },
    adopt(person) {
      people.push(person);
      return person;
    },
  };
  return stage;
}

/** A test may have closed or killed what is closed or pictured here; anything else is a fault of the test kit. */
function ignoreClosed(error: unknown): void {
  if (!/closed|crashed|ESRCH|Timeout/i.test(String(error))) throw error;
}

async function keepEvidence(test: string, people: readonly Person[], log: string): Promise<void> {
  const name = test.replace(/[^\w]+/g, '-').slice(0, 80);
  await mkdir(ARTIFACTS, { recursive: true });
  await writeFile(`${ARTIFACTS}${name}.server.log`, log);
  for (const person of people) {
    const file = `${ARTIFACTS}${name}.${person.name}`;
    await writeFile(`${file}.console.txt`, person.complaints.join('\n'));
    // Who has no page any more cannot be pictured.
    if (!person.page.isClosed())
      await person.page.screenshot({ path: `${file}.png`, timeout: 5_000 }).catch(ignoreClosed);
  }
}
