// What one link sends on one line: its encodings, of which some may be silent, the smallest first.

import type { FrameMarks } from '../codec/frame-marks.js';
import { LayerActivity } from '../receive/layer-activity.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { SendingLine } from '../sdp/link-plan.js';
import type { IncomingStream } from './incoming-stream.js';

/** Widths of the encodings of a camera of 1280 by 720, for as long as none was measured. */
const USUAL_WIDTHS: Readonly<Record<string, number>> = { l: 320, m: 640, h: 1_280 };
/** A picture may be drawn this much larger than it is before the next larger encoding is worth its bits. */
const STRETCH = 1.25;

export class Publication {
  /** By RID; that of a line without encodings is ''. */
  readonly streams = new Map<string, IncomingStream>();
  readonly activity: LayerActivity;
  /** A stream began or ended since this was last looked at: what outlets show may change. */
  changed = false;
  /** The RIDs, the smallest first. */
  readonly rids: readonly string[];

  constructor(readonly line: SendingLine) {
    this.activity = new LayerActivity(line.rids);
    this.rids =
      line.rids.length === 0
        ? ['']
        : [...line.rids].sort((a, b) => (USUAL_WIDTHS[a] ?? 0) - (USUAL_WIDTHS[b] ?? 0));
  }

  get video(): boolean {
    return this.line.kind === 'video';
  }

  /** Packets of a stream came. */
  heard(stream: IncomingStream, packet: RtpPacket, marks: FrameMarks, now: number): void {
    const event = this.activity.onPacket(stream.rid, packet, marks, now);
    if (!event) return;
    if (event.kind === 'stirring') stream.askKeyFrame(now);
    else this.changed = true;
  }

  /** Looks which encodings have fallen silent. */
  tick(now: number): void {
    if (this.activity.tick(now).length > 0) this.changed = true;
  }

  /** Width of an encoding's pictures, in pixels. */
  width(rid: string): number {
    return this.activity.width(rid) || (USUAL_WIDTHS[rid] ?? 1_280);
  }

  /** How wide a drawn picture is, as widths of encodings count: a little less. */
  wanted(drawnWidth: number): number {
    return drawnWidth / STRETCH;
  }

  /** The RIDs that a picture drawn this wide may be shown from: up to the smallest that covers it. */
  upTo(drawnWidth: number): readonly string[] {
    const wanted = this.wanted(drawnWidth);
    const covering = this.rids.findIndex((rid) => this.width(rid) >= wanted);
    return covering < 0 ? this.rids : this.rids.slice(0, covering + 1);
  }

  /** Bit/s of what comes on this line now, all encodings together. */
  bitrate(now: number): number {
    let sum = 0;
    for (const { reception } of this.streams.values()) sum += reception.bitrate(now);
    return sum;
  }
}
