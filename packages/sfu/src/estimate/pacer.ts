// The pacer: lets bursts of video out at a rate that the path can take. Audio never waits; and while there is room, nothing does.

/** Video leaves at up to this times the estimate: Chromium's pacing factor. */
const PACING_FACTOR = 2.5;
/** What may leave at once after a silence: so much time at the pacing rate, in ms, and at least so many bytes. */
const BURST_MS = 40;
const LEAST_BURST_BYTES = 12_000;
/** Nothing waits for longer than this, in ms: a late packet is worse than a queue. */
const LONGEST_WAIT_MS = 150;
/** The queue holds no more than this, in packets and bytes; what does not fit is refused. */
const MOST_PACKETS = 512;
const MOST_BYTES = 400_000;

/** A packet that had to wait: a copy. */
export interface HeldPacket {
  readonly bytes: Buffer;
  /** What the caller wanted to know about it, for instance where its transport-wide sequence number stands. */
  readonly tag: number;
  readonly heldAt: number;
}

/**
 * A token bucket with a queue behind it. Per packet: `admit(bytes, now)`, and if that is false, `hold(...)`. While
 * `queued > 0`, `take(now)` gives the packets that may leave, in order.
 */
export class Pacer {
  /** Packets refused since the beginning. */
  refused = 0;
  #bytesPerMs = 0;
  #burst = LEAST_BURST_BYTES;
  #tokens = LEAST_BURST_BYTES;
  #filledAt = 0;
  #queue: (HeldPacket | null)[] | null = null;
  #head = 0;
  #count = 0;
  #heldBytes = 0;

  /** `estimate`: of the path, in bit/s. */
  constructor(estimate: number) {
    this.setEstimate(estimate);
  }

  /** Packets that wait. */
  get queued(): number {
    return this.#count;
  }

  get queuedBytes(): number {
    return this.#heldBytes;
  }

  /** When `take` has something next, in ms; Infinity while nothing waits. */
  get nextAt(): number {
    const first = this.#first();
    if (first === null) return Number.POSITIVE_INFINITY;
    const refilled = this.#filledAt + Math.max(-this.#tokens, 0) / this.#bytesPerMs;
    return Math.min(refilled, first.heldAt + LONGEST_WAIT_MS);
  }

  setEstimate(estimate: number): void {
    this.#bytesPerMs = (estimate * PACING_FACTOR) / 8_000;
    this.#burst = Math.max(this.#bytesPerMs * BURST_MS, LEAST_BURST_BYTES);
  }

  /** Audio, padding and reports: they leave now, and video makes room for them. */
  charge(bytes: number, now: number): void {
    this.#fill(now);
    this.#tokens -= bytes;
  }

  /** Whether a packet of video may leave now; then it is accounted for. */
  admit(bytes: number, now: number): boolean {
    if (this.#count > 0) return false;
    this.#fill(now);
    if (this.#tokens < 0) return false;
    this.#tokens -= bytes;
    return true;
  }

  /** Keeps a copy of the first `length` bytes for later; false when there is no room, and the packet is lost. */
  hold(bytes: Uint8Array, length: number, tag: number, now: number): boolean {
    if (this.#count >= MOST_PACKETS || this.#heldBytes + length > MOST_BYTES) {
      this.refused++;
      return false;
    }
    this.#queue ??= new Array<HeldPacket | null>(MOST_PACKETS).fill(null);
    const copy = Buffer.allocUnsafe(length);
    copy.set(bytes.length === length ? bytes : bytes.subarray(0, length));
    this.#queue[(this.#head + this.#count) % MOST_PACKETS] = { bytes: copy, tag, heldAt: now };
    this.#count++;
    this.#heldBytes += length;
    return true;
  }

  /** The next packet that may leave; null when it must wait, or none does. */
  take(now: number): HeldPacket | null {
    const first = this.#first();
    if (first === null) return null;
    this.#fill(now);
    if (this.#tokens < 0 && now - first.heldAt < LONGEST_WAIT_MS) return null;
    this.#tokens -= first.bytes.length;
    this.#heldBytes -= first.bytes.length;
    (this.#queue as (HeldPacket | null)[])[this.#head] = null;
    this.#head = (this.#head + 1) % MOST_PACKETS;
    this.#count--;
    return first;
  }

  #first(): HeldPacket | null {
    return this.#count === 0 ? null : ((this.#queue as (HeldPacket | null)[])[this.#head] ?? null);
  }

  #fill(now: number): void {
    const elapsed = now - this.#filledAt;
    this.#filledAt = now;
    // What was let go for its age is not paid back for ever.
    const tokens = Math.max(this.#tokens, -this.#burst) + elapsed * this.#bytesPerMs;
    this.#tokens = tokens > this.#burst ? this.#burst : tokens;
  }
}
