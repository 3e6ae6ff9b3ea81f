// NTP timestamps as sender reports carry them (RFC 3550, section 4): seconds since 1900 and a 32-bit fraction.

/** Seconds from 1 January 1900 to 1 January 1970. */
const UNIX_EPOCH_IN_NTP = 2_208_988_800;

const TWO_TO_32 = 2 ** 32;

/** Seconds of the NTP era, 32 bits (it wraps in 2036), at a Unix time in ms. */
export function ntpSecondsAt(unixMs: number): number {
  return (Math.floor(unixMs / 1000) + UNIX_EPOCH_IN_NTP) % TWO_TO_32;
}

/** The fraction of that second in units of 2^-32 s. */
export function ntpFractionAt(unixMs: number): number {
  const seconds = Math.floor(unixMs / 1000);
  return Math.min(Math.floor(((unixMs - seconds * 1000) / 1000) * TWO_TO_32), TWO_TO_32 - 1);
}

/** An NTP timestamp in ms since 1900; differences of two are what matters, the sender's clock may be any. */
export function ntpMilliseconds(seconds: number, fraction: number): number {
  return seconds * 1000 + (fraction * 1000) / TWO_TO_32;
}

/** The middle 32 bits, in units of 1/65,536 s: what "last SR" holds (RFC 3550, section 6.4.1). */
export function middleOfNtp(seconds: number, fraction: number): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}

/**
 * Round trip in ms, from a report block about us and the middle of our NTP time when it came in
 * (RFC 3550, section 6.4.1: A - LSR - DLSR). Null when the block names no report, or one from the future.
 */
export function roundTripMs(
  block: { readonly lastSenderReport: number; readonly delaySinceLastSenderReport: number },
  arrival: number,
): number | null {
  if (block.lastSenderReport === 0) return null;
  const units = (arrival - block.lastSenderReport - block.delaySinceLastSenderReport) | 0;
  return units < 0 ? null : (units * 1000) / 65_536;
}
