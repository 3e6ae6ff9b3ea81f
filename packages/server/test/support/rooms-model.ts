// The rules of rooms once more, as plainly as they can be said, beside the real ones: every answer is foretold, and
// what each connection was told must add up to what is true.

import { GRACE_MS, serverMessageSchema, type Topology } from '@maru/protocol';
import * as v from 'valibot';
import { expect } from 'vitest';
import type { Effect, SfuEffect } from '../../src/room/effect.js';
import { OCCUPANCY_INTERVAL_MS } from '../../src/room/occupancy-news.js';
import { type RoomMessage, Rooms } from '../../src/room/rooms.js';
import { RoomView } from './room-view.js';

const ROOM_LIMIT = 3;
const MESH_LIMIT = 2;
const MAX_ROOMS = 2;
const RECOVERY_MS = 60_000;

interface Member {
  readonly id: string;
  readonly room: string;
  readonly order: number;
  readonly name: string;
  readonly entered: 'join' | 'rebuild';
  readonly attempt: string | null;
  rev: number;
  connection: number | null;
  awayUntil: number;
}
interface ModelRoom {
  members: Member[];
  locked: boolean;
  /** One who was inside before the restart has said, or remembers, whether it is locked. */
  decided: boolean;
  topology: Topology;
  epoch: number;
}
/** One who uses the rooms: the connection it is on now, and the last token it was given. */
interface Person {
  connection: number;
  token: string;
  /** What it remembers of the topology of the room that it was in last. */
  topology: Topology;
  epoch: number;
}
/** One step of a run: what to do, and three numbers to choose from what there is. */
export interface Step {
  readonly kind: keyof typeof STEPS;
  readonly who: number;
  readonly what: number;
  readonly where: number;
}

export const PEOPLE = 8;

/** Whose links there are, built only from the effects. */
class Links {
  /** What the last request was carried out as. */
  opened: { room: string; peer: string | null; connection: number } | null = null;
  /** Peers that have, or may have, links; connections that have some from outside. */
  readonly peers = new Map<string, string>();
  readonly watchers = new Map<number, string>();

  perform(effect: SfuEffect): void {
    switch (effect.kind) {
      case 'sfu-open': {
        const { room, peer, connection } = effect;
        this.opened = { room, peer, connection };
        if (peer === null) this.watchers.set(connection, room);
        else this.peers.set(peer, room);
        break;
      }
      case 'sfu-sit':
        this.watchers.delete(effect.connection);
        this.peers.set(effect.peer, effect.room);
        break;
      case 'sfu-disconnect':
      case 'sfu-unwatch':
        this.watchers.delete(effect.connection);
        break;
      case 'sfu-leave':
        this.peers.delete(effect.peer);
        break;
      case 'sfu-close':
        for (const [connection, room] of this.watchers) {
          if (room === effect.room) this.watchers.delete(connection);
        }
        expect([...this.peers.values()], 'an empty room has no peers').not.toContain(effect.room);
        break;
    }
  }
}

export class RoomsModel {
  links = new Links();
  readonly effects: Effect[] = [];
  readonly people: Person[] = [];
  readonly rooms = new Map<string, ModelRoom>();
  readonly gone = new Set<string>();
  now = 0;
  boot = 0;
  recoverUntil = 0;
  #real: Rooms;
  #views = new Map<number, RoomView>();
  #made = 0;
  #connections = 0;
  /** The rooms have had the time to tell their watchers of all that has changed (ROOM-3). */
  #told = false;

  constructor() {
    for (let who = 0; who < PEOPLE; who++) {
      this.people.push({ connection: this.connect(), token: 'none', topology: 'mesh', epoch: 0 });
    }
    this.#real = this.#start();
  }

  step({ kind, who, what, where }: Step): void {
    const person = this.people[who % PEOPLE] ?? this.people[0];
    this.#told = false;
    if (person) STEPS[kind](this, person, what, `room ${where}`);
    this.#check();
  }

  connect(): number {
    this.#views.set(++this.#connections, new RoomView());
    return this.#connections;
  }

  view(connection: number): RoomView {
    return this.#views.get(connection) ?? new RoomView();
  }

  memberOn(connection: number): Member | undefined {
    return this.all().find((member) => member.connection === connection);
  }

  all(): Member[] {
    return [...this.rooms.values()].flatMap(({ members }) => members);
  }

  /** Asks the real rooms and returns the answer's type, or the code of its refusal. */
  ask(connection: number, message: RoomMessage): string {
    const view = this.view(connection);
    view.answer = null;
    this.apply(this.#real.handle(connection, message, this.now));
    const { answer } = this.view(connection);
    return answer === null ? 'nothing' : answer.type === 'refused' ? answer.code : answer.type;
  }

  /** The person's socket is lost; it will come back on another. */
  drop(person: Person): void {
    const { connection } = person;
    const member = this.memberOn(connection);
    this.#views.delete(connection);
    person.connection = this.connect();
    if (member) {
      member.connection = null;
      member.awayUntil = this.now + GRACE_MS;
    }
    this.apply(this.#real.lost(connection, this.now));
  }

  wait(ms: number): void {
    this.now += ms;
    for (const member of this.all()) {
      if (member.connection === null && member.awayUntil <= this.now) this.remove(member);
    }
    const expired = this.#real.expire(this.now);
    this.apply(expired);
    this.#told = ms >= OCCUPANCY_INTERVAL_MS && expired.length === 0;
    this.apply(this.#real.tellWatchers(this.now));
  }

  remove(member: Member): void {
    const room = this.rooms.get(member.room);
    if (!room) return;
    this.gone.add(member.id);
    room.members = room.members.filter((other) => other !== member);
    if (room.members.length === 0) this.rooms.delete(member.room);
  }

  /** The server forgets everything; everyone is on a new connection. */
  restart(): void {
    this.rooms.clear();
    // Who had left is forgotten too: a former token counts until the recovery is over.
    this.gone.clear();
    this.#views.clear();
    this.links = new Links();
    this.boot++;
    this.now += 2_000;
    this.#real = this.#start();
    for (const person of this.people) person.connection = this.connect();
  }

  apply(effects: readonly Effect[]): void {
    this.effects.push(...effects);
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#views.get(effect.to)?.take(v.parse(serverMessageSchema, effect.message));
          break;
        case 'broadcast':
          expect(new Set(effect.to).size).toBe(effect.to.length);
          for (const to of effect.to) this.#views.get(to)?.take(v.parse(serverMessageSchema, effect.message));
          break;
        case 'refuse': {
          const { re, code } = effect;
          this.#views.get(effect.to)?.take({ type: 'refused', re, code });
          break;
        }
        case 'replace':
        case 'evict': {
          const replaced = this.people.find(({ connection }) => connection === effect.connection);
          this.#views.delete(effect.connection);
          if (replaced) replaced.connection = this.connect();
          break;
        }
        case 'note':
          break;
        default:
          this.links.perform(effect);
      }
    }
  }

  #start(): Rooms {
    this.recoverUntil = this.now + RECOVERY_MS;
    return new Rooms({
      roomLimit: ROOM_LIMIT,
      meshLimit: MESH_LIMIT,
      maxRooms: MAX_ROOMS,
      graceMs: GRACE_MS,
      recoverUntil: this.recoverUntil,
      newPeerId: () => `${++this.#made}`.padStart(16, '0'),
      orderFloor: () => Math.floor(this.now / 1_000),
      issueToken: ({ room, peer, order }) => [room, peer, order, this.boot].join('|'),
      verifyToken: (token) => {
        const [room, peer, order, boot, ...rest] = token.split('|');
        if (room === undefined || peer === undefined || boot === undefined || rest.length > 0) return null;
        return { room, peer, order: Number(order), former: Number(boot) !== this.boot };
      },
      iceServers: () => [],
    });
  }

  #check(): void {
    for (const [name, room] of this.rooms) {
      const orders = room.members.map(({ order }) => order);
      expect(new Set(orders).size, 'orders are unique').toBe(orders.length);
      for (const member of room.members)
        if (member.connection !== null) this.#checkInside(name, room, member);
    }
    for (const { connection } of this.people) {
      const { occupancy } = this.view(connection);
      if (occupancy !== null && this.#told)
        expect(occupancy).toBe(JSON.stringify(this.occupancy(JSON.parse(occupancy).room)));
    }
    this.#checkLinks();
    const present = this.all().filter(({ connection }) => connection !== null).length;
    expect(this.#real.roomCount).toBe(this.rooms.size);
    expect([this.#real.presentCount, this.#real.awayCount]).toEqual([present, this.all().length - present]);
    if (this.all().length > present) expect(this.#real.nextDeadline()).toBeGreaterThan(this.now);
    else expect(this.#real.nextDeadline()).toBeNull();
  }

  /** Nobody has a link who is not there, and none is anybody's in a mesh. */
  #checkLinks(): void {
    for (const [peer, room] of this.links.peers) {
      expect(this.all().find(({ id }) => id === peer)?.room).toBe(room);
      expect(this.rooms.get(room)?.topology).toBe('sfu');
    }
    for (const [connection, room] of this.links.watchers) {
      expect(JSON.parse(this.view(connection).occupancy ?? '{}').room).toBe(room);
    }
  }

  #checkInside(name: string, room: ModelRoom, member: Member): void {
    const view = this.view(member.connection ?? 0);
    expect(view.self, name).toBe(member.id);
    expect(view.locked).toBe(room.locked);
    expect([view.topology, view.epoch]).toEqual([room.topology, room.epoch]);
    const believed = [...view.peers.values()].map((peer) => [
      peer.id,
      peer.order,
      peer.presence,
      peer.state.rev,
    ]);
    const others = room.members.filter((other) => other !== member);
    const actual = others.map(({ id, order, connection, rev }) => [
      id,
      order,
      connection === null ? 'away' : 'present',
      rev,
    ]);
    expect(believed.sort()).toEqual(actual.sort());
  }

  occupancy(name: string) {
    const room = this.rooms.get(name);
    const members = room?.members ?? [];
    const locked = room?.locked ?? false;
    const names = locked ? [] : members.map((member) => member.name).slice(0, ROOM_LIMIT);
    const topology = this.topologyWith(name, members.length + 1);
    return { room: name, count: members.length, limit: ROOM_LIMIT, locked, names, topology };
  }

  topologyWith(name: string, size: number): Topology {
    return this.rooms.get(name)?.topology === 'sfu' || size > MESH_LIMIT ? 'sfu' : 'mesh';
  }
}

const stateOf = (rev: number) => ({ rev, mic: true, camera: false, screen: false, hand: false });

/** What each kind of step does, and what must come of it. */
export const STEPS = {
  join(model: RoomsModel, person: Person, what: number, name: string) {
    const { connection } = person;
    const room = model.rooms.get(name);
    const offers = Array.from({ length: what % 4 }, (_, n) => `offer ${n}`);
    const inside = model.memberOn(connection);
    // Few marks for many people, so that joins are often such as were answered before.
    const attempt = what % 8 < 4 ? null : `attempt ${what % 3}`.padEnd(16, '-');
    const former = attempt === null ? undefined : room?.members.find((other) => other.attempt === attempt);
    const answer = model.ask(connection, {
      type: 'join',
      id: 1,
      room: name,
      name: 'joined',
      state: stateOf(0),
      offers,
      ...(attempt === null ? {} : { attempt }),
      ...(what % 5 === 0 ? { topology: what % 10 === 0 ? 'sfu' : 'mesh' } : {}),
    });
    if (inside) return expect(answer).toBe('already-joined');
    if (room?.locked && !former) return expect(answer).toBe('room-locked');
    if (room && room.members.length >= ROOM_LIMIT && !former) return expect(answer).toBe('room-full');
    if (!room && model.rooms.size >= MAX_ROOMS) return expect(answer).toBe('server-busy');
    const joined = model.view(connection).answer;
    if (joined?.type !== 'joined') return expect.unreachable(answer);
    const { self, token, peers } = joined;
    const members = (room?.members ?? []).filter((other) => other !== former);
    if (former) {
      expect(self.order).toBeGreaterThan(former.order);
      model.gone.add(former.id);
    }
    expect(peers).toHaveLength(members.length);
    const topology = !room && what % 10 === 0 ? 'sfu' : model.topologyWith(name, members.length + 1);
    const epoch = room && room.topology !== topology ? room.epoch + 1 : (room?.epoch ?? 0);
    expect(joined.room).toMatchObject({ topology, epoch });
    for (const { order } of members) expect(self.order).toBeGreaterThan(order);
    expect(model.gone.has(self.id)).toBe(false);
    let dealt = 0;
    for (const [at, member] of members.entries()) {
      const dealable = topology === 'mesh' && member.connection !== null && dealt < offers.length;
      const due = dealable ? dealt++ : null;
      expect(peers[at]).toMatchObject({ id: member.id, offer: due });
    }
    person.token = token;
    const member = {
      id: self.id,
      room: name,
      order: self.order,
      name: 'joined',
      entered: 'join' as const,
      attempt,
      rev: 0,
      connection,
      awayUntil: 0,
    };
    const made = { locked: false, decided: false, ...room, topology, epoch };
    model.rooms.set(name, { ...made, members: [...members, member] });
    return undefined;
  },

  resume(model: RoomsModel, person: Person, what: number) {
    const { connection } = person;
    // Mostly with the own token, at times with someone else's.
    const token = what % 4 > 0 ? person.token : (model.people[what % PEOPLE]?.token ?? 'none');
    const locked = what % 2 === 1;
    const rev = what % 5;
    const [name = '', id = '', order = '', boot = ''] = token.split('|');
    const inside = model.memberOn(connection);
    const former = Number(boot) !== model.boot;
    const place = model.all().find((member) => member.id === id);
    const room = model.rooms.get(name);
    const answer = model.ask(connection, {
      type: 'resume',
      id: 2,
      token,
      name: 'resumed',
      state: stateOf(rev),
      locked,
      topology: person.topology,
      epoch: person.epoch,
    });
    if (inside) return expect(answer).toBe('already-joined');
    const rebuildable =
      former &&
      id !== '' &&
      model.now < model.recoverUntil &&
      !model.gone.has(id) &&
      !room?.members.some((member) => member.order === Number(order));
    if (!place && !rebuildable) return expect(answer).toBe('resume-refused');
    if (!place && !room && model.rooms.size >= MAX_ROOMS) return expect(answer).toBe('server-busy');
    const resumed = model.view(connection).answer;
    if (resumed?.type !== 'resumed') return expect.unreachable(answer);
    expect(resumed.self).toMatchObject({ id, order: Number(order), presence: 'present' });
    expect(resumed.rebuilt).toBe(former);
    person.token = resumed.token;
    if (place) {
      place.connection = connection;
      place.rev = Math.max(place.rev, rev);
      return undefined;
    }
    const member = {
      id,
      room: name,
      order: Number(order),
      name: 'resumed',
      entered: 'rebuild' as const,
      attempt: null,
      rev,
      connection,
      awayUntil: 0,
    };
    const known: ModelRoom = room ?? {
      members: [],
      locked: false,
      decided: false,
      topology: 'mesh',
      epoch: 0,
    };
    if (locked && !known.decided) {
      for (const other of known.members) if (other.entered === 'join') model.gone.add(other.id);
      known.members = known.members.filter((other) => other.entered !== 'join');
      Object.assign(known, { locked: true, decided: true });
    }
    const sfu =
      known.topology === 'sfu' || person.topology === 'sfu' || known.members.length + 1 > MESH_LIMIT;
    const topology = sfu ? 'sfu' : 'mesh';
    // Whoever knows of another topology, inside or coming back, is told of a newer epoch.
    const [told, remembered] = [known, person].map((of) =>
      of.topology === topology ? of.epoch : of.epoch + 1,
    );
    Object.assign(known, { topology, epoch: Math.max(told ?? 0, remembered ?? 0) });
    known.members.push(member);
    model.rooms.set(name, known);
    return undefined;
  },

  forge(model: RoomsModel, person: Person) {
    const { connection, token } = person;
    const inside = model.memberOn(connection);
    const resume = {
      type: 'resume',
      id: 3,
      token: `${token}|x`,
      name: 'thief',
      state: stateOf(9),
      locked: true,
      topology: 'sfu',
      epoch: 9,
    } as const;
    expect(model.ask(connection, resume)).toBe(inside ? 'already-joined' : 'resume-refused');
  },

  leave(model: RoomsModel, person: Person) {
    const member = model.memberOn(person.connection);
    if (member) {
      model.remove(member);
      model.view(person.connection).leave();
    }
    expect(model.ask(person.connection, { type: 'leave', id: 4 })).toBe('ok');
  },

  drop: (model: RoomsModel, person: Person) => model.drop(person),

  signal(model: RoomsModel, person: Person, what: number) {
    const from = model.memberOn(person.connection);
    const everyone = model.all();
    const to = everyone[what % Math.max(1, everyone.length)];
    const data = `signal ${what}`;
    const before = model.people.map(({ connection }) => model.view(connection).signals.length);
    if (from && to === from) return;
    const answer = model.ask(person.connection, { type: 'signal', id: 5, to: to?.id ?? 'nobody', data });
    const reached = model.people.filter(
      ({ connection }, at) => model.view(connection).signals.length > (before[at] ?? 0),
    );
    if (!from) expect(answer).toBe('not-in-room');
    else if (to?.room !== from.room) expect(answer).toBe('unknown-peer');
    else expect(answer).toBe(to.connection === null ? 'peer-away' : 'nothing');
    const expected = answer === 'nothing' ? [to?.connection] : [];
    expect(reached.map(({ connection }) => connection)).toEqual(expected);
  },

  state(model: RoomsModel, person: Person, what: number) {
    const member = model.memberOn(person.connection);
    const rev = what % 6;
    if (member) member.rev = Math.max(member.rev, rev);
    const answer = model.ask(person.connection, { type: 'state', id: 6, state: stateOf(rev) });
    expect(answer).toBe(member ? 'ok' : 'not-in-room');
  },

  lock(model: RoomsModel, person: Person, what: number) {
    const member = model.memberOn(person.connection);
    const locked = what % 3 === 0;
    const room = member && model.rooms.get(member.room);
    if (room) {
      Object.assign(room, { locked, decided: room.decided || member.entered === 'rebuild' });
      model.view(person.connection).locked = locked;
    }
    expect(model.ask(person.connection, { type: 'lock', id: 7, locked })).toBe(room ? 'ok' : 'not-in-room');
  },

  peek(model: RoomsModel, person: Person, _what: number, room: string) {
    const inside = model.memberOn(person.connection);
    expect(model.ask(person.connection, { type: 'peek', id: 8, room })).toBe(
      inside ? 'already-joined' : 'peeked',
    );
  },

  ice(model: RoomsModel, person: Person) {
    const inside = model.memberOn(person.connection);
    expect(model.ask(person.connection, { type: 'ice', id: 9 })).toBe(inside ? 'ice-servers' : 'not-in-room');
  },

  sfu(model: RoomsModel, person: Person, what: number) {
    const { connection } = person;
    const inside = model.memberOn(connection);
    const watched = model.view(connection).occupancy;
    const name = inside?.room ?? (watched === null ? null : JSON.parse(watched).room);
    const topology = inside
      ? model.rooms.get(inside.room)?.topology
      : name !== null && model.occupancy(name).topology;
    const link = `link ${what % 3}`.padEnd(12, '-');
    model.links.opened = null;
    const answer = model.ask(connection, { type: 'sfu', id: 10, link, offer: 'AAAA' });
    expect(answer).toBe(topology === 'sfu' ? 'nothing' : 'not-sfu');
    expect(model.links.opened).toEqual(
      topology === 'sfu' ? { room: name, peer: inside?.id ?? null, connection } : null,
    );
  },

  wait: (model: RoomsModel, _person: Person, what: number) => model.wait(what * 200),
  expire: (model: RoomsModel) => model.wait(GRACE_MS),
  restart: (model: RoomsModel, _person: Person, what: number) =>
    what % 4 === 0 ? model.restart() : model.wait(what),
};
