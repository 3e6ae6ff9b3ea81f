// How fast a socket and an address may send: token buckets, which exist only while someone is sending.

import { isIP } from 'node:net';
import { TokenBucket } from 'limiter';

const INTERVAL_MS = 1_000;
/** How many seconds' worth may come at once: joining a full room sends a few hundred candidates in a moment. */
const BURST_SECONDS = 4;
/** One token for each message and one more for each of these bytes, so that large messages count as several. */
const BYTES_PER_TOKEN = 16_384;

/** One sender's allowance: a socket, or all sockets of an address. `null` when it is untouched. */
export interface Allowance {
  bucket: TokenBucket | null;
}

/** What a message of this size costs. */
export function costOf(bytes: number): number {
  return 1 + Math.floor(bytes / BYTES_PER_TOKEN);
}

/**
 * Takes `cost` from an allowance of `perSecond` in the long run (0: no limit).
 * Returns 0 when it was there, else how long to wait, in milliseconds, and takes nothing.
 */
export function take(allowance: Allowance, perSecond: number, cost: number): number {
  if (perSecond === 0) return 0;
  const bucket = allowance.bucket ?? fullBucket(perSecond);
  if (bucket.tokensPerInterval !== perSecond) resize(bucket, perSecond);
  allowance.bucket = bucket;
  const possible = Math.min(cost, bucket.bucketSize);
  return bucket.tryRemoveTokens(possible) ? 0 : Math.max(1, bucket.getWaitTime(possible));
}

/** Lets go of a bucket that is full again; true when there is none now. */
export function rest(allowance: Allowance): boolean {
  const { bucket } = allowance;
  if (bucket && bucket.getWaitTime(bucket.bucketSize) > 0) return false;
  allowance.bucket = null;
  return true;
}

/** The rate has become another; what was used up stays so. */
function resize(bucket: TokenBucket, perSecond: number): void {
  bucket.tokensPerInterval = perSecond;
  bucket.bucketSize = perSecond * BURST_SECONDS;
  bucket.content = Math.min(bucket.content, bucket.bucketSize);
}

function fullBucket(perSecond: number): TokenBucket {
  const bucketSize = perSecond * BURST_SECONDS;
  const bucket = new TokenBucket({ bucketSize, tokensPerInterval: perSecond, interval: INTERVAL_MS });
  bucket.content = bucketSize;
  return bucket;
}

/** What counts as one address: an IPv4 address, or the /64 network of an IPv6 one (RFC 6177: a household has one). */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
