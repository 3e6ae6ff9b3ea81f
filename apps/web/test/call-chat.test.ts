// The chat: links that are safe, turns, what is unread, when Enter sends; and what is announced.

import type { ChatEntry, PeerSnapshot, RoomSnapshot } from '@maru/client';
import { MAX_CHAT_LENGTH } from '@maru/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatTurns, unreadCount } from '../src/call/chat/chat-turns.js';
import { excess, sendable, sendsOn } from '../src/call/chat/draft.js';
import { textPieces } from '../src/call/chat/text-links.js';
import { announcements } from '../src/call/notices/announcements.js';

const links = (text: string): string[] =>
  textPieces(text).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : []));

describe('links in a message', () => {
  test.each([
    ['see https://example.com/a', ['https://example.com/a']],
    ['https://example.com/a.', ['https://example.com/a']],
    ['(https://example.com/a)', ['https://example.com/a']],
    ['https://en.wikipedia.org/wiki/Maru_(floor)', ['https://en.wikipedia.org/wiki/Maru_(floor)']],
    ['https://example.com/a, http://b.example?', ['https://example.com/a', 'http://b.example/']],
    ['https://example.com에서 봐요', ['https://example.com/']],
    ['https://example.com/doc를 보세요', ['https://example.com/doc']],
    ['https://example.com/문서', ['https://example.com/%EB%AC%B8%EC%84%9C']],
    ['HTTPS://EXAMPLE.COM/x', ['https://example.com/x']],
    ['no link here: example.com, 3.5', []],
  ])('in %j are %j', (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'xhttps://example.com',
    'https://',
    'ftp://example.com',
    'file:///etc/passwd',
  ])('%j is no link', (text) => {
    expect(links(text)).toEqual([]);
  });

  test('leave every character where it was, and lead only to http and https', () => {
    const part = fc.constantFrom(
      'https://',
      'http://',
      'a.example',
      '/(x)',
      ').',
      '에서',
      ' ',
      '\n',
      'javascript:',
      '"',
      '<',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 6 })), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const pieces = textPieces(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const piece of pieces) {
          if (piece.kind === 'link') expect(new URL(piece.href).protocol).toMatch(/^https?:$/);
        }
      }),
    );
  });
});

const MINUTE = 60_000;
const line = (id: string, from: string | null, at = 0): ChatEntry => ({
  id,
  from,
  name: from ?? 'me',
  text: id,
  at,
});

describe('turns', () => {
  test('hold the lines of one person that follow each other closely', () => {
    const entries = [
      line('1', 'a', 0),
      line('2', 'a', MINUTE),
      line('3', null, MINUTE),
      line('4', 'a', 2 * MINUTE),
      line('5', 'a', 9 * MINUTE),
    ];
    expect(chatTurns(entries).map((turn) => turn.lines.map((each) => each.id))).toEqual([
      ['1', '2'],
      ['3'],
      ['4'],
      ['5'],
    ]);
  });

  test('of two people of one name stay apart', () => {
    const entries = [line('1', 'a'), { ...line('2', 'b'), name: 'a' }];
    expect(chatTurns(entries)).toHaveLength(2);
  });
});

describe('unread lines', () => {
  const entries = [line('1', 'a'), line('2', null), line('3', 'b'), line('4', 'a')];

  test('are those of others after the one read last', () => {
    expect(unreadCount(entries, '1')).toBe(2);
    expect(unreadCount(entries, '4')).toBe(0);
    expect(unreadCount(entries, null)).toBe(3);
  });
});

describe('the draft', () => {
  const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };

  test('is sent by Enter, not by Shift+Enter nor by another key', () => {
    expect(sendsOn(enter)).toBe(true);
    expect(sendsOn({ ...enter, shiftKey: true })).toBe(false);
    expect(sendsOn({ ...enter, key: 'a' })).toBe(false);
  });

  test('is not sent by the Enter that ends a syllable in composition', () => {
    expect(sendsOn({ ...enter, isComposing: true })).toBe(false);
    expect(sendsOn({ ...enter, keyCode: 229 })).toBe(false);
  });

  test('is sent without space around it, and not at all when nothing is left', () => {
    expect(sendable('  hello\nthere ')).toBe('hello\nthere');
    expect(sendable(' \n ')).toBeNull();
  });

  test('says by how much it is too long', () => {
    const full = 'x'.repeat(MAX_CHAT_LENGTH);
    expect(sendable(full)).toBe(full);
    expect(excess(` ${full} `)).toBe(0);
    expect(sendable(`${full}yz`)).toBeNull();
    expect(excess(`${full}yz`)).toBe(2);
  });
});

const silent = { track: null, receiving: false };
const peer = (id: string, more: Partial<PeerSnapshot> = {}): PeerSnapshot => ({
  id,
  name: `name of ${id}`,
  state: { rev: 1, mic: true, camera: true, screen: false, hand: false },
  presence: 'present',
  step: 'healthy',
  reason: null,
  link: 'connected',
  mic: silent,
  camera: silent,
  screen: silent,
  screenAudio: silent,
  speaking: false,
  stats: null,
  ...more,
});

type Heard = Pick<RoomSnapshot, 'phase' | 'self' | 'peers' | 'chat' | 'signalling' | 'info'>;
const own = (id: string): RoomSnapshot['self'] => ({ id, name: id, state: peer(id).state, speaking: false });
const room = (more: Partial<Heard> = {}): Heard => ({
  phase: 'joined',
  self: own('me'),
  peers: [],
  chat: [],
  signalling: 'open',
  info: { name: 'r', limit: 8, locked: false, topology: 'mesh', epoch: 0 },
  ...more,
});

describe('announcements', () => {
  const a = peer('a');

  test('say who came and who left, by name', () => {
    expect(announcements(room(), room({ peers: [a] }))).toEqual([{ kind: 'joined', name: 'name of a' }]);
    expect(announcements(room({ peers: [a] }), room())).toEqual([{ kind: 'left', name: 'name of a' }]);
  });

  test('say who is away and back, who raised a hand, who shares a screen', () => {
    const away = peer('a', { presence: 'away' });
    const busy = peer('a', { state: { ...a.state, hand: true, screen: true } });
    expect(announcements(room({ peers: [a] }), room({ peers: [away] }))).toEqual([
      { kind: 'away', name: 'name of a' },
    ]);
    expect(announcements(room({ peers: [away] }), room({ peers: [a] }))).toEqual([
      { kind: 'back', name: 'name of a' },
    ]);
    expect(announcements(room({ peers: [a] }), room({ peers: [busy] }))).toEqual([
      { kind: 'hand', name: 'name of a' },
      { kind: 'screen', name: 'name of a' },
    ]);
    expect(announcements(room({ peers: [busy] }), room({ peers: [a] }))).toEqual([]);
  });

  test('say lines of chat from others once, and none of our own', () => {
    const before = room({ chat: [line('1', 'a')] });
    const after = room({ chat: [line('1', 'a'), line('2', null), line('3', 'a')] });
    expect(announcements(before, after)).toEqual([{ kind: 'chat', name: 'a', text: '3' }]);
    expect(announcements(after, after)).toEqual([]);
  });

  test('say that the server is gone and back, and that the door was locked', () => {
    const gone = room({ signalling: 'reconnecting' });
    expect(announcements(room(), gone)).toEqual([{ kind: 'server-gone' }]);
    expect(announcements(gone, room())).toEqual([{ kind: 'server-back' }]);
    const info = { name: 'r', limit: 8, locked: true, topology: 'mesh', epoch: 0 } as const;
    expect(announcements(room(), room({ info }))).toEqual([{ kind: 'locked' }]);
    expect(announcements(room({ info }), room())).toEqual([{ kind: 'unlocked' }]);
  });

  test('do not say that everyone left when it is oneself who did', () => {
    const before = room({ peers: [a] });
    expect(announcements(before, room({ phase: 'left', self: null, signalling: 'closed' }))).toEqual([]);
  });

  test('say of a new place in the room only that the server is back', () => {
    const before = room({ peers: [a], signalling: 'reconnecting' });
    const after = room({ self: own('me again'), peers: [peer('b')] });
    expect(announcements(before, after)).toEqual([{ kind: 'server-back' }]);
    expect(announcements(after, room({ self: own('me again'), peers: [peer('b'), a] }))).toEqual([
      { kind: 'joined', name: 'name of a' },
    ]);
  });

  test('say nothing of statistics, levels and speaking', () => {
    const loud = peer('a', { speaking: true, link: 'reconnecting' });
    expect(announcements(room({ peers: [a] }), room({ peers: [loud] }))).toEqual([]);
  });
});
