// What one file of network tests has to itself: an internet with Maru and coturn, and homes with a browser in each.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ChromiumOptions, TestChromium } from '../../e2e/support/chromium.js';
import { newPerson, type Person } from '../../e2e/support/person.js';
import type { Cable } from '../cable/tun-cable.js';
import { type Coturn, startCoturn, TURN_SECRET } from './coturn.js';
import { keepEvidence } from './evidence.js';
import { createHome, type Home, type HomeOptions } from './home.js';
import { startLabChromium } from './lab-browser.js';
import { type MaruServer, startMaru } from './maru-server.js';
import { createNamespaces, type Namespace, type Namespaces } from './namespace.js';
import { probePage } from './page-probe.js';
import { createInternet, joinInternet, type PublicAddress, publicAddress } from './topology.js';

export const SERVER_ADDRESS = publicAddress(1);
export const RELAY_ADDRESS = publicAddress(2);
/** Nobody has this one: what is sent there is lost in silence. */
export const NOBODYS_ADDRESS = publicAddress(99);
const FIRST_HOME = 10;

export type LabHomeOptions = Omit<HomeOptions, 'label' | 'address'> & {
  readonly browser?: ChromiumOptions;
};

/** A home with a browser in it. */
export interface LabHome extends Home {
  readonly name: string;
  readonly address: PublicAddress;
  /** The browser on its machine; started when it is first asked for. */
  chromium(): Promise<TestChromium>;
  readonly speaks: 'v4' | 'v6';
}

export interface Lab {
  readonly internet: Namespace;
  readonly coturn: Coturn;
  readonly namespaces: Namespaces;
  /** The home of this name. */
  home(name: string): LabHome;
  /** Maru, with a relay unless other flags are given: started anew where it does not run with these flags already. */
  serve(flags?: readonly string[], port?: number): Promise<MaruServer>;
  /** The flags that tell browsers of this relay. */
  relayFlags(): string[];
  /** A person at a home, with a watched and probed page, nowhere yet. Asked for again it is the same one. */
  person(home: LabHome, name?: string): Promise<Person>;
  /** Takes an emulated cable along, to be closed with the lab. */
  adopt(cable: Cable): Cable;
}

/**
 * Sets up the lab for every test of the file. Servers and pages stay from one test to the next, as most of the lab's
 * time goes into starting them; a test that failed leaves nothing to the next.
 */
export function useLab(homes: () => Readonly<Record<string, LabHomeOptions>>): Lab {
  let built: BuiltLab | null = null;
  const there = (): BuiltLab => {
    if (!built) throw new Error('The lab is set up in beforeAll: use it inside a test.');
    return built;
  };
  const servers = new Map<number, { readonly flags: string; readonly server: MaruServer }>();
  const people = new Map<string, Person>();
  const cables: Cable[] = [];

  beforeAll(async () => {
    built = await buildLab(homes());
  });
  afterAll(async () => {
    const lab = built;
    built = null;
    await stopServers();
    await lab?.close();
    await Promise.all(cables.map((cable) => cable.close()));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' && (await everyoneLeaves())) return;
    const logs = {
      server: [...servers.values()].map(({ server }) => server.log()).join('\n'),
      coturn: there().coturn.log(),
    };
    await keepEvidence(task.name, [...people.values()], logs);
    await Promise.all([...people.values()].map(({ context }) => context.close()));
    people.clear();
    await stopServers();
  });

  /** Out of every room, and without camera and microphone: nothing loads the machine in the next test. */
  async function everyoneLeaves(): Promise<boolean> {
    const left = [...people.values()].map(({ page }) => page.goto('about:blank'));
    return (await Promise.allSettled(left)).every(({ status }) => status === 'fulfilled');
  }

  async function stopServers(): Promise<void> {
    await Promise.all([...servers.values()].map(({ server }) => server.close()));
    servers.clear();
  }

  const lab: Lab = {
    get internet() {
      return there().internet;
    },
    get coturn() {
      return there().coturn;
    },
    get namespaces() {
      return there().namespaces;
    },
    home(name) {
      const home = there().homes.get(name);
      if (!home) throw new Error(`There is no home of ${name}.`);
      return home;
    },
    relayFlags: () => relayFlags(there().coturn),
    async serve(flags = lab.relayFlags(), port = 443) {
      const running = servers.get(port);
      if (running?.flags === flags.join(' ')) return running.server;
      await running?.server.close();
      const { machine, dataDir } = there();
      const server = await startMaru(machine, SERVER_ADDRESS, dataDir, flags, port);
      servers.set(port, { flags: flags.join(' '), server });
      return server;
    },
    async person(home, name = home.name) {
      const key = `${name} at ${home.name}`;
      const known = people.get(key);
      if (known) return known;
      const person = await newPerson(await home.chromium(), name, {
        before: (context) => context.addInitScript(probePage),
        context: { viewport: { width: 960, height: 600 } },
      });
      people.set(key, person);
      return person;
    },
    adopt(cable) {
      cables.push(cable);
      return cable;
    },
  };
  return lab;
}

function relayFlags({ urls, urls6 }: Coturn): string[] {
  return [
    ...[urls.stun, urls6.stun].flatMap((url) => ['--stun', url]),
    ...[urls.udp, urls.tcp, urls.tls, urls6.udp].flatMap((url) => ['--turn', url]),
    ...['--turn-secret', TURN_SECRET],
  ];
}

interface BuiltLab {
  readonly namespaces: Namespaces;
  readonly internet: Namespace;
  readonly machine: Namespace;
  readonly coturn: Coturn;
  readonly dataDir: string;
  readonly homes: ReadonlyMap<string, LabHome>;
  close(): Promise<void>;
}

async function buildLab(wanted: Readonly<Record<string, LabHomeOptions>>): Promise<BuiltLab> {
  const namespaces = await createNamespaces();
  const dataDir = await mkdtemp(join(tmpdir(), 'maru-network-'));
  /** What has been started, to be ended last in, first out. */
  const started: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.close();
    await namespaces.remove();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const internet = await createInternet(namespaces);
    const [machine, relay] = [await namespaces.add('server'), await namespaces.add('relay')];
    await joinInternet(internet, machine, SERVER_ADDRESS);
    await joinInternet(internet, relay, RELAY_ADDRESS);
    await internet.ip(`route add blackhole ${NOBODYS_ADDRESS.v4}`);
    const coturn = await startCoturn(relay, RELAY_ADDRESS);
    started.push(coturn);
    const homes = new Map<string, LabHome>();
    for (const [name, options] of Object.entries(wanted)) {
      const address = publicAddress(FIRST_HOME + homes.size);
      const home = await createHome(namespaces, internet, { label: name.toLowerCase(), address, ...options });
      let chromium: Promise<TestChromium> | null = null;
      const startBrowser = async (): Promise<TestChromium> => {
        const browser = await startLabChromium(home.machine, options.browser);
        started.push(browser);
        return browser;
      };
      homes.set(name, {
        ...home,
        name,
        address,
        speaks: options.speaks ?? 'v4',
        chromium() {
          chromium ??= startBrowser();
          return chromium;
        },
      });
    }
    return { namespaces, internet, machine, coturn, dataDir, homes, close };
  } catch (error) {
    await close();
    throw error;
  }
}
