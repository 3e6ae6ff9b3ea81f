// Frame numbers of dependency descriptors (AV1 RTP payload format, appendix A) made continuous over switches of source.
// They do not close up over dropped frames: references and chains count in frame numbers, and gaps are foreseen.
import { difference16 } from '../rtp/sequence-number.js';

/** Where the number begins in the extension's data: behind one byte. */
const POSITION = 1;
/** Four seconds at 30 frames a second: nothing comes later than that. */
const LATE_FRAMES = 128;

/** Frame number of an extension's data that begins at `at`; -1 when it does not fit before `end`. */
export function readFrameNumber(bytes: Uint8Array, at: number, end = bytes.length): number {
  if (at < 0 || at + POSITION + 2 > end) return -1;
  return ((bytes[at + POSITION] as number) << 8) | (bytes[at + POSITION + 1] as number);
}

/** For one outgoing stream; the same manner as `PictureIdRewriter`. Numbers are the source's, as read above. */
export class FrameNumberRewriter {
  #offset = 0;
  /** The source's newest number in this segment and the last one given; -1 before the first. */
  #newest = -1;
  #last = -1;

  /** A new segment begins with the frame of this number: it follows the highest one given so far. */
  switchTo(frameNumber: number): void {
    if (frameNumber < 0) return;
    this.#offset = this.#last < 0 ? 0 : (this.#last + 1 - frameNumber) & 0xffff;
    this.#newest = -1;
  }

  /** Writes the number into a copy of the extension's data that begins at `at`. */
  rewrite(frameNumber: number, bytes: Uint8Array, at: number): void {
    if (frameNumber < 0) return;
    this.apply(this.#offset, frameNumber, bytes, at);
    const ahead = this.#newest < 0 ? 1 : difference16(frameNumber, this.#newest);
    if (ahead < 0 && ahead > -LATE_FRAMES) return;
    this.#newest = frameNumber;
    this.#last = (frameNumber + this.#offset) & 0xffff;
  }

  /** The offset in use, an integer of 16 bits, for `apply`. */
  snapshot(): number {
    return this.#offset;
  }

  /** Writes with an offset from before: for retransmissions. Changes no state. */
  apply(snapshot: number, frameNumber: number, bytes: Uint8Array, at: number): void {
    if (frameNumber < 0) return;
    const number = (frameNumber + snapshot) & 0xffff;
    bytes[at + POSITION] = number >> 8;
    bytes[at + POSITION + 1] = number & 0xff;
  }
}
