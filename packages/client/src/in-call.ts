// The one chunk of what a page needs only in a call, asked for ahead, while the network is surely there: what looks after
// links, and what shares the upload among them.

export { reportIceServers } from './link/care/ice-server-report.js';
export { watchMedia } from './link/care/media-watch.js';
export { createRecovery } from './link/care/recovery.js';
export { shareUpload } from './upload/share-upload.js';
