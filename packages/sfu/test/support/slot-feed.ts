// Offers packets of simulated sources to one slot, as the router does, and reads what comes out.
import { type RtpPacket, readRtp } from '../../src/rtp/rtp-packet.js';
import type { SlotPlan } from '../../src/sdp/link-plan.js';
import { PacketScratch } from '../../src/send/packet-scratch.js';
import { Slot } from '../../src/send/slot.js';
import { RECEIVER_IDS, SENDER_IDS, type SentPacket } from './simulated-source.js';

export class SlotFeed {
  readonly scratch = new PacketScratch();
  readonly slot: Slot;
  /** Everything that came out, in order. */
  readonly out: RtpPacket[] = [];

  constructor(plan: SlotPlan, extensions = RECEIVER_IDS, mixedExtensions = true) {
    this.slot = new Slot({ plan, extensions, mixedExtensions });
  }

  /** What became of a packet; null when the slot has nothing to send. */
  offer({ source, packet, marks, extended }: SentPacket, now: number): RtpPacket | null {
    source.cache.put(extended, packet, now, marks);
    this.scratch.load(packet, SENDER_IDS);
    return this.read(this.slot.forward(source, packet, marks, extended, 1, now, this.scratch));
  }

  /** Of several packets, what came out. */
  offerAll(packets: readonly SentPacket[], now: number): RtpPacket[] {
    return packets.map((sent) => this.offer(sent, now)).filter((packet) => packet !== null);
  }

  ask(sequenceNumber: number, now: number, roundTripMs = 50, budget = 10_000): RtpPacket | null {
    const { slot, scratch } = this;
    return this.read(slot.retransmit(sequenceNumber, 2, now, scratch, roundTripMs, budget));
  }

  /** The packet of so many bytes that lies in the scratch. */
  read(bytes: number): RtpPacket | null {
    if (bytes === 0) return null;
    const packet = readRtp(Buffer.from(this.scratch.out));
    if (packet === null || packet.bytes.length !== bytes)
      throw new Error('what came out is not as it should be');
    this.out.push(packet);
    return packet;
  }
}
