// What a report block says of a stream: sequence numbers, loss and jitter (RFC 3550, appendices A.1, A.3 and A.8).

import { difference16, difference32 } from '../rtp/sequence-number.js';

/** A gap of more packets than this is no loss but a jump, believed when a second packet confirms it (A.1). */
export const MAX_DROPOUT = 3_000;
/**
 * A packet that is behind by more than this is a jump as well (A.1). RFC 3550 takes 100 for the streams of its time;
 * at 1,000 packets/s, and with retransmissions on the stream's own SSRC, half a second.
 */
export const MAX_MISORDER = 512;
/**
 * Extended numbers begin one cycle up, so that a packet which the network put before the first has one too: they
 * are never negative, and -1 can mean "not taken". Reports leave this out.
 */
export const FIRST_CYCLE = 65_536;
/** A transit time that changes by more says that the sender's clock jumped (5 s): that is not jitter. */
const CLOCK_JUMP_S = 5;

/**
 * Counts every packet of the stream's own SSRC as it came, late and double ones too, as A.1 wants it. Packets that
 * were recovered by RTX travelled on another SSRC and are not counted: the report tells of the path, not of the repair.
 *
 * There is no probation (A.1, MIN_SEQUENTIAL): SRTP has authenticated the sender.
 */
export class ReceptionStatistics {
  /** Largest extended sequence number, FIRST_CYCLE and up; -1 before the first packet. */
  highest = -1;
  /** How often the sender began again elsewhere. */
  restarts = 0;
  /** In units of the RTP clock. */
  jitter = 0;
  #base = -1;
  #bad = -1;
  #received = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #arrival = 0;
  #timestamp = 0;
  #timed = false;

  constructor(readonly clockRate: number) {}

  /** The packet's extended sequence number, or -1 while a jump is not confirmed. */
  onPacket(sequenceNumber: number, timestamp: number, now: number): number {
    let extended: number;
    if (this.highest < 0) {
      extended = FIRST_CYCLE + sequenceNumber;
      this.#begin(extended);
    } else {
      const ahead = (sequenceNumber - this.highest) & 0xffff;
      if (ahead < MAX_DROPOUT) {
        extended = this.highest + ahead;
        this.highest = extended;
      } else if (ahead <= 65_536 - MAX_MISORDER) {
        if (sequenceNumber !== this.#bad) {
          this.#bad = (sequenceNumber + 1) & 0xffff;
          return -1;
        }
        extended = this.highest + ahead;
        this.restarts += 1;
        this.#begin(extended);
      } else {
        extended = this.highest + ahead - 65_536;
      }
    }
    this.#received += 1;
    this.#measureJitter(timestamp, now);
    return extended;
  }

  /** The extended number of a packet that came another way (RTX); -1 before the first packet of the stream itself. */
  extend(sequenceNumber: number): number {
    if (this.highest < 0) return -1;
    return this.highest + difference16(sequenceNumber, this.highest);
  }

  /** Extended highest sequence number as a report says it: 32 bits. */
  get reportedHighest(): number {
    return this.highest < 0 ? 0 : (this.highest - FIRST_CYCLE) >>> 0;
  }

  /** Since the stream began, or began again. Negative when more came than was sent: duplicates. 24 bits, signed. */
  get cumulativeLost(): number {
    return Math.max(-0x800000, Math.min(0x7fffff, this.#expected - this.#received));
  }

  /** Lost since the last call, of 256; a call ends the interval (A.3). */
  takeFractionLost(): number {
    const expected = this.#expected - this.#expectedPrior;
    const lost = expected - (this.#received - this.#receivedPrior);
    this.#expectedPrior = this.#expected;
    this.#receivedPrior = this.#received;
    return expected <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected));
  }

  get #expected(): number {
    return this.highest < 0 ? 0 : this.highest - this.#base + 1;
  }

  #begin(extended: number): void {
    this.highest = extended;
    this.#base = extended;
    this.#bad = -1;
    this.#received = 0;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
    this.#timed = false;
  }

  #measureJitter(timestamp: number, now: number): void {
    if (this.#timed) {
      const passed = ((now - this.#arrival) * this.clockRate) / 1_000;
      const difference = Math.abs(passed - difference32(timestamp, this.#timestamp));
      if (difference < CLOCK_JUMP_S * this.clockRate) this.jitter += (difference - this.jitter) / 16;
    }
    this.#timed = true;
    this.#arrival = now;
    this.#timestamp = timestamp;
  }
}
