// A renewed certificate is taken over while the server runs: nobody's call is ended for it.

import type { Server } from 'node:https';
import type { Logger } from 'pino';
import type { Clock } from '../env/clock.js';
import { StartError } from '../start-error.js';
import { type Certificate, readCertificate } from './certificate.js';

/** How often the files are read: a renewal has weeks of time, and a person who waits for one has patience for this. */
export const CERTIFICATE_CHECK_MS = 60_000;

export interface WatchedFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Reads the files again and again, and gives the server what has changed. Returns how to stop. */
export function watchCertificate(
  server: Server,
  { certFile, keyFile }: WatchedFiles,
  current: Certificate,
  clock: Clock,
  log: Logger,
): () => void {
  let used = current;
  let complained = '';
  const timer = clock.every(CERTIFICATE_CHECK_MS, () => {
    try {
      const now = readCertificate(certFile, keyFile);
      complained = '';
      if (now.cert === used.cert && now.key === used.key) return;
      server.setSecureContext({ cert: now.cert, key: now.key });
      used = now;
      log.info('the certificate was renewed');
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      // Half written, most likely: the former one goes on being used. Said once, and again when it changes.
      if (error.message === complained) return;
      complained = error.message;
      log.warn({ err: error }, 'the certificate on disk cannot be used');
    }
  });
  return () => timer.cancel();
}
