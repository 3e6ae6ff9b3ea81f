// Is this Node one that Maru runs on?

import { type Finding, good, wrong } from '../finding.js';

/** The same as `engines` of the package: 20.19 or a later 20, or 22.12 and up. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (isNew) return good('node', `Node ${version} is new enough.`);
  return wrong(
    'node',
    `Node ${version} is not one that Maru runs on.`,
    'Install Node 20.19 or a later 20, or 22.12 or newer, and run the doctor again.',
  );
}
