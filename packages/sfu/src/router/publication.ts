// What one link sends on one line: its encodings, of which some may be silent, the smallest first. An encoding is a stream of
// its own, or a spatial layer of another one's, under the RID that it would have as a stream.

import type { FrameMarks } from '../codec/frame-marks.js';
import { LayerActivity } from '../receive/layer-activity.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { SendingLine } from '../sdp/link-plan.js';
import { Allowance } from './allowance.js';
import type { IncomingStream } from './incoming-stream.js';

/** Widths of the encodings of a camera of 1280 by 720 and a screen of 1920 by 1080, for as long as none was measured. */
const USUAL_WIDTHS: Readonly<Record<'camera' | 'screen', Readonly<Record<string, number>>>> = {
  camera: { l: 320, m: 640, h: 1_280 },
  screen: { l: 960, m: 1_440, h: 1_920 },
};
const USUAL_WIDTH = 1_280;
/**
 * Most of a line of sound, in bytes per second, and at once: sound is sent before all pictures and waits for nothing. Opus
 * makes up to 510 kbit/s (RFC 6716, section 2); a path that stood still gives half a second of that in one go.
 */
const SOUND_BYTES_PER_SECOND = 80_000;
const SOUND_BYTES_AT_ONCE = 40_000;
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
  readonly #sound: Allowance | null;

  constructor(readonly line: SendingLine) {
    this.activity = new LayerActivity(line.rids);
    this.#sound = line.kind === 'audio' ? new Allowance(SOUND_BYTES_PER_SECOND, SOUND_BYTES_AT_ONCE) : null;
    this.rids =
      line.rids.length === 0
        ? ['']
        : [...line.rids].sort((a, b) => (this.#usualWidth(a) ?? 0) - (this.#usualWidth(b) ?? 0));
  }

  get video(): boolean {
    return this.line.kind === 'video';
  }

  /** Whether so many bytes more may come on the line; pictures are bounded by the link alone. */
  admits(bytes: number, now: number): boolean {
    return this.#sound?.take(bytes, now) !== false;
  }

  /** Packets of a stream came. */
  heard(stream: IncomingStream, packet: RtpPacket, marks: FrameMarks, now: number): void {
    const event = this.activity.onPacket(stream.rid, packet, marks, now);
    if (!event) return;
    if (event.kind === 'stirring') stream.askKeyFrame(now);
    else this.changed = true;
  }

  /** Whether packets of any of its streams came lately. */
  heardWithin(milliseconds: number, now: number): boolean {
    for (const stream of this.streams.values()) if (stream.heardWithin(milliseconds, now)) return true;
    return false;
  }

  /** Looks which encodings have fallen silent. */
  tick(now: number): void {
    if (this.activity.tick(now).length > 0) this.changed = true;
  }

  /** The stream in which an encoding comes. */
  streamOf(rid: string): IncomingStream | undefined {
    return this.streams.get(this.activity.carrier(rid));
  }

  /** Whether its encodings are spatial layers of one stream. */
  get layered(): boolean {
    return this.rids.some((rid) => this.activity.carrier(rid) !== rid);
  }

  /**
   * The spatial layer up to which an encoding is passed on; Infinity for all that its stream has. So also where a picture
   * drawn this wide would be shown larger if only it came: then the next key frame shows it at once.
   */
  spatialLimit(rid: string, drawnWidth: number, now: number): number {
    const { activity } = this;
    const larger = this.rids.slice(this.rids.indexOf(rid) + 1);
    const carrier = activity.carrier(rid);
    const among = larger.filter((above) => activity.carrier(above) === carrier);
    if (among.length === 0) return Number.POSITIVE_INFINITY;
    const covered = this.width(rid) >= this.wanted(drawnWidth);
    if (!covered && !among.some((above) => activity.alive(above, now))) return Number.POSITIVE_INFINITY;
    return this.spatialLayer(rid);
  }

  /** Which spatial layer of its stream an encoding is. */
  spatialLayer(rid: string): number {
    return this.rids.indexOf(rid) - this.rids.indexOf(this.activity.carrier(rid));
  }

  /** Width of an encoding's pictures, in pixels. */
  width(rid: string): number {
    return this.activity.width(rid) || (this.#usualWidth(rid) ?? USUAL_WIDTH);
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

  #usualWidth(rid: string): number | undefined {
    return USUAL_WIDTHS[this.line.line === 'screen' ? 'screen' : 'camera'][rid];
  }
}
