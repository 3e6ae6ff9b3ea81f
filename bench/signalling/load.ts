// The load generator: a process of its own that plays all the clients of one server.

import { bareWs } from './dialects/bare-ws.js';
import type { Client, Dialect } from './dialects/dialect.js';
import { maru } from './dialects/maru.js';
import { peerServer } from './dialects/peer-server.js';
import { socketIo } from './dialects/socket-io.js';
import type { FillRooms, FromChild, Job, JobDone, Relay } from './orders.js';

const DIALECTS: Readonly<Record<string, Dialect>> = {
  'bare-ws': bareWs,
  'peer-server': peerServer,
  'socket-io': socketIo,
  maru,
};

/** Sockets that are opened at a time: fewer than any server's queue of waiting connections holds. */
const OPENING_AT_A_TIME = 50;
const TICK_MS = 2;

const [name = '', portText = ''] = process.argv.slice(2);
const port = Number(portText);
const dialect = DIALECTS[name];
if (!dialect) throw new Error(`There is no dialect "${name}".`);

let idle: readonly Client[] = [];
let rooms = 0;

process.on('message', (job: Job) => {
  perform(job).then(tell, (error: unknown) => tell({ kind: 'failed', reason: String(error) }));
});
process.on('disconnect', () => process.exit());

async function perform(job: Job): Promise<JobDone> {
  switch (job.kind) {
    case 'idle':
      idle = await openPairs(job.connections / 2);
      return done(idle.length, 0);
    case 'release':
      await Promise.all(idle.map((client) => client.close()));
      idle = [];
      return done(0, 0);
    case 'relay':
      return await relay(job);
    case 'joins':
      return await fillRooms(job);
  }
}

/** Clients two by two in rooms of their own: the partner of an even one is the next. */
async function openPairs(pairs: number): Promise<readonly Client[]> {
  const clients: Client[] = [];
  while (clients.length < pairs * 2) {
    const missing = pairs - clients.length / 2;
    const batch = Array.from({ length: Math.min(missing, OPENING_AT_A_TIME / 2) }, async () => {
      const room = newRoom();
      const first = await open(room, 0);
      await first.enter(0, '');
      const second = await open(room, 1);
      await second.enter(1, 'offer');
      return [first, second];
    });
    clients.push(...(await Promise.all(batch)).flat());
  }
  return clients;
}

/** Sends at an even pace, whatever the timers do: each tick sends what is due by then. */
async function relay(job: Relay): Promise<JobDone> {
  const total = Math.round((job.messagesPerSecond * job.forMs) / 1_000);
  const sentAt = new Float64Array(total);
  const roundTrips: number[] = [];
  const started = performance.now();
  await new Promise<void>((resolve) => {
    for (const client of idle) {
      client.onData = (_, data) => {
        roundTrips.push(performance.now() - (sentAt[Number.parseInt(data, 10)] ?? 0));
        if (roundTrips.length === total) resolve();
      };
    }
    let next = 0;
    const timer = setInterval(() => {
      const due = Math.min(total, ((performance.now() - started) * job.messagesPerSecond) / 1_000);
      for (; next < due; next++) {
        const from = next % idle.length;
        const to = idle[from ^ 1]?.id ?? '';
        sentAt[next] = performance.now();
        idle[from]?.send(to, paddedData(to, next, job.messageBytes));
      }
      if (next === total) clearInterval(timer);
    }, TICK_MS);
  });
  const elapsedMs = performance.now() - started;
  return { kind: 'done', count: total, elapsedMs, roundTrips: roundTrips.sort((a, b) => a - b) };
}

/** Data that begins with a number and makes the whole frame of the asked size. */
function paddedData(to: string, number: number, bytes: number): string {
  const envelope = dialect?.frame(to, '').length ?? 0;
  return `${number} `.padEnd(bytes - envelope, 'x');
}

/** Fills rooms until the time is over; those begun before are finished and not counted. */
async function fillRooms(job: FillRooms): Promise<JobDone> {
  const started = performance.now();
  const over = () => performance.now() - started >= job.forMs;
  let count = 0;
  const worker = async () => {
    while (!over()) {
      await fillRoom('o'.repeat(job.offerLength));
      if (!over()) count++;
    }
  };
  await Promise.all(Array.from({ length: job.atATime }, worker));
  return done(count, job.forMs);
}

/** Three people come one after the other; each offers to everyone inside and has come when all have answered. */
async function fillRoom(offer: string): Promise<void> {
  const room = newRoom();
  const clients: Client[] = [];
  for (const seat of [0, 1, 2]) {
    const client = await open(room, seat);
    const answers = new Promise<void>((resolve) => {
      let missing = seat;
      if (missing === 0) resolve();
      client.onData = (from, data) => {
        if (data.startsWith('o')) client.send(from, `a${data}`);
        else if (--missing === 0) resolve();
      };
    });
    await client.enter(seat, offer);
    await answers;
    clients.push(client);
  }
  await Promise.all(clients.map((client) => client.close()));
}

function open(room: string, seat: number): Promise<Client> {
  if (!dialect) throw new Error('No dialect.');
  return dialect.open(port, room, seat);
}

function newRoom(): string {
  return `room${rooms++}`;
}

function done(count: number, elapsedMs: number): JobDone {
  return { kind: 'done', count, elapsedMs, roundTrips: [] };
}

function tell(message: FromChild): void {
  process.send?.(message);
}
