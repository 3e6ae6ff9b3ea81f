// Chat over the control channels: the log, what each peer has not yet confirmed, and what was seen already (PEER-3).

import { type ChatLine, MAX_CHAT_LENGTH } from '@maru/protocol';
import type { Env } from '../env/env.js';
import type { ChatEntry } from './room.js';

/** Most lines shown; the oldest make room. */
const MOST_ENTRIES = 500;
/** Most lines kept for a peer that does not confirm them. */
const MOST_UNCONFIRMED = 100;
/** Most ids remembered to recognise a line that comes again. */
const MOST_KNOWN = 2_000;

export interface Chat {
  readonly entries: readonly ChatEntry[];
  /** A line of our own, for every one of these peers; null when it is empty or too long. */
  say(text: string, name: string, peers: Iterable<string>): ChatLine | null;
  /** A line of a peer; false when it was known. */
  hear(line: ChatLine, from: string, name: string): boolean;
  /** The peer has a line: it need not be sent again. */
  confirm(peer: string, id: string): void;
  /** What a peer has not confirmed, oldest first: to be sent on its next open channel. */
  unconfirmed(peer: string): readonly ChatLine[];
  forget(peer: string): void;
}

export function createChat(env: Env): Chat {
  const outbox = new Map<string, readonly ChatLine[]>();
  const known = new Set<string>();
  let entries: readonly ChatEntry[] = [];

  function show({ id, text, at }: ChatLine, from: string | null, name: string): void {
    known.add(id);
    const oldest = known.values().next();
    if (known.size > MOST_KNOWN && !oldest.done) known.delete(oldest.value);
    entries = [...entries.slice(1 - MOST_ENTRIES), { id, from, name, text, at }];
  }

  return {
    get entries() {
      return entries;
    },
    say(text, name, peers) {
      const trimmed = text.trim();
      if (trimmed === '' || trimmed.length > MAX_CHAT_LENGTH) return null;
      const line: ChatLine = { type: 'chat', id: env.random.id(12), at: env.clock.unixTime(), text: trimmed };
      for (const peer of peers) {
        outbox.set(peer, [...(outbox.get(peer) ?? []).slice(1 - MOST_UNCONFIRMED), line]);
      }
      show(line, null, name);
      return line;
    },
    hear(line, from, name) {
      if (known.has(line.id)) return false;
      show(line, from, name);
      return true;
    },
    confirm(peer, id) {
      const lines = outbox.get(peer)?.filter((line) => line.id !== id);
      if (lines) outbox.set(peer, lines);
    },
    unconfirmed: (peer) => outbox.get(peer) ?? [],
    forget: (peer) => void outbox.delete(peer),
  };
}
