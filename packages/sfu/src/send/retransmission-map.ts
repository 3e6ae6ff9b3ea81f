// What a slot has sent: by sequence number, which packet of which source it was, and how it was rewritten.

/** Places to begin with: thumbnails send 20 packets a second. Powers of two. */
const FIRST_PLACES = 256;
/** 1,000 packets a second, about 9 Mbit/s, for two seconds: longer than packets are cached. */
const MAX_PLACES = 2_048;
/** More places are made when an entry younger than this would be overwritten. */
const KEEP_MS = 1_500;

/** Places are made with the first packet: most slots of a small room never send one. */
const NO_BYTES = new Uint8Array(0);
const NO_SHORTS = new Uint16Array(0);
const NO_NUMBERS = new Int32Array(0);

export class RetransmissionMap {
  #places = 0;
  /** The highest extended sequence number that was put; those of `#places` numbers up to it are here. */
  #highest = -1;
  /** Spans (see slot-span.ts) are numbered from 1; 0: nothing was sent under this number. */
  #span = NO_SHORTS;
  #source = NO_NUMBERS;
  #timestamp = NO_NUMBERS;
  #pictureIds = NO_NUMBERS;
  /** When it was last sent, in whole milliseconds (wrapping at 32 bits), and whether that was a repetition. */
  #sentAt = NO_NUMBERS;
  #repeated = NO_BYTES;
  #marker = NO_BYTES;

  /** The highest extended sequence number that was put; -1 when none was. */
  get highest(): number {
    return this.#highest;
  }

  /**
   * Writes down a packet: its extended sequence number, span, extended sequence number at the source,
   * timestamp as sent, the snapshot of its picture ids (see codec.ts), and its marker bit as sent.
   */
  put(
    sequence: number,
    span: number,
    source: number,
    timestamp: number,
    pictureIds: number,
    marker: boolean,
    now: number,
  ): void {
    if (sequence > this.#highest) this.#advance(sequence, now);
    else if (this.#highest - sequence >= this.#places) return;
    const place = sequence & (this.#places - 1);
    this.#span[place] = span;
    this.#source[place] = source;
    this.#timestamp[place] = timestamp;
    this.#pictureIds[place] = pictureIds;
    this.#marker[place] = marker ? 1 : 0;
    this.#sentAt[place] = now;
    this.#repeated[place] = 0;
  }

  /** The place of what was sent under a sequence number of 16 bits; -1 where nothing is known of it. */
  find(sequenceNumber: number): number {
    if (this.#highest < 0) return -1;
    const age = (this.#highest - sequenceNumber) & 0xffff;
    if (age >= this.#places) return -1;
    const place = (this.#highest - age) & (this.#places - 1);
    return this.#span[place] === 0 ? -1 : place;
  }

  /** Whether it has been repeated less than so many milliseconds ago. */
  repeatedWithin(place: number, milliseconds: number, now: number): boolean {
    return this.#repeated[place] === 1 && ((now - (this.#sentAt[place] as number)) | 0) < milliseconds;
  }

  repeated(place: number, now: number): void {
    this.#sentAt[place] = now;
    this.#repeated[place] = 1;
  }

  span(place: number): number {
    return this.#span[place] as number;
  }

  /** Extended sequence number at the source. */
  source(place: number): number {
    return this.#source[place] as number;
  }

  timestamp(place: number): number {
    return this.#timestamp[place] as number;
  }

  pictureIds(place: number): number {
    return this.#pictureIds[place] as number;
  }

  marker(place: number): boolean {
    return this.#marker[place] === 1;
  }

  #advance(sequence: number, now: number): void {
    if (this.#highest < 0) {
      this.#highest = sequence - 1;
      this.#makePlaces(FIRST_PLACES);
    }
    while (this.#places < MAX_PLACES && this.#overwritesYoung(sequence, now)) {
      this.#makePlaces(this.#places * 2);
    }
    const first = this.#firstNew(sequence);
    for (let missing = first; missing < sequence; missing += 1) this.#span[missing & (this.#places - 1)] = 0;
    this.#highest = sequence;
  }

  /** The first number without a place so far, of those up to `sequence` that get one. */
  #firstNew(sequence: number): number {
    return Math.max(this.#highest + 1, sequence - this.#places + 1);
  }

  /** Whether the places of the new numbers up to `sequence`, left open ones too, hold what may still be asked for. */
  #overwritesYoung(sequence: number, now: number): boolean {
    for (let number = this.#firstNew(sequence); number <= sequence; number += 1) {
      const place = number & (this.#places - 1);
      if (this.#span[place] !== 0 && ((now - (this.#sentAt[place] as number)) | 0) < KEEP_MS) return true;
    }
    return false;
  }

  #makePlaces(places: number): void {
    const former = this.#places;
    const oldest = Math.max(0, this.#highest - former + 1);
    const moved = <T extends Uint8Array | Uint16Array | Int32Array>(from: T, to: T): T => {
      for (let sequence = oldest; sequence <= this.#highest; sequence += 1) {
        to[sequence & (places - 1)] = from[sequence & (former - 1)] as number;
      }
      return to;
    };
    this.#span = moved(this.#span, new Uint16Array(places));
    this.#source = moved(this.#source, new Int32Array(places));
    this.#timestamp = moved(this.#timestamp, new Int32Array(places));
    this.#pictureIds = moved(this.#pictureIds, new Int32Array(places));
    this.#sentAt = moved(this.#sentAt, new Int32Array(places));
    this.#repeated = moved(this.#repeated, new Uint8Array(places));
    this.#marker = moved(this.#marker, new Uint8Array(places));
    this.#places = places;
  }
}
