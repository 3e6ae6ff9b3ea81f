// The floor: a bare loop over the same native library, which copies each packet of the sender to everyone else.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hostAddress } from '../../network/udp-relay.js';
import { reduceAnswer } from '../client/maru-offer.js';
import type { Member } from '../client/member.js';
import type { FloorReply, FloorRequest } from './floor-message.js';
import type { Target } from './target.js';

const PROCESS = fileURLToPath(new URL('./floor-process.js', import.meta.url));

export async function startFloor(): Promise<Target> {
  const child = fork(PROCESS, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('The floor did not start.');
  const answers = new Map<number, (reply: FloorReply) => void>();
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (message: FloorReply) => {
      if (message.type === 'ready') resolve(message.port);
      else answers.get(message.member)?.(message);
    });
    child.once('exit', (status) => reject(new Error(`The floor ended with status ${status}.`)));
  });
  const candidate = `a=candidate:1 1 udp 2122317823 ${hostAddress()} ${port} typ host`;
  return {
    pid,
    control: false,
    estimates: false,
    async admit(member: Member): Promise<void> {
      const { client, number, sources } = member;
      const native = await client.offer();
      const answered = new Promise<string>((resolve) => {
        answers.set(number, (reply) => reply.type === 'answered' && resolve(reply.answer));
      });
      // As the SFU does it: the client's candidates are learnt from its checks.
      const offer = native.replace(/^a=(candidate:.*|end-of-candidates)\r\n/gm, '');
      child.send({ type: 'open', member: number, sends: sources.length > 0, offer } satisfies FloorRequest);
      client.accept(reduceAnswer(native, `${await answered}${candidate}\r\n`));
      await client.connected();
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.disconnect();
      await gone;
    },
  };
}
