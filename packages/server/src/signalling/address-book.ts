// What is known of each client address while it has connections or has lately been busy.

import { type Allowance, addressKey, rest } from './rate-limit.js';

export interface AddressEntry extends Allowance {
  readonly key: string;
  connections: number;
}

export class AddressBook {
  readonly #entries = new Map<string, AddressEntry>();

  get size(): number {
    return this.#entries.size;
  }

  entry(address: string): AddressEntry {
    const key = addressKey(address);
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { key, connections: 0, bucket: null };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  /** Forgets addresses without connections, once their allowance is full again: reconnecting does not refill it. */
  sweep(): void {
    for (const entry of this.#entries.values()) {
      if (rest(entry) && entry.connections === 0) this.#entries.delete(entry.key);
    }
  }
}
