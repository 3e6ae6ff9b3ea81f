// Which layers of one sending line are alive, how fast and how large they are: encodings of their own (simulcast, RFC 8853),
// or spatial layers inside one of them (W3C webrtc-svc), which then stand for the encodings above it.

import type { FrameMarks } from '../codec/frame-marks.js';
import type { PictureSize } from '../codec/picture-size.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import { BitrateWindow } from './bitrate-window.js';
import { FrameRate } from './frame-rate.js';

/** A layer that misses as many frames of its own rate may be dead: within 1 s at 5 frames/s and more. */
const MISSED_FRAMES = 5;
/**
 * Silence that is borne at any rate, in milliseconds: lost frames are repaired within it, and an encoder that starves
 * skips so many (a loaded Chromium was seen to leave 600 ms out). Looked for every 200 ms, it is noticed within 1 s.
 */
const LEAST_SILENCE_MS = 750;
/** Silence that is borne at no rate; a still screen is sent about once a second. */
const MOST_SILENCE_MS = 5_000;
/** Silence that is borne while the rate is not known. */
const USUAL_SILENCE_MS = 1_000;
/** Frames without a key frame after which one is asked for: the first packets of a key frame may overtake each other. */
const STIRRING_FRAMES = 3;

/** What happened to a layer. */
export interface LayerEvent {
  readonly rid: string;
  /** alive: a key frame began; dead: silent while others flow, or ended; stirring: frames again, but a key frame is needed. */
  readonly kind: 'alive' | 'dead' | 'stirring';
}

/** A layer as it is now. */
export interface Layer {
  readonly rid: string;
  readonly alive: boolean;
  /** Of the last second, with all that it builds upon, bit/s. */
  readonly bitrate: number;
  /**
   * The same with temporal layers up to 0, 1, ... alone; the last is all. Empty where there is but one, and where nothing
   * says when the others can be joined: they would be left out until somebody asks for a key frame.
   */
  readonly temporal: readonly number[];
  /** Frames/s, 0 when not known yet. */
  readonly frameRate: number;
  /** Pixels, 0 when not known. */
  readonly width: number;
  readonly height: number;
}

class LayerState {
  alive = false;
  lastPacketAt = Number.NEGATIVE_INFINITY;
  width = 0;
  height = 0;
  /** Frames seen since it was last alive. */
  stirred = 0;
  /** RID of the stream that it comes in: its own, or that of one in which it is a spatial layer. */
  carrier: string;
  /** By temporal layer; each for itself. */
  readonly bitrates = [new BitrateWindow()];
  readonly frames = new FrameRate();
  /** Pictures were seen at which its higher temporal layers can be joined. */
  joinable = false;

  constructor(
    readonly rid: string,
    readonly order: number,
  ) {
    this.carrier = rid;
  }

  /** Counts a packet. */
  add(bytes: number, temporalLayer: number, now: number): void {
    while (this.bitrates.length <= temporalLayer) this.bitrates.push(new BitrateWindow());
    (this.bitrates[temporalLayer] as BitrateWindow).add(bytes, now);
  }

  /** How long it may be silent, by its frame rate. */
  get patience(): number {
    const missed = MISSED_FRAMES * this.frames.interval;
    if (missed <= LEAST_SILENCE_MS) return LEAST_SILENCE_MS;
    return Number.isNaN(missed) ? USUAL_SILENCE_MS : Math.min(MOST_SILENCE_MS, missed);
  }
}

const NOTHING: readonly LayerEvent[] = [];
/** The RIDs of Maru's clients from the smallest; others count as they were offered (RFC 8853, section 5.2). */
const KNOWN_ORDER = ['l', 'm', 'h'];

/** One per sending line of video. A line without RIDs has one layer, ''. */
export class LayerActivity {
  readonly #layers: readonly LayerState[];
  #newestAt = Number.NEGATIVE_INFINITY;

  constructor(rids: readonly string[]) {
    const names = rids.length === 0 ? [''] : [...rids];
    if (names.every((rid) => KNOWN_ORDER.includes(rid))) {
      names.sort((a, b) => KNOWN_ORDER.indexOf(a) - KNOWN_ORDER.indexOf(b));
    }
    this.#layers = names.map((rid, order) => new LayerState(rid, order));
  }

  /** A packet of a layer, taken once, repaired or not. What happened by it, or null. */
  onPacket(rid: string, packet: RtpPacket, marks: FrameMarks, now: number): LayerEvent | null {
    const carrier = this.#layer(rid);
    // Padding keeps no layer alive: congestion control sends it on layers that are off.
    if (carrier === undefined || packet.payloadLength === 0) return null;
    // More spatial layers than there are RIDs have no names: they count for the highest.
    const layer = marks.spatialLayer === 0 ? carrier : this.#above(carrier, marks.spatialLayer);
    // A stall of everything ends with this packet: nobody was silent alone.
    if (now - this.#newestAt > layer.patience) this.#forgive(now);
    this.#newestAt = now;
    layer.lastPacketAt = now;
    layer.carrier = rid;
    if (marks.temporalLayer > 0 && marks.switchingUp) layer.joinable = true;
    layer.add(packet.payloadOffset + packet.payloadLength, marks.temporalLayer, now);
    const newFrame = layer.frames.onTimestamp(packet.timestamp, now);
    if (layer.alive) return null;
    if (layer !== carrier) return this.#spatialLayerStirs(layer, carrier, newFrame);
    if (marks.keyFrame && marks.startOfFrame) {
      layer.alive = true;
      layer.stirred = 0;
      return { rid, kind: 'alive' };
    }
    if (!newFrame) return null;
    layer.stirred += 1;
    return layer.stirred === STIRRING_FRAMES ? { rid, kind: 'stirring' } : null;
  }

  /** To be called several times a second: which layers were found dead. */
  tick(now: number): readonly LayerEvent[] {
    let events: LayerEvent[] | null = null;
    for (const layer of this.#layers) {
      if (!layer.alive || !this.#silent(layer, now)) continue;
      events ??= [];
      events.push(this.#end(layer));
    }
    return events ?? NOTHING;
  }

  /** The client said that the stream of this RID ends (RTCP BYE). */
  ended(rid: string): LayerEvent | null {
    const ended = this.#layers.filter((layer) => layer.carrier === rid && layer.alive);
    for (const layer of ended) this.#end(layer);
    return ended.length > 0 ? { rid, kind: 'dead' } : null;
  }

  /** RID of the stream that a layer comes in. */
  carrier(rid: string): string {
    return this.#layer(rid)?.carrier ?? rid;
  }

  /** Whether the layer can be shown now. */
  alive(rid: string, now: number): boolean {
    const layer = this.#layer(rid);
    return layer?.alive === true && !this.#silent(layer, now);
  }

  /** Pixels, 0 when not known. */
  width(rid: string): number {
    return this.#layer(rid)?.width ?? 0;
  }

  /** How large the pictures of a stream's spatial layers are, the smallest first, as a key frame said it. */
  setSizes(rid: string, sizes: readonly PictureSize[]): void {
    const carrier = this.#layer(rid);
    if (carrier === undefined) return;
    for (const [spatialLayer, { width, height }] of sizes.entries()) {
      const layer = this.#above(carrier, spatialLayer);
      layer.width = width;
      layer.height = height;
    }
  }

  /** When the last packet of any layer came; -Infinity before the first. The whole line may be silent: no layer dies of that. */
  get lastPacketAt(): number {
    return this.#newestAt;
  }

  /** All layers from the smallest: by size where all sizes are known, by name and order of the offer otherwise. */
  layers(now: number): readonly Layer[] {
    const measured = this.#layers.every(({ width }) => width > 0);
    return [...this.#layers]
      .sort((a, b) => (measured ? a.width * a.height - b.width * b.height : 0) || a.order - b.order)
      .map((layer) => ({
        rid: layer.rid,
        alive: layer.alive && !this.#silent(layer, now),
        ...this.#bitrates(layer, now),
        frameRate: layer.frames.rate,
        width: layer.width,
        height: layer.height,
      }));
  }

  /** Of a layer together with those that it builds upon. */
  #bitrates(layer: LayerState, now: number): Pick<Layer, 'bitrate' | 'temporal'> {
    const parts = this.#layers.filter((each) => each.carrier === layer.carrier && each.order <= layer.order);
    const temporal: number[] = [];
    let bitrate = 0;
    for (let t = 0; parts.some(({ bitrates }) => t < bitrates.length); t += 1) {
      for (const { bitrates } of parts) bitrate += bitrates[t]?.bitrate(now) ?? 0;
      temporal.push(bitrate);
    }
    return { bitrate, temporal: temporal.length > 1 && layer.joinable ? temporal : [] };
  }

  /** Slots themselves wait for the key frame with which it begins; but a late packet of what was made before is no life. */
  #spatialLayerStirs(layer: LayerState, carrier: LayerState, newFrame: boolean): LayerEvent | null {
    if (newFrame) layer.stirred += 1;
    if (!carrier.alive || layer.stirred < STIRRING_FRAMES) return null;
    layer.alive = true;
    layer.stirred = 0;
    return { rid: layer.rid, kind: 'alive' };
  }

  /** The layer that a spatial layer of a stream stands for. */
  #above(carrier: LayerState, spatialLayer: number): LayerState {
    return this.#layers[carrier.order + spatialLayer] ?? (this.#layers.at(-1) as LayerState);
  }

  #layer(rid: string): LayerState | undefined {
    for (const layer of this.#layers) if (layer.rid === rid) return layer;
    return undefined;
  }

  /**
   * Silent for longer than its frames are apart, while another layer of the same camera went on for most of that time.
   * When all are silent the camera, or the path, has stopped: no layer is worse than another.
   */
  #silent(layer: LayerState, now: number): boolean {
    const { patience, lastPacketAt } = layer;
    return now - lastPacketAt > patience && this.#newestAt - lastPacketAt > patience / 2;
  }

  /** Counts the time of a common stall for nobody. */
  #forgive(now: number): void {
    const stalled = now - this.#newestAt;
    if (stalled === Number.POSITIVE_INFINITY) return;
    for (const layer of this.#layers) layer.lastPacketAt += stalled;
  }

  #end(layer: LayerState): LayerEvent {
    layer.alive = false;
    layer.stirred = 0;
    layer.frames.restart();
    return { rid: layer.rid, kind: 'dead' };
  }
}
