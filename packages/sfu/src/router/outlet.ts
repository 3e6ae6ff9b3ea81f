// One slot of one link with what it is to show: whose line, how large, and which encoding of it for now.

import type { Step } from '../estimate/ladder.js';
import type { SlotPlan } from '../sdp/link-plan.js';
import { Slot } from '../send/slot.js';
import { Allowance } from './allowance.js';
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

const NOTHING: readonly IncomingStream[] = [];

/**
 * How often a picture may ask for a key frame so as to be shown larger, in milliseconds: everyone who is shown the stream
 * gets that key frame, and nobody is to pay for a path that wavers.
 */
const LARGER_MS = 3_000;

/**
 * Packets of a slot that a client may ask for again, per second, and at once: browsers remember 1,000 that are missing.
 * More is not looked for, as each look takes time whether there is such a packet or not.
 */
const ASKED_PER_SECOND = 2_500;
const ASKED_AT_ONCE = 1_000;

export class Outlet {
  readonly slot: Slot;
  /** Of each slot by itself: a sender who leaves numbers out is asked for what never was, and others must not lack that. */
  readonly asked = new Allowance(ASKED_PER_SECOND, ASKED_AT_ONCE);
  readonly video: boolean;
  /** Something of what is shown has left for the client: from then on the seat is told. */
  flows = false;
  /** Counts what was shown and left again, so that a packet which had to wait is known to be of what is shown now. */
  turn = 0;
  /** What was chosen last; null while nothing is shown. */
  held: Step | null = null;
  #showing: Showing | null = null;
  #askedLargerAt = Number.NEGATIVE_INFINITY;
  #offered: readonly IncomingStream[] = NOTHING;

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
    for (const stream of this.#offered) if (stream === this.slot.source) return stream;
    return null;
  }

  /** The stream that was chosen last: it is passed on, or will be as soon as it can. */
  get chosen(): IncomingStream | null {
    const chosen = this.slot.pending ?? this.slot.source;
    for (const stream of this.#offered) if (stream === chosen) return stream;
    return null;
  }

  /** Changes what is to be shown. Another one's picture is left at once: it must not stand under the wrong name. */
  show(showing: Showing | null): void {
    if (showing?.publication !== this.#showing?.publication) this.leave();
    // Whoever makes a tile larger wants to see it so.
    if ((showing?.width ?? 0) > (this.#showing?.width ?? 0)) this.#askedLargerAt = Number.NEGATIVE_INFINITY;
    this.#showing = showing;
  }

  /** Passes nothing on any more. */
  leave(): void {
    const { slot } = this;
    if (slot.source === null && slot.pending === null) return;
    slot.target(null);
    this.listen();
    this.turn += 1;
    if (!this.flows) return;
    this.flows = false;
    this.downlink.seatsChanged = true;
  }

  /** Shows this stream as soon as it can be: at its next key frame, which is asked for, or at once by its picture so far. */
  choose(stream: IncomingStream, now: number): void {
    const { slot } = this;
    if (stream === (slot.pending ?? slot.source)) return;
    if (!slot.accepts(stream)) {
      this.leave();
      return;
    }
    if (slot.source === null && this.downlink.replay(this, stream, now)) return;
    if (slot.source === null) this.#beginSmaller(stream, now);
    slot.target(stream);
    this.listen();
    if (slot.source !== stream) stream.askKeyFrame(now);
  }

  /** Asks for the key frame with which a spatial layer begins, where it is not passed on yet. */
  beginLayer(stream: IncomingStream, spatialLayer: number, now: number): void {
    if (this.slot.spatialLayer >= spatialLayer || now - this.#askedLargerAt < LARGER_MS) return;
    this.#askedLargerAt = now;
    stream.askKeyFrame(now);
  }

  /** Shows a smaller picture of the same line, if there is one at once, until the key frame of the chosen one has come. */
  #beginSmaller({ publication, rid }: IncomingStream, now: number): void {
    const { rids, streams, activity } = publication;
    for (let place = rids.indexOf(rid) - 1; place >= 0; place -= 1) {
      const smaller = streams.get(rids[place] as string);
      if (!smaller || !activity.alive(smaller.rid, now) || !this.slot.accepts(smaller)) continue;
      if (this.downlink.replay(this, smaller, now)) return;
    }
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
      this.listen();
      downlink.reportDue = true;
    }
    if (bytes === 0) return;
    if (this.video) downlink.sendPaced(downlink.scratch.out, this, now);
    else downlink.send(downlink.scratch.out, now);
  }

  /** Is offered the packets of those streams that the slot shows or waits for, and of no others. */
  listen(): void {
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
