// Tells the senders of a link to the SFU which encodings to make: by setParameters (W3C webrtc-pc, section 5.2).

import type { Layer } from '@maru/protocol';
import { type LayerOrder, layerOrders, sameLayers } from './camera-layers.js';
import { LAYERS_OF } from './sfu-lines.js';

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
  const orders = layerOrders(LAYERS_OF[line], width * height || USUAL_PIXELS, shown);
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
  if (sameLayers(parameters.encodings, orders)) return;
  for (const encoding of parameters.encodings) {
    const order = orders.find(({ rid }) => rid === encoding.rid);
    if (!order) continue;
    encoding.active = order.active;
    encoding.scaleResolutionDownBy = order.scale;
  }
  await sender.setParameters(parameters);
}
