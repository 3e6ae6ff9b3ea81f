// A folder for one test, removed when it ends.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function tempDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'maru-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
