// Chat as it is read: lines of one person close in time stand under one name.

import type { ChatEntry } from '@maru/client';

/** Lines of one person that follow each other within this are one turn, in milliseconds. */
const SAME_TURN_MS = 3 * 60_000;

/** One person's lines in a row. `from` is null for our own. */
export interface ChatTurn {
  readonly id: string;
  readonly from: string | null;
  readonly name: string;
  readonly at: number;
  readonly lines: readonly ChatEntry[];
}

/** Groups entries, in their order, into turns. */
export function chatTurns(entries: readonly ChatEntry[]): readonly ChatTurn[] {
  const turns: (ChatTurn & { lines: ChatEntry[] })[] = [];
  for (const entry of entries) {
    const turn = turns.at(-1);
    const last = turn?.lines.at(-1);
    if (turn && last && turn.from === entry.from && Math.abs(entry.at - last.at) <= SAME_TURN_MS) {
      turn.lines.push(entry);
    } else {
      turns.push({ id: entry.id, from: entry.from, name: entry.name, at: entry.at, lines: [entry] });
    }
  }
  return turns;
}

/** How many lines of others came after the one that was read last (its id; null when none was read). */
export function unreadCount(entries: readonly ChatEntry[], lastRead: string | null): number {
  const read = lastRead === null ? -1 : entries.findLastIndex((entry) => entry.id === lastRead);
  return entries.slice(read + 1).filter((entry) => entry.from !== null).length;
}
