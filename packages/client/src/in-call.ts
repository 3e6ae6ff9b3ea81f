// The one chunk of what a page needs only for a call with others, asked for ahead, while the network is surely there: what
// makes offers ready for those inside, what looks after links, and what shares the upload among them.

export { reportIceServers } from './link/care/ice-server-report.js';
export { watchMedia } from './link/care/media-watch.js';
export { whyNoPath } from './link/care/no-path-reason.js';
export { probePath } from './link/care/path-probe.js';
export { createRecovery } from './link/care/recovery.js';
export { summarize } from './link/care/stats-summary.js';
export { prepareOffer } from './link/rtc-prepared-offer.js';
export { createPreparedOffers } from './room/prepared-offers.js';
export { shareUpload } from './upload/share-upload.js';
