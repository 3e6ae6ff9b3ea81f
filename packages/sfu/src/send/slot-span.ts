// A stretch of a slot's stream that comes from one source: how its packets are sent, and sent again.

import type { PictureIdRewriter } from '../codec/codec.js';
import type { PayloadCodec } from '../sdp/link-plan.js';
import type { SlotSource } from './slot-source.js';

export interface SlotSpan {
  /** 1 to 65,535, then from 1 again. */
  readonly id: number;
  readonly source: SlotSource;
  /** The receiver's. */
  readonly codec: PayloadCodec;
  /** Added to the frame numbers of dependency descriptors. */
  readonly frameOffset: number;
  readonly pictureIds: PictureIdRewriter | null;
}

/** How many spans are remembered: as many as one can see in the two seconds that packets are remembered. A power of two. */
const REMEMBERED = 16;
/** Looks, of which there is one a second, that a span outlives its end: longer than its packets are cached. */
const LOOKS = 3;

export class SlotSpans {
  readonly #spans: (SlotSpan | undefined)[] = [];
  /** Looks since each of them ended. */
  readonly #looks: number[] = [];
  #id = 0;

  /** The number of the next span. */
  next(): number {
    return this.#id === 0xffff ? 1 : this.#id + 1;
  }

  add(span: SlotSpan): void {
    this.#id = span.id;
    this.#spans[span.id & (REMEMBERED - 1)] = span;
    this.#looks[span.id & (REMEMBERED - 1)] = 0;
  }

  /** Lets go of spans that ended a while ago, and so of their sources. `current` has not. */
  forgetPast(current: SlotSpan | null): void {
    for (let place = 0; place < this.#spans.length; place += 1) {
      const span = this.#spans[place];
      if (span === undefined || span === current) continue;
      const looks = (this.#looks[place] as number) + 1;
      this.#looks[place] = looks;
      if (looks >= LOOKS) this.#spans[place] = undefined;
    }
  }

  /** The span of that number, null when it is too long ago. */
  find(id: number): SlotSpan | null {
    const span = this.#spans[id & (REMEMBERED - 1)];
    return span?.id === id ? span : null;
  }
}

/** The receiver's payload format for what a source sends; null when it has none. */
export function codecFor(source: SlotSource, codecs: readonly PayloadCodec[]): PayloadCodec | null {
  const name = source.codecName.toLowerCase();
  for (const codec of codecs) {
    if (codec.name.toLowerCase() === name && codec.clockRate === source.clockRate) return codec;
  }
  return null;
}
