// The certificate that HTTPS is served with: the operator's own, or a self-signed one that is made once and kept.

import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { EXIT_FAILURE, StartError, systemCode } from '../start-error.js';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly selfSigned: boolean;
}

const DAY_MS = 86_400_000;
/** Apple's systems refuse certificates that are valid for more than 825 days. */
const VALID_MS = 820 * DAY_MS;
/** A certificate that would run out during a long call is made anew at the start. */
const RENEW_BEFORE_MS = 7 * DAY_MS;

/** Reads the operator's certificate and key; throws a `StartError` that says which file is wrong. */
export function readCertificate(certFile: string, keyFile: string): Certificate {
  const cert = readPem(certFile, '--cert');
  const key = readPem(keyFile, '--key');
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new StartError(
      `${certFile} and ${keyFile} are not a certificate and its private key in PEM: check --cert and --key.`,
      EXIT_FAILURE,
      { cause },
    );
  }
  return { cert, key, selfSigned: false };
}

function readPem(path: string, flag: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartError(
      `${path} cannot be read (${systemCode(cause) ?? 'unknown error'}): check ${flag}.`,
      EXIT_FAILURE,
      { cause },
    );
  }
}

/** The kept self-signed certificate, made anew when it has run out or does not name all of this machine's addresses. */
export async function keptCertificate(
  dataDir: string,
  addresses: readonly string[],
  unixTimeMs: number,
): Promise<Certificate> {
  const certPath = join(dataDir, 'self-signed-cert.pem');
  const keyPath = join(dataDir, 'self-signed-key.pem');
  const kept = readKept(certPath, keyPath);
  if (kept && serves(kept.cert, addresses, unixTimeMs)) return kept;
  const made = await makeCertificate(addresses, unixTimeMs);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(keyPath, made.key, { mode: 0o600 });
    writeFileSync(certPath, made.cert, { mode: 0o600 });
  } catch (cause) {
    throw new StartError(
      `The data folder ${dataDir} cannot be used (${systemCode(cause) ?? 'unknown error'}): make it writable, or choose another with --data-dir.`,
      EXIT_FAILURE,
      { cause },
    );
  }
  return made;
}

function readKept(certPath: string, keyPath: string): Certificate | null {
  try {
    const cert = readFileSync(certPath, 'utf8');
    const key = readFileSync(keyPath, 'utf8');
    createSecureContext({ cert, key });
    return { cert, key, selfSigned: true };
  } catch {
    // Missing, unreadable, cut short or not a pair: whatever it is, a new one takes its place.
    return null;
  }
}

function serves(cert: string, addresses: readonly string[], unixTimeMs: number): boolean {
  const certificate = new X509Certificate(cert);
  if (Date.parse(certificate.validTo) - unixTimeMs < RENEW_BEFORE_MS) return false;
  return addresses.every((address) => certificate.checkIP(address) !== undefined);
}

async function makeCertificate(addresses: readonly string[], unixTimeMs: number): Promise<Certificate> {
  // Loaded only here: it brings a whole toolbox along, and most servers never make a certificate.
  const { generate } = await import('selfsigned');
  const ips = ['127.0.0.1', '::1', ...addresses];
  const pems = await generate([{ name: 'commonName', value: 'Maru' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // An hour back, for phones whose clock is slow.
    notBeforeDate: new Date(unixTimeMs - 3_600_000),
    notAfterDate: new Date(unixTimeMs + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: 'localhost' }, ...ips.map((ip) => ({ type: 7 as const, ip }))],
      },
    ],
  });
  return { cert: pems.cert, key: pems.private, selfSigned: true };
}
