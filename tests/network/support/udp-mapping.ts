// What a router's NAT does to a UDP port, found out as RFC 5780 does: by asking two servers, and one of them from elsewhere.

import type { Namespace } from './namespace.js';
import type { Running } from './run.js';

const PORT = 5_000;

/** Answers every packet with the address that it came from, twice: from the port that was asked, and from another one. */
const ECHO = `
const { createSocket } = require('node:dgram');
const [asked, other] = [createSocket('udp4'), createSocket('udp4')];
asked.on('message', (_, { address, port }) => {
  const seen = { address, port };
  asked.send(JSON.stringify({ ...seen, by: 'asked' }), port, address);
  other.send(JSON.stringify({ ...seen, by: 'other' }), port, address);
});
asked.bind(${PORT}, () => console.log('ready'));
`;

/** Asks each server from one port until all have answered, then as long again for answers that are not to come. */
const ASK = `
const { createSocket } = require('node:dgram');
const socket = createSocket('udp4');
const servers = process.argv.slice(1);
const answers = [];
let rounds = 0;
socket.on('message', (text, { address }) => answers.push({ server: address, ...JSON.parse(text) }));
socket.bind(() => {
  const { port } = socket.address();
  const ask = () => {
    const missing = servers.some((server) => !answers.some((answer) => answer.server === server));
    if (!missing && (rounds += 1) > 3) {
      console.log(JSON.stringify({ port, answers }));
      process.exit();
    }
    for (const server of servers) socket.send('?', ${PORT}, server);
    setTimeout(ask, 100);
  };
  ask();
});
`;

export interface Mapping {
  /** The port inside. */
  readonly port: number;
  readonly answers: readonly {
    readonly server: string;
    /** How this server saw the packet. */
    readonly address: string;
    readonly port: number;
    /** `other`: the answer came from a port that was not asked. */
    readonly by: 'asked' | 'other';
  }[];
}

export function startEcho(namespace: Namespace): Running {
  return namespace.start(process.execPath, ['-e', ECHO]);
}

export async function askForMapping(machine: Namespace, servers: readonly string[]): Promise<Mapping> {
  return JSON.parse(await machine.run(process.execPath, ['-e', ASK, ...servers]));
}
