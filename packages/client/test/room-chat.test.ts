// The chat's memory by itself: what is kept, for whom, and how much.

import { MAX_CHAT_LENGTH } from '@maru/protocol';
import { expect, test } from 'vitest';
import { createChat } from '../src/room/chat.js';
import { fakeEnv } from '../src/testing/fake-env.js';

test('[PEER-3] a line waits for each peer until that peer has it', () => {
  const chat = createChat(fakeEnv());
  const line = chat.say('hi', 'me', ['ann', 'bo']);
  if (!line) throw new Error('nothing was said');
  chat.confirm('ann', line.id);
  chat.confirm('nobody', line.id);
  expect(chat.unconfirmed('ann')).toEqual([]);
  expect(chat.unconfirmed('bo')).toEqual([line]);
  expect(chat.unconfirmed('newcomer')).toEqual([]);
  chat.forget('bo');
  expect(chat.unconfirmed('bo')).toEqual([]);
});

test('[PEER-3] our own line that comes back is known too', () => {
  const chat = createChat(fakeEnv());
  const line = chat.say('hi', 'me', []);
  expect(line && chat.hear(line, 'ann', 'Ann')).toBe(false);
  expect(chat.entries).toHaveLength(1);
});

test('the longest line is said whole, a longer one not at all', () => {
  const chat = createChat(fakeEnv());
  expect(chat.say('x'.repeat(MAX_CHAT_LENGTH), 'me', [])?.text).toHaveLength(MAX_CHAT_LENGTH);
  expect(chat.say('x'.repeat(MAX_CHAT_LENGTH + 1), 'me', [])).toBeNull();
});

test('a talkative evening does not fill the memory', () => {
  const chat = createChat(fakeEnv());
  for (let i = 0; i < 3_000; i++) chat.say(`line ${i}`, 'me', ['ann']);
  expect(chat.entries).toHaveLength(500);
  expect(chat.entries.at(-1)?.text).toBe('line 2999');
  expect(chat.unconfirmed('ann')).toHaveLength(100);
});
