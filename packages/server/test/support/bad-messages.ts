// Random messages that must all be refused: malformed, oversized, out of order, forged, aimed at another room.

import { MAX_COUNTER, MAX_MESSAGE_BYTES, MAX_SIGNAL_LENGTH } from '@maru/protocol';

/** Randomness of mulberry32: small, even, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What an attacker knows of the room that it wants to disturb. */
export interface Target {
  readonly room: string;
  readonly peers: readonly string[];
  readonly tokens: readonly string[];
}

type Fields = Record<string, unknown>;

/** What a resume remembers of its room. */
const RESUMED = { locked: false, topology: 'mesh', epoch: 0 };
const STATE = { rev: MAX_COUNTER, mic: false, camera: false, screen: true, hand: true };

export class BadMessages {
  constructor(
    private readonly unit: () => number,
    private readonly target: Target,
  ) {}

  /** For a socket that has not said hello: valid requests too, as they come too early. */
  beforeHello(): string | Buffer {
    return this.unit() < 0.5 ? JSON.stringify(this.#valid()) : this.always();
  }

  /** For a socket that has said hello and is in no room. */
  outside(): string | Buffer {
    if (this.unit() < 0.6) return this.always();
    const { room, peers } = this.target;
    return JSON.stringify(
      this.#pick([
        { type: 'signal', id: 1, to: this.#pick(peers), data: 'x' },
        { type: 'state', id: 1, state: STATE },
        { type: 'lock', id: 1, locked: this.unit() < 0.5 },
        { type: 'ice', id: 1 },
        this.#link(1),
        // The room is locked.
        { type: 'join', id: 1, room, name: 'intruder', state: STATE, offers: ['x'] },
        { type: 'resume', id: 1, token: this.#forged(), name: 'n', state: STATE, ...RESUMED },
      ]),
    );
  }

  /** For a socket that is inside another room. */
  elsewhere(): string | Buffer {
    if (this.unit() < 0.5) return this.always();
    const { room, peers, tokens } = this.target;
    return JSON.stringify(
      this.#pick([
        { type: 'signal', id: 1, to: this.#pick(peers), data: 'x'.repeat(1 + this.#below(300)) },
        { type: 'signal', id: 1, to: this.#text(16), data: 'x' },
        { type: 'signal', id: 1, to: this.#pick(peers), from: this.#pick(peers), data: 'spoofed' },
        { type: 'join', id: 1, room, name: 'n', state: STATE, offers: [] },
        { type: 'peek', id: 1, room },
        { type: 'resume', id: 1, token: this.#pick(tokens), name: 'n', state: STATE, ...RESUMED },
        { type: 'state', id: 1, state: STATE, peer: this.#pick(peers) },
        { type: 'lock', id: 1, locked: true, room },
        { type: 'leave', id: 1, peer: this.#pick(peers) },
        // Its own room is a mesh.
        this.#link(1),
        { ...this.#link(1), peer: this.#pick(peers), room },
      ]),
    );
  }

  /** What nobody may ever send. */
  always(): string | Buffer {
    const kind = this.unit();
    if (kind < 0.02) return ' '.repeat(MAX_MESSAGE_BYTES + 1 + this.#below(1_000));
    if (kind < 0.1) return Buffer.from(JSON.stringify(this.#valid()));
    if (kind < 0.2) return this.#text(this.#below(200));
    if (kind < 0.35) return this.#cut(JSON.stringify(this.#valid()));
    return JSON.stringify(this.#spoilt(this.#valid()));
  }

  #valid(): Fields {
    const { room, peers } = this.target;
    const id = this.#below(1_000);
    return this.#pick<() => Fields>([
      () => ({ type: 'peek', id, room }),
      () => ({ type: 'join', id, room, name: 'n', state: STATE, offers: ['a', 'b'] }),
      () => ({ type: 'resume', id, token: this.#forged(), name: 'n', state: STATE, ...RESUMED }),
      () => ({ type: 'signal', id, to: this.#pick(peers), data: 'x' }),
      () => ({ type: 'state', id, state: STATE }),
      () => ({ type: 'lock', id, locked: true }),
      () => ({ type: 'ice', id }),
      () => this.#link(id),
      () => ({ type: 'ping', id }),
      () => ({ type: 'leave', id }),
    ])();
  }

  #link(id: number): Fields {
    return { type: 'sfu', id, link: 'abcdefghijkl', offer: 'AAAA' };
  }

  /** One thing wrong: a field too many, too few, of another type or out of bounds. */
  #spoilt(message: Fields): Fields {
    const keys = Object.keys(message);
    const key = this.#pick(keys);
    const wrong = this.#pick<unknown>([
      null,
      true,
      -1,
      1.5,
      1e300,
      '',
      [],
      {},
      [[]],
      'x'.repeat(MAX_SIGNAL_LENGTH + 1),
      { toString: 'x' },
    ]);
    switch (this.#below(4)) {
      case 0:
        return Object.fromEntries(Object.entries(message).filter(([name]) => name !== key));
      case 1:
        return {
          ...message,
          [this.#pick(['from', 'peer', 'order', 'constructor', 'toString', this.#text(5)])]: wrong,
        };
      case 2:
        return { ...message, type: this.#pick(['hello?', 'Join', 'joined', 'signal ', 'toString', '']) };
      default:
        // A boolean where one belongs would be right.
        return { ...message, [key]: key === 'locked' && wrong === true ? 'true' : wrong };
    }
  }

  #forged(): string {
    const token = this.#pick(this.target.tokens);
    const at = this.#below(token.length);
    return `${token.slice(0, at)}${token[at] === 'Q' ? 'R' : 'Q'}${token.slice(at + 1)}`;
  }

  #cut(text: string): string {
    return text.slice(0, this.#below(text.length));
  }

  /** Text with odd characters in it. */
  #text(length: number): string {
    const characters = ['a', '0', '{', '"', ':', '\\', '\u0000', '\u202e', '각', '👋', '\ud800'];
    return Array.from({ length }, () => this.#pick(characters)).join('');
  }

  #below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  #pick<T>(list: readonly T[]): T {
    const item = list[this.#below(list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}
