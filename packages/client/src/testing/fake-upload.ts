// A room without the chunk that shares uploads: for tests of everything else, whose time is not that of a loader.

import type { UploadModule } from '../upload/upload.js';

/** As on a network that takes for ever. */
export const NEVER_LOADED = (): Promise<UploadModule> => new Promise(() => undefined);
