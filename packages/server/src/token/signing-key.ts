// The key that signs resume tokens: from the configuration, or kept in the data folder so that it outlives restarts.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../secret.js';
import { EXIT_FAILURE, StartError, systemCode } from '../start-error.js';

const KEY_BYTES = 32;

/** Reads the kept key, or makes and keeps one. The file is readable by its owner only. */
export function keptSigningKey(dataDir: string): Secret {
  const path = join(dataDir, 'secret');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    const key = readFileSync(path, 'utf8').trim();
    if (key.length >= KEY_BYTES) return new Secret(key);
  } catch (cause) {
    throw new StartError(
      `The data folder ${dataDir} cannot be used (${systemCode(cause) ?? 'unknown error'}): make it writable, or choose another with --data-dir.`,
      EXIT_FAILURE,
      { cause },
    );
  }
  throw new StartError(
    `The key in ${path} is too short: delete the file, and a new one is made.`,
    EXIT_FAILURE,
  );
}
