// One slot of one link with what it is to show: whose line, how large, and which encoding of it for now.

import type { SlotPlan } from '../sdp/link-plan.js';
import { Slot } from '../send/slot.js';
import type { Downlink } from './downlink.js';
import type { IncomingStream } from './incoming-stream.js';
import type { Publication } from './publication.js';

/** What a slot is to show. */
export interface Showing {
  readonly publication: Publication;
  readonly peer: string;
  /** How wide it is drawn, in device pixels; audio has no width. */
  readonly width: number;
  readonly priority: number;
}

export class Outlet {
  readonly slot: Slot;
  readonly video: boolean;
  #showing: Showing | null = null;
  #offered: IncomingStream[] = [];
  /** The temporal limit that was chosen last; null while nothing is shown. */
  temporalLimit: number | null = null;

  constructor(
    readonly plan: SlotPlan,
    readonly downlink: Downlink,
  ) {
    const { extensions, mixedExtensions } = downlink;
    this.slot = new Slot({ plan, extensions, mixedExtensions });
    this.video = plan.kind === 'video';
  }

  get showing(): Showing | null {
    return this.#showing;
  }

  /** The stream that is passed on now. */
  get source(): IncomingStream | null {
    return this.#offered.find((stream) => stream === this.slot.source) ?? null;
  }

  /** Changes what is to be shown. Another one's picture is left at once: it must not stand under the wrong name. */
  show(showing: Showing | null): void {
    if (showing?.publication !== this.#showing?.publication) this.choose(null);
    this.#showing = showing;
  }

  /** Shows this stream as soon as it can be: at its next key frame, which is asked for, or at once by its picture so far. */
  choose(stream: IncomingStream | null, now = 0): void {
    const { slot } = this;
    if (stream === (slot.pending ?? slot.source)) return;
    const first = slot.source === null;
    slot.target(stream);
    this.#listen();
    if (!stream || slot.source === stream) return;
    if (!slot.accepts(stream)) {
      slot.target(null);
      this.#listen();
      return;
    }
    if (!(first && this.downlink.replay(this, stream, now))) stream.askKeyFrame(now);
    this.#listen();
  }

  /** Passes a packet on, with which the scratch is loaded, if it is for this slot. */
  forward(stream: IncomingStream, now: number): void {
    const { slot, downlink } = this;
    const before = slot.source;
    const bytes = slot.forward(
      stream,
      downlink.packet(stream),
      stream.marks,
      stream.extendedSequence,
      downlink.transportSequence,
      now,
      downlink.scratch,
    );
    if (slot.source !== before) {
      this.#listen();
      downlink.onSwitched();
    }
    if (bytes > 0) downlink.send(downlink.scratch.out, this.video, now);
  }

  /** Is offered the packets of those streams that the slot shows or waits for, and of no others. */
  #listen(): void {
    const { source, pending } = this.slot;
    const wanted = [source, pending].filter((stream) => stream !== null) as IncomingStream[];
    for (const stream of this.#offered) {
      if (wanted.includes(stream)) continue;
      const place = stream.outlets.indexOf(this);
      // A copy: the list may be the one that is gone through just now.
      if (place >= 0) stream.outlets = stream.outlets.toSpliced(place, 1);
    }
    for (const stream of wanted) {
      if (!stream.outlets.includes(this)) stream.outlets = [...stream.outlets, this];
    }
    this.#offered = wanted;
  }
}
