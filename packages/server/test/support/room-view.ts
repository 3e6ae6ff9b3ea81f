// What one connection believes about its room, built only from what it was told; complains of anything told twice.

import type { Peer, ServerMessage, Topology } from '@maru/protocol';

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

export class RoomView {
  self: string | null = null;
  readonly peers = new Map<string, Peer>();
  locked = false;
  topology: Topology = 'mesh';
  epoch = 0;
  /** The last occupancy told since the last peek, as JSON; null when not watching. */
  occupancy: string | null = null;
  readonly signals: string[] = [];
  /** The answer to the last request. */
  answer: ServerMessage | null = null;

  take(message: ServerMessage): void {
    if ('re' in message) this.answer = message;
    switch (message.type) {
      case 'joined':
      case 'resumed':
        this.#enter(message);
        break;
      case 'peeked':
      case 'occupancy':
        if (this.self !== null) throw new Error(`${message.type} was told to one inside`);
        this.occupancy = JSON.stringify(message.occupancy);
        break;
      case 'peer-joined':
        if (this.peers.has(message.peer.id)) throw new Error('joined, though it was there already');
        if (message.offer !== null && this.topology === 'sfu') throw new Error('an offer past the SFU');
        this.peers.set(message.peer.id, message.peer);
        break;
      case 'peer-away':
        this.#change(message.peer, 'present', { presence: 'away' });
        break;
      case 'peer-back':
        // After a restart one that was never heard of may be back, and one whose socket was replaced was never away.
        if (message.peer.presence !== 'present') throw new Error('back, but away');
        this.peers.set(message.peer.id, message.peer);
        break;
      case 'peer-left':
        if (!this.peers.delete(message.peer)) throw new Error('left, though it was not there');
        break;
      case 'peer-state':
        this.#change(message.peer, 'present', { state: message.state });
        break;
      case 'room-locked':
        if (this.locked === message.locked) throw new Error('the lock was told twice');
        this.locked = message.locked;
        break;
      case 'room-topology':
        if (message.epoch <= this.epoch) throw new Error('a topology of an epoch that is over');
        this.topology = message.topology;
        this.epoch = message.epoch;
        break;
      case 'signal':
        if (!this.peers.has(message.from)) throw new Error('a signal from nobody in the room');
        this.signals.push(message.data);
        break;
    }
  }

  leave(): void {
    this.self = null;
    this.peers.clear();
    this.locked = false;
  }

  #enter(message: Of<'joined'> | Of<'resumed'>): void {
    this.self = message.self.id;
    this.locked = message.room.locked;
    this.topology = message.room.topology;
    this.epoch = message.room.epoch;
    this.occupancy = null;
    for (const { id, name, order, state, presence } of message.peers) {
      this.peers.set(id, { id, name, order, state, presence });
    }
  }

  #change(id: string, expected: Peer['presence'], change: Partial<Peer>): void {
    const peer = this.peers.get(id);
    if (peer?.presence !== expected) throw new Error(`told of a peer that is ${peer?.presence ?? 'unknown'}`);
    this.peers.set(id, { ...peer, ...change });
  }
}
