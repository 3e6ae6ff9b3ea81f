// What tiles and badges may say: nothing beyond what is known.

import type { LinkPhase, LinkStats } from '@maru/client';
import { describe, expect, test } from 'vitest';
import { commandOf, type KeyPress, SHORTCUTS } from '../src/call/bar/shortcuts.js';
import { isOn } from '../src/call/commands.js';
import { pathClaim } from '../src/call/header/path-claim.js';
import { glideKeyframes, moved } from '../src/call/layout/glide.js';
import { connectionFacts } from '../src/call/tile/connection-facts.js';
import { peerCondition, pictureState } from '../src/call/tile/peer-condition.js';

const stats: LinkStats = {
  rttMs: 23.4,
  lossIn: 0.0123,
  bitrateIn: 1_430_000,
  bitrateOut: 899_600,
  width: 640,
  height: 360,
  framesPerSecond: 29.97,
  relayed: false,
};
const connected = (relayed: boolean | null) => ({ link: 'connected' as const, stats: { ...stats, relayed } });

describe('the condition of a peer', () => {
  test.each<[LinkPhase, 'present' | 'away', string]>([
    ['new', 'present', 'connecting'],
    ['connecting', 'present', 'connecting'],
    ['connected', 'present', 'live'],
    ['reconnecting', 'present', 'reconnecting'],
    ['failed', 'present', 'failed'],
    ['closed', 'present', 'reconnecting'],
    ['new', 'away', 'reconnecting'],
    ['connecting', 'away', 'reconnecting'],
    ['connected', 'away', 'reconnecting'],
    ['failed', 'away', 'failed'],
  ])('of a link that is %s to somebody %s is %s', (link, presence, condition) => {
    expect(peerCondition({ link, presence, reason: null })).toBe(condition);
  });

  test('[LAD-9] of a first connection is that it failed as soon as it is known why, though it goes on being tried', () => {
    const facts = { link: 'connecting', presence: 'present', reason: 'no-relay' } as const;
    expect(peerCondition(facts)).toBe('failed');
    expect(peerCondition({ ...facts, presence: 'away' })).toBe('reconnecting');
    expect(peerCondition({ ...facts, link: 'reconnecting' })).toBe('reconnecting');
  });
});

describe('the picture of a peer', () => {
  const live = { link: 'connected', presence: 'present', reason: null } as const;

  test('is live only while it moves on a connected link', () => {
    expect(pictureState(live, true, true, 'moving')).toBe('live');
    expect(pictureState({ ...live, link: 'reconnecting' }, true, true, 'moving')).toBe('stale');
    expect(pictureState({ ...live, link: 'connecting' }, true, true, 'moving')).toBe('none');
  });

  test('never shows the last picture as if it were live', () => {
    expect(pictureState(live, true, true, 'frozen')).toBe('stale');
    expect(pictureState(live, true, false, 'frozen')).toBe('stale');
  });

  test('is bridged by the last picture only for a tile that nobody saw, on a connected link', () => {
    expect(pictureState(live, true, false, 'unseen')).toBe('live');
    expect(pictureState(live, false, false, 'unseen')).toBe('none');
    expect(pictureState({ ...live, link: 'reconnecting' }, true, false, 'unseen')).toBe('stale');
    expect(pictureState({ ...live, link: 'failed' }, true, false, 'unseen')).toBe('none');
  });

  test('is none while the camera is off, nothing has come, or there is no path', () => {
    expect(pictureState(live, false, true, 'moving')).toBe('none');
    expect(pictureState(live, true, true, 'waiting')).toBe('none');
    expect(pictureState({ ...live, link: 'failed' }, true, true, 'frozen')).toBe('none');
  });

  test('stays live while only the socket is lost and the picture moves', () => {
    expect(pictureState({ ...live, presence: 'away' }, true, true, 'moving')).toBe('live');
  });
});

describe('the claim about the path', () => {
  test('is direct only when every connected link is', () => {
    expect(pathClaim([connected(false), connected(false)])).toBe('direct');
    expect(pathClaim([connected(false), connected(null)])).toBeNull();
    expect(pathClaim([connected(false), { link: 'connected', stats: null }])).toBeNull();
  });

  test('is relayed as soon as one link is, known or not for the others', () => {
    expect(pathClaim([connected(null), connected(true)])).toBe('relayed');
  });

  test('through this server is said as soon as anybody is there, whatever the links say', () => {
    expect(pathClaim([connected(false)], 'sfu')).toBe('server');
    expect(pathClaim([{ link: 'connecting', stats: null }], 'sfu')).toBe('server');
    expect(pathClaim([], 'sfu')).toBeNull();
    expect(pathClaim([connected(false)], 'mesh')).toBe('direct');
  });

  test('is nothing while nobody is connected, and links that are not do not count', () => {
    expect(pathClaim([])).toBeNull();
    expect(pathClaim([{ link: 'connecting', stats }])).toBeNull();
    expect(pathClaim([connected(false), { link: 'reconnecting', stats: { ...stats, relayed: true } }])).toBe(
      'direct',
    );
  });
});

describe('the facts of a connection', () => {
  test('are numbers with their units', () => {
    expect(connectionFacts(stats).map((fact) => fact.value)).toEqual([
      'Direct',
      '23 ms',
      '1.2 %',
      '1.4 Mbit/s',
      '900 kbit/s',
      '640 × 360, 30 a second',
    ]);
  });

  test('say that the path leads through the server', () => {
    expect(connectionFacts(stats, 'sfu')[0]?.value).toBe('Through this server');
    expect(connectionFacts(null, 'sfu')[0]?.value).toBe('Through this server');
  });

  test('say what is not known', () => {
    expect(connectionFacts(null).map((fact) => fact.value)).toEqual([
      'Not known yet',
      'Not known yet',
      'Not known yet',
      'Not known yet',
      'Not known yet',
      'None right now',
    ]);
  });

  test('say zero as zero', () => {
    const [, , loss] = connectionFacts({ ...stats, lossIn: 0, relayed: true });
    expect(loss?.value).toBe('0 %');
  });
});

describe('the keys', () => {
  const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    repeat: false,
    isComposing: false,
    ...more,
  });

  test('are one letter each', () => {
    for (const [command, letter] of Object.entries(SHORTCUTS)) {
      expect(commandOf(press(letter))).toBe(command);
      expect(commandOf(press(letter.toLowerCase()))).toBe(command);
    }
    expect(commandOf(press('z'))).toBeNull();
    expect(commandOf(press('Escape', { code: 'Escape' }))).toBeNull();
  });

  test('work with a Korean layout by the place of the key', () => {
    expect(commandOf(press('ㅡ', { code: 'KeyM' }))).toBe('mic');
    expect(commandOf(press('ㅍ', { code: 'KeyV' }))).toBe('camera');
  });

  test('go by the letter where the layout has other places', () => {
    expect(commandOf(press('q', { code: 'KeyM' }))).toBeNull();
    expect(commandOf(press('m', { code: 'Semicolon' }))).toBe('mic');
    expect(commandOf(press(';', { code: 'KeyM' }))).toBeNull();
  });

  test('leave alone what belongs to the browser or to an input method', () => {
    expect(commandOf(press('c', { ctrlKey: true }))).toBeNull();
    expect(commandOf(press('c', { metaKey: true }))).toBeNull();
    expect(commandOf(press('m', { altKey: true }))).toBeNull();
    expect(commandOf(press('m', { repeat: true }))).toBeNull();
    expect(commandOf(press('m', { isComposing: true }))).toBeNull();
  });
});

describe('a source', () => {
  test('counts as on while it is on or on its way', () => {
    expect(isOn({ wanted: true, status: 'on' })).toBe(true);
    expect(isOn({ wanted: true, status: 'starting' })).toBe(true);
  });

  test('counts as off when muted, failed or off', () => {
    expect(isOn({ wanted: false, status: 'on' })).toBe(false);
    expect(isOn({ wanted: true, status: 'failed' })).toBe(false);
    expect(isOn({ wanted: true, status: 'off' })).toBe(false);
  });
});

describe('a glide', () => {
  const from = { x: 0, y: 0, width: 100, height: 50 };
  const to = { x: 110, y: 60, width: 200, height: 100 };

  test('starts where the tile was, with the size it had, and ends in its place', () => {
    expect(glideKeyframes(from, to)).toEqual([
      { translate: '-110px -60px', width: '100px', height: '50px' },
      { translate: '0px 0px', width: '200px', height: '100px' },
    ]);
  });

  test('is not worth it for less than a pixel', () => {
    expect(moved(from, { ...from, x: 0.4 })).toBe(false);
    expect(moved(from, to)).toBe(true);
  });
});
