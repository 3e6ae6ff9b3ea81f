// Resume tokens: what they say, who can make them, where the key is kept.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_TOKEN_LENGTH } from '@maru/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../src/secret.js';
import { ResumeTokens } from '../src/token/resume-token.js';
import { keptSigningKey } from '../src/token/signing-key.js';
import { tempDir } from './support/temp-dir.js';

const KEY = new Secret('k'.repeat(32));
const claim = { room: '방 "1"', peer: 'A'.repeat(16), order: 7 };
const tokens = (boot: string, key = KEY, now = 1_800_000_000_000) => new ResumeTokens(key, boot, () => now);

test('[RES-6] a token says what was claimed, in this life and in the next', () => {
  const token = tokens('one').issue(claim);
  expect(tokens('one').verify(token)).toEqual({ ...claim, former: false });
  expect(tokens('two').verify(token)).toEqual({ ...claim, former: true });
  expect(tokens('one', new Secret('q'.repeat(32))).verify(token)).toBeNull();
});

test('[RES-6] no text but an issued one is a token', () => {
  const verifier = tokens('one');
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => verifier.verify(text) === null));
  const token = verifier.issue(claim);
  const [payload = '', signature = ''] = token.split('.');
  const other = Buffer.from(JSON.stringify(['other', claim.peer, 7, 'one', 1_800_000_000])).toString(
    'base64url',
  );
  for (const forged of [
    `${other}.${signature}`,
    `${payload}.`,
    `.${signature}`,
    `${payload}.${signature}=`,
  ]) {
    expect(verifier.verify(forged), forged).toBeNull();
  }
});

test('the longest room name fits, whatever it is made of', () => {
  for (const character of ['👋', '"', '\\', '각']) {
    const token = tokens('b'.repeat(12)).issue({
      ...claim,
      room: character.repeat(64),
      order: 2_147_483_647,
    });
    expect(token.length).toBeLessThanOrEqual(MAX_TOKEN_LENGTH);
  }
});

test('the key is made once, kept for its owner only, and read again', () => {
  const folder = join(tempDir(), 'data', 'of', 'maru');
  const key = keptSigningKey(folder).reveal();
  expect(key.length).toBeGreaterThanOrEqual(43);
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  expect(keptSigningKey(folder).reveal()).toBe(key);
  expect(readFileSync(join(folder, 'secret'), 'utf8').trim()).toBe(key);
});

test('a key that is cut short, and a folder that is none, are said in one sentence', () => {
  const folder = tempDir();
  writeFileSync(join(folder, 'secret'), 'short');
  expect(() => keptSigningKey(folder)).toThrow(/too short: delete the file/);
  expect(() => keptSigningKey(join(folder, 'secret'))).toThrow(/cannot be used \(.*\).*--data-dir/);
});
