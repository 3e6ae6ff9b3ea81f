// Rooms in which anything may happen: whatever does, slots carry valid streams, seats say what flows, and voices go on.
import { expect, test } from 'vitest';
import type { LineName } from '../src/router/room-events.js';
import type { FakeClient } from './support/fake-client.js';
import { FUZZ_SEED, RandomBytes } from './support/random-bytes.js';
import { RoomWorld } from './support/room-world.js';

/** `MARU_ROOMS=200` for a long look; `MARU_FUZZ_SEED` takes up a seed that was printed. */
const ROOMS = Number(process.env['MARU_ROOMS'] ?? 4);
const EVENTS = 40;
const MOST_CLIENTS = 6;
const RIDS = ['l', 'm', 'h'];
const PEERS = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay', 'gus'];
/** Long enough for a seat to be told, and for a key frame to be asked for and come. */
const SETTLE_MS = 4_000;

/** A room, and what happens in it. */
class Life {
  readonly random: RandomBytes;
  readonly world: RoomWorld;
  /** What happened, to be read when something was wrong. */
  readonly log: string[] = [];

  constructor(seed: number) {
    this.random = new RandomBytes(seed);
    this.world = new RoomWorld({ seed });
    this.#join();
    this.#join();
  }

  happen(): void {
    const client = this.#anyone();
    const { random, world } = this;
    const event = random.below(14);
    if (event === 0 && world.clients.size < MOST_CLIENTS) this.#join();
    else if (event === 1 && world.clients.size > 2 && client)
      this.#note(`${client.link} leaves`, () => world.leave(client));
    else if (event === 2 && world.clients.size < MOST_CLIENTS) this.#stand();
    else if (event === 3) this.#seatSomebody();
    else if (client && event < 8) this.#want(client);
    else if (client && event < 11) this.#toggle(client);
    else if (client && event === 11) this.#disturb(client);
    else if (client && event === 12) this.#restart(client);
    else if (client) {
      const level = [127, 20][random.below(2)] ?? 0;
      this.#note(`${client.link} is at ${level}`, () => {
        client.encoding('mic').level = level;
      });
    }
    world.run(20 + random.below(400));
  }

  /** Nothing gets lost any more, and nothing happens: what is left must agree. */
  settle(): void {
    for (const client of this.world.clients.values()) {
      // Its senders do not heed what they are told of a narrow path up. That down stays as narrow as it is.
      Object.assign(client.up.options, { loss: 0, rate: Number.POSITIVE_INFINITY });
      Object.assign(client.down.options, { loss: 0 });
    }
    this.world.run(SETTLE_MS);
  }

  get inside(): FakeClient[] {
    const { room, clients } = this.world;
    return [...clients.values()].filter(({ peer, link }) => room.linkOf(peer) === link);
  }

  #join(): void {
    const peer = this.#peer();
    this.#note(`${peer} joins`, () => this.world.join(peer));
  }

  #stand(): void {
    const peer = this.#peer();
    this.#note(`${peer} stands at the door`, () => {
      const client = this.world.open(peer);
      client.send('mic');
      client.send('camera');
      this.world.connect(client);
    });
  }

  #seatSomebody(): void {
    const { world } = this;
    const client = [...world.clients.values()].find(({ link }) => world.room.peerOf(link) === null);
    if (client) this.#note(`${client.link} is seated`, () => world.seat(client));
  }

  #want(client: FakeClient): void {
    const { random } = this;
    const wishes = Array.from({ length: random.below(6) }, () => {
      const line = random.below(4) === 0 ? 'screen' : 'camera';
      const width = [160, 320, 640, 1_280][random.below(4)] ?? 1;
      return [random.below(5), this.#peer(), width, line, random.below(4)] as [
        number,
        string,
        number,
        'camera',
        number,
      ];
    });
    this.#note(`${client.link} wants ${JSON.stringify(wishes)}`, () => this.world.want(client, ...wishes));
  }

  #toggle(client: FakeClient): void {
    const { random } = this;
    const line =
      (['mic', 'camera', 'camera', 'camera', 'screen', 'screenAudio'] as LineName[])[random.below(6)] ??
      'mic';
    const rid = line === 'camera' && random.below(3) > 0 ? RIDS[random.below(3)] : undefined;
    const on = random.below(2) === 0;
    this.#note(`${client.link} turns ${line} ${rid ?? ''} ${on ? 'on' : 'off'}`, () =>
      client.send(line, on, rid === undefined ? undefined : [rid]),
    );
  }

  #disturb(client: FakeClient): void {
    const { random } = this;
    const options = random.below(2) === 0 ? client.up.options : client.down.options;
    const loss = [0, 0.02, 0.1][random.below(3)] ?? 0;
    const rate = [Number.POSITIVE_INFINITY, 2_000_000, 400_000][random.below(3)] ?? 0;
    this.#note(`${client.link} loses ${loss}, has ${rate}`, () => Object.assign(options, { loss, rate }));
  }

  #restart(client: FakeClient): void {
    const encoding = client.of('camera')[this.random.below(3)];
    if (!encoding) return;
    const ssrc = 0x4000_0000 + this.random.below(0x1000_0000) * 2;
    this.#note(`${client.link} begins ${encoding.options.rid} anew`, () => encoding.restart(ssrc));
  }

  #note(what: string, event: () => void): void {
    this.log.push(`${this.world.now}: ${what}`);
    event();
  }

  #anyone(): FakeClient | undefined {
    const clients = [...this.world.clients.values()];
    return clients[this.random.below(clients.length)];
  }

  #peer(): string {
    return PEERS[this.random.below(PEERS.length)] ?? 'ann';
  }
}

/** What one client is told and sent, compared; what is wrong. */
function disagreements(life: Life, client: FakeClient): string[] {
  const { world, inside } = life;
  const found: string[] = [];
  const recent = world.now - 700;
  for (const output of [...client.audio, ...client.video]) {
    const { kind, index } = output.plan;
    const seat = client.seat(kind, index);
    const flows = output.since(recent).filter(({ label }) => label !== null);
    const where = `${client.link} ${kind} ${index}`;
    if (!seat && flows.length > 0) found.push(`${where} flows and is not told`);
    if (!seat) continue;
    const sender = inside.find(({ peer }) => peer === seat.peer);
    if (!sender) {
      found.push(`${where} is told ${seat.peer}, who is not there`);
      continue;
    }
    const sends = sender.of(seat.line).some(({ active }) => active);
    if (sends && flows.length === 0)
      found.push(`${where} is told ${seat.peer} ${seat.line}, and nothing flows`);
  }
  return found;
}

/** Every voice that is told and sent comes, whatever the path carries. */
function missingVoices(life: Life, client: FakeClient): string[] {
  const { world, inside } = life;
  const since = world.now - 1_000;
  return inside.flatMap((other) => {
    if (other === client || !other.encoding('mic').active) return [];
    const slot = client.slotOf(other.peer, 'mic');
    const came = client.audio[slot]?.since(since).length ?? 0;
    return came >= 47 ? [] : [`${client.link} got ${came} packets of ${other.link}'s voice`];
  });
}

test.each(Array.from({ length: ROOMS }, (_, index) => (FUZZ_SEED + index) >>> 0))(
  'a room of seed %i',
  (seed) => {
    const life = new Life(seed);
    const wrong: string[] = [];
    for (let event = 0; event < EVENTS; event += 1) life.happen();
    life.settle();
    wrong.push(...life.world.check());
    for (const client of life.inside) {
      wrong.push(...disagreements(life, client), ...missingVoices(life, client));
    }
    if (wrong.length > 0) wrong.push(`MARU_ROOMS=1 MARU_FUZZ_SEED=${seed} shows it`, ...life.log);
    expect(wrong).toEqual([]);
  },
  300_000 + ROOMS * 1_000,
);
