// `npm run doctor`: installs and builds what is stale, and becomes the command `maru doctor`.
// The syntax and the imports of this file are those of Node 12, so that an old Node can be told what to do.
// @ts-check
import { isNodeTooOld, nodeTooOldSentence } from './steps/node-version.mjs';

if (isNodeTooOld()) {
  console.error(nodeTooOldSentence('npm run doctor'));
  process.exitCode = 1;
} else {
  void import('./steps/doctor.mjs').then((doctor) => doctor.doctor(process.argv.slice(2)));
}
