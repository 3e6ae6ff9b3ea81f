// `npm test`: dependencies, browsers, build, lint, types and every test; the last line counts what passed and failed.
// The syntax and the imports of this file are those of Node 12, so that an old Node can be told what to do.
// @ts-check
import { isNodeTooOld, nodeTooOldSentence } from './steps/node-version.mjs';

if (isNodeTooOld()) {
  console.error(nodeTooOldSentence('npm test'));
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} else {
  void import('./steps/test.mjs').then((test) => test.test(process.argv.slice(2)));
}
