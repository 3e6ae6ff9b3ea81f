// Tells encoders what to send, by RTCRtpSender.setParameters (W3C webrtc-pc, section 5.2): never a renegotiation.

import type { Encoding } from './picture.js';

/** What a sender is to do. `codec` as in W3C webrtc-extensions, section 4; null leaves it as it is. */
export interface SenderOrder extends Partial<Encoding> {
  readonly priority: RTCPriorityType;
  readonly codec?: RTCRtpCodec | null;
}

interface Ordered {
  /** The order that holds, as text, to be compared. */
  text: string;
  order: SenderOrder;
  running: boolean;
}

const ordered = new WeakMap<RTCRtpSender, Ordered>();
/** Senders of browsers that refuse to be told the codec. */
const codecRefused = new WeakSet<RTCRtpSender>();

/**
 * Gives a sender its order, unless it has it already. Orders to one sender are carried out one after the other, and
 * only the newest of those that wait. `onRefused` hears what the browser would not do; the next other order tries anew.
 * True when the order is another than the sender had.
 */
export function orderSender(
  sender: RTCRtpSender,
  order: SenderOrder,
  onRefused: (error: unknown) => void,
): boolean {
  const text = JSON.stringify(order);
  const known = ordered.get(sender);
  if (known?.text === text) return false;
  const entry = known ?? { text, order, running: false };
  Object.assign(entry, { text, order });
  ordered.set(sender, entry);
  if (!entry.running) void run(sender, entry, onRefused);
  return true;
}

async function run(sender: RTCRtpSender, entry: Ordered, onRefused: (error: unknown) => void): Promise<void> {
  entry.running = true;
  for (let done = ''; done !== entry.text; ) {
    done = entry.text;
    try {
      await carryOut(sender, entry.order);
    } catch (error) {
      onRefused(error);
    }
  }
  entry.running = false;
}

async function carryOut(sender: RTCRtpSender, order: SenderOrder): Promise<void> {
  try {
    await set(sender, order, !codecRefused.has(sender));
  } catch (error) {
    if (!order.codec || codecRefused.has(sender)) throw error;
    // Browsers without that extension may refuse the whole order for it.
    codecRefused.add(sender);
    await set(sender, order, false);
  }
}

async function set(sender: RTCRtpSender, order: SenderOrder, withCodec: boolean): Promise<void> {
  const { codec, ...encoding } = order;
  // What was read must be set in the same turn (W3C webrtc-pc, [[LastReturnedParameters]]).
  const parameters = sender.getParameters();
  const [only] = parameters.encodings;
  if (!only) return; // Not negotiated: there is nothing to send yet.
  Object.assign(only, encoding, withCodec && codec ? { codec } : {});
  await sender.setParameters(parameters);
}
