// The process of the floor: pipes like those of the SFU, and between them nothing but a loop.

import { createSocket } from 'node:dgram';
import { isRtcp, Pipe } from '../sfu-parts.js';
import type { FloorReply, FloorRequest } from './floor-message.js';

const port = await freeUdpPort();
const receivers: InstanceType<typeof Pipe>[] = [];
const senders: InstanceType<typeof Pipe>[] = [];

function open({ member, sends, offer }: FloorRequest): void {
  const pipe = new Pipe(
    `floor-${member}`,
    { port },
    {
      onConnected: () => undefined,
      onPacket: sends ? forward : toSenders,
      onControlOpen: () => undefined,
      onControl: () => undefined,
      onLost: () => undefined,
    },
  );
  (sends ? senders : receivers).push(pipe);
  void pipe.accept(offer).then((answer) => tell({ type: 'answered', member, answer }));
}

function forward(packet: Buffer): void {
  for (const receiver of receivers) receiver.send(packet);
}

/** Reports of receivers lead nowhere, as nothing is done with them. */
function toSenders(packet: Buffer): void {
  if (!isRtcp(packet)) for (const sender of senders) sender.send(packet);
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.bind(0, () => {
      const { port: bound } = socket.address();
      socket.close(() => resolve(bound));
    });
  });
}

function tell(message: FloorReply): void {
  process.send?.(message);
}

process.on('message', open);
process.on('disconnect', () => process.exit());
tell({ type: 'ready', port });
