// `npm run bench -- [name...] [--json]`: installs, builds, and runs the benches of bench/.
// The syntax and the imports of this file are those of Node 12, so that an old Node can be told what to do.
// @ts-check
import { isNodeTooOld, nodeTooOldSentence } from './steps/node-version.mjs';

if (isNodeTooOld()) {
  console.error(nodeTooOldSentence('npm run bench'));
  process.exitCode = 1;
} else {
  void import('./steps/bench.mjs').then((bench) => bench.bench(process.argv.slice(2)));
}
