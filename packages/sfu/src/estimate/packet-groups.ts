// Inter-arrival of packet groups (draft-ietf-rmcat-gcc-02, sections 5.1 and 5.2): bursts are one sample, not many.

/** Packets sent within this time belong together (gcc, 5.2: burst_time), in ms. */
const BURST_MS = 5;
/** No burst is longer than this, in ms: else a steady queue would be one endless group. */
const LONGEST_BURST_MS = 100;
/** So many groups that end before their forerunner mean that the receiver's clock was set. */
const REORDERED_GROUPS = 3;

/** What lies between two groups that follow each other. Read right after `add` has returned true. */
export class PacketGroups {
  /** Time between the last packets of the two groups when sent, in ms. */
  sendDelta = 0;
  /** The same when received, in ms of the receiver's clock. */
  arrivalDelta = 0;
  /** When the newer group was complete, in ms of the receiver's clock. */
  arrival = 0;

  #open = false;
  #firstSend = 0;
  #lastSend = 0;
  #firstArrival = 0;
  #lastArrival = 0;
  #hasPrevious = false;
  #previousSend = 0;
  #previousArrival = 0;
  #reordered = 0;

  /** Takes a packet, in the order of sending; true when a group was completed by it and there is a difference to look at. */
  add(sentAt: number, arrivedAt: number): boolean {
    if (!this.#open) {
      this.#begin(sentAt, arrivedAt);
      return false;
    }
    if (sentAt < this.#firstSend) return false; // of an older group: told too late
    if (this.#belongs(sentAt, arrivedAt)) {
      if (sentAt > this.#lastSend) this.#lastSend = sentAt;
      if (arrivedAt > this.#lastArrival) this.#lastArrival = arrivedAt;
      return false;
    }
    const compared = this.#hasPrevious && this.#compare();
    this.#previousSend = this.#lastSend;
    this.#previousArrival = this.#lastArrival;
    this.#hasPrevious = true;
    this.#begin(sentAt, arrivedAt);
    return compared;
  }

  /** Forgets all: after a silence differences mean nothing. */
  reset(): void {
    this.#open = false;
    this.#hasPrevious = false;
    this.#reordered = 0;
  }

  #begin(sentAt: number, arrivedAt: number): void {
    this.#open = true;
    this.#firstSend = sentAt;
    this.#lastSend = sentAt;
    this.#firstArrival = arrivedAt;
    this.#lastArrival = arrivedAt;
  }

  #belongs(sentAt: number, arrivedAt: number): boolean {
    if (sentAt - this.#firstSend <= BURST_MS) return true;
    // Delivered in one go, as after a pause of the radio: later packets had it shorter (gcc, 5.2).
    const gap = arrivedAt - this.#lastArrival;
    const propagation = gap - (sentAt - this.#lastSend);
    return propagation < 0 && gap <= BURST_MS && Math.abs(arrivedAt - this.#firstArrival) < LONGEST_BURST_MS;
  }

  #compare(): boolean {
    this.sendDelta = this.#lastSend - this.#previousSend;
    this.arrivalDelta = this.#lastArrival - this.#previousArrival;
    this.arrival = this.#lastArrival;
    if (this.arrivalDelta >= 0) {
      this.#reordered = 0;
      return true;
    }
    this.#reordered++;
    if (this.#reordered >= REORDERED_GROUPS) this.reset();
    return false;
  }
}
