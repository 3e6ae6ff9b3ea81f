// The certificate that the server is told to use: readable, a pair with its key, in time, for the right name, whole.

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { ServerConfig } from '../../config/server-config.js';
import { readCertificate } from '../../http/certificate.js';
import { StartError } from '../../start-error.js';
import { type Finding, good, note, wrong } from '../finding.js';

const DAY_MS = 86_400_000;
/** Let's Encrypt's certificates last 90 days and are renewed with 30 left: later than this, renewal does not work. */
export const RENEW_DAYS = 14;

/** `host`: the name that people use, or null when it is not known. */
export function checkCertificate(config: ServerConfig, host: string | null, nowMs: number): Finding {
  const { certFile, keyFile, https } = config;
  if (certFile === null || keyFile === null) return https ? selfSigned() : plainHttp(config);
  try {
    return inspect(readCertificate(certFile, keyFile).cert, certFile, host, nowMs);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return wrong(
      'certificate',
      error.message,
      'Give the files of --cert and --key, readable to the user that Maru runs as.',
    );
  }
}

function inspect(pem: string, file: string, host: string | null, nowMs: number): Finding {
  const certificate = new X509Certificate(pem);
  const ends = Date.parse(certificate.validTo);
  const days = Math.floor((ends - nowMs) / DAY_MS);
  if (ends <= nowMs) {
    return wrong(
      'certificate',
      `The certificate in ${file} expired on ${dateOf(ends)}.`,
      'Renew it (with certbot: `certbot renew`). A running server takes the new files by itself within a minute.',
    );
  }
  if (Date.parse(certificate.validFrom) > nowMs) {
    return wrong(
      'certificate',
      `The certificate in ${file} is not valid before ${dateOf(Date.parse(certificate.validFrom))}.`,
      'Set the clock of this machine (`timedatectl set-ntp true`), or use the right certificate.',
    );
  }
  if (host !== null && !names(certificate, host)) {
    return wrong(
      'certificate',
      `The certificate in ${file} is not made for ${host}.`,
      `Use a certificate that names ${host}.`,
    );
  }
  if (days < RENEW_DAYS) {
    return note(
      'certificate',
      `The certificate in ${file} runs out in ${days} days.`,
      'Renew it now, and see why it has not been renewed by itself (`systemctl list-timers certbot.timer`).',
    );
  }
  if (certificate.issuer === certificate.subject) {
    return note(
      'certificate',
      `The certificate in ${file} is self-signed: browsers warn of it unless they were told to trust it.`,
      'For people beyond your own network take one from an authority.',
    );
  }
  if (!isWhole(pem)) {
    return wrong(
      'certificate',
      `${file} holds only the certificate itself, without those of the authority that signed it.`,
      'Give the whole chain with --cert: fullchain.pem rather than cert.pem.',
    );
  }
  return good('certificate', `The certificate in ${file} is good for ${days} more days.`);
}

/** Browsers know the roots and not what lies between: every certificate needs more than itself. */
const isWhole = (pem: string): boolean => (pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0) > 1;

const names = (certificate: X509Certificate, host: string): boolean =>
  (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;

const selfSigned = (): Finding =>
  note(
    'certificate',
    'HTTPS is served with a self-signed certificate: every browser warns of it once.',
    'For people beyond your own network take one from an authority, and give it with --cert and --key.',
  );

function plainHttp({ trustProxy }: ServerConfig): Finding {
  if (trustProxy.length > 0)
    return good('certificate', 'HTTPS is left to the proxy in front (--trust-proxy).');
  return note(
    'certificate',
    'The server speaks plain HTTP: browsers give camera and microphone only on this very machine.',
    'Start with --https, or with --cert and --key; or put a proxy with HTTPS in front and name it with --trust-proxy.',
  );
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
