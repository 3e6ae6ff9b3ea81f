// `npm run networks`: runs the network lab and writes what was measured into docs/NETWORKS.md.
// The syntax and the imports of this file are those of Node 12, so that an old Node can be told what to do.
// @ts-check
import { isNodeTooOld, nodeTooOldSentence } from './steps/node-version.mjs';

if (isNodeTooOld()) {
  console.error(nodeTooOldSentence('npm run networks'));
  process.exitCode = 1;
} else {
  void import('./steps/networks.mjs').then((networks) => networks.networks());
}
