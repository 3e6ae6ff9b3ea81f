// Tells the senders of a link to the SFU which encodings to make: by setParameters (W3C webrtc-pc, section 5.2).

import type { Layer } from '@maru/protocol';
import {
  CAMERA_ENCODINGS,
  type LayerOrder,
  layerOrders,
  SCREEN_ENCODINGS,
  type ScalableEncoding,
  sameLayers,
  spatialOrders,
} from './camera-layers.js';

/** Codecs of which browsers make spatial layers inside one stream. */
const SCALABLE = /^video\/(vp9|av1)$/i;

/** What is assumed of a track that does not say how large it is. */
const USUAL_PIXELS = 1_280 * 720;

interface Ordered {
  orders: readonly LayerOrder[];
  running: boolean;
}

const ordered = new WeakMap<RTCRtpSender, Ordered>();

/** Gives a sender its encodings for this track. Orders to one sender are carried out one after the other, the newest last. */
export function orderLayers(
  sender: RTCRtpSender,
  line: 'camera' | 'screen',
  track: MediaStreamTrack,
  shown: readonly Layer[] | null,
  onRefused: (error: unknown) => void,
): void {
  const { width = 0, height = 0 } = track.getSettings();
  const encodings = line === 'camera' ? CAMERA_ENCODINGS : SCREEN_ENCODINGS;
  const orders = layerOrders(encodings, width * height || USUAL_PIXELS, shown);
  const entry = ordered.get(sender) ?? { orders, running: false };
  entry.orders = orders;
  ordered.set(sender, entry);
  if (!entry.running) void run(sender, entry, onRefused);
}

async function run(sender: RTCRtpSender, entry: Ordered, onRefused: (error: unknown) => void): Promise<void> {
  entry.running = true;
  for (let done: readonly LayerOrder[] | null = null; done !== entry.orders; ) {
    done = entry.orders;
    try {
      await carryOut(sender, done);
    } catch (error) {
      onRefused(error);
    }
  }
  entry.running = false;
}

async function carryOut(sender: RTCRtpSender, orders: readonly LayerOrder[]): Promise<void> {
  const parameters = sender.getParameters();
  // The first is the one that is sent. None is listed before the answer.
  const scalable = SCALABLE.test(parameters.codecs[0]?.mimeType ?? '');
  const given = scalable ? spatialOrders(orders) : orders;
  const encodings: ScalableEncoding[] = parameters.encodings;
  if (sameLayers(encodings, given)) return;
  for (const encoding of encodings) {
    const order = given.find(({ rid }) => rid === encoding.rid);
    if (!order) continue;
    encoding.active = order.active;
    encoding.scaleResolutionDownBy = order.scale;
    encoding.maxBitrate = order.maxBitrate;
    if (order.scalabilityMode !== undefined) encoding.scalabilityMode = order.scalabilityMode;
  }
  await sender.setParameters(parameters);
}
