// What `npm test` says where the network lab cannot be run.

import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryProject, temporaryProject } from './support/temporary-project.js';

let project: TemporaryProject;
beforeEach(() => {
  project = temporaryProject();
});
afterEach(() => project.remove());

test('who is not root is told so, and nothing is installed', async () => {
  project.takeScripts();
  project.write('package.json', '{"type":"module"}');
  // Where we are root, the scripts run as nobody.
  project.write(
    'nobody.cjs',
    'if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }',
  );
  project.write(
    'ask.mjs',
    `import { findOrInstallNetworkLab } from './scripts/steps/network-lab.mjs';
    console.log((await findOrInstallNetworkLab()).join());`,
  );
  chmodSync(project.root, 0o755);
  const { status, output } = await project.run(['--require=./nobody.cjs', 'ask.mjs']);
  expect(output.trim()).toBe('root');
  expect(status).toBe(0);
});
