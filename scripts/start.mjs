// `npm start`: installs what is missing, builds what is stale, and becomes the server.
// The syntax and the imports of this file are those of Node 12, so that an old Node can be told what to do.
// @ts-check
import { isNodeTooOld, nodeTooOldSentence } from './steps/node-version.mjs';

if (isNodeTooOld()) {
  console.error(nodeTooOldSentence('npm start'));
  process.exitCode = 1;
} else {
  void import('./steps/start.mjs').then((start) => start.start(process.argv.slice(2)));
}
