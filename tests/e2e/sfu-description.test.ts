// The SFU's answers set in the browsers themselves: a link stands by them over libdatachannel, and carries media both ways.

import { PeerConnection } from 'node-datachannel';
import { parse } from 'sdp-transform';
import { expect, test } from 'vitest';
import { writeRtcp } from '../../packages/sfu/src/rtcp/write-rtcp.js';
import { readText } from '../../packages/sfu/src/rtp/header-extension.js';
import { isRtcp, RTP_HEADER_LENGTH, type RtpPacket, readRtp } from '../../packages/sfu/src/rtp/rtp-packet.js';
import { composeAnswer } from '../../packages/sfu/src/sdp/compose-answer.js';
import type { LinkPlan } from '../../packages/sfu/src/sdp/link-plan.js';
import { composePipeOffer, readPipeAnswer } from '../../packages/sfu/src/sdp/pipe-description.js';
import { planLink } from '../../packages/sfu/src/sdp/plan-link.js';
import { startChromium } from './support/chromium.js';
import { startFirefox } from './support/firefox.js';
import { installSfuLink } from './support/sfu-page.js';
import { untilNothingMissing } from './support/until.js';

/** What both browsers' drivers have. */
interface LinkPage {
  evaluate<T>(run: () => T | Promise<T>): Promise<T>;
  evaluate<T, A>(run: (argument: A) => T | Promise<T>, argument: A): Promise<T>;
}

function planOf(offer: string): LinkPlan {
  const planned = planLink(offer, {
    videoCodecs: ['VP8', 'VP9', 'H264', 'AV1'],
    firstSsrc: () => 123_456_789,
    maxAudioSlots: 16,
    maxVideoSlots: 32,
  });
  if (!planned.ok) throw new Error(planned.reason);
  return planned.plan;
}

/** The camera's smallest encoding as a packet of the first video slot, without any header extension. */
function inFirstSlot(packet: RtpPacket, plan: LinkPlan): Buffer {
  const slot = plan.videoSlots[0];
  const header = Buffer.from(packet.bytes.subarray(0, RTP_HEADER_LENGTH));
  header[0] = 0x80;
  header[1] = (slot?.codecs[0]?.payloadType ?? 0) | (packet.marker ? 0x80 : 0);
  header.writeUInt32BE(slot?.ssrc ?? 0, 8);
  const { payloadOffset, payloadLength } = packet;
  return Buffer.concat([header, packet.bytes.subarray(payloadOffset, payloadOffset + payloadLength)]);
}

/** A key frame is asked for each so many packets, as the slot's receiver may have come too late for the first one. */
const KEY_FRAME_EVERY = 20;

/** The server's end of the link: answers, and sends back what it gets of the smallest encoding. */
class LoopbackEnd {
  /** MID and RID of everything that came with one, such as `1/l`. */
  readonly seen = new Set<string>();
  readonly #connection = new PeerConnection('loopback', { iceServers: [], disableAutoNegotiation: true });
  readonly #plan: LinkPlan;
  #packets = 0;
  #closed = false;

  constructor(plan: LinkPlan) {
    this.#plan = plan;
    this.#connection.createDataChannel('control', { negotiated: true, id: 0 });
    this.#connection.onTrack((track) => {
      track.onMessage((bytes) => {
        const packet = isRtcp(bytes) ? null : readRtp(bytes);
        // What a callback of the native library throws ends the process: nothing is sent on what is closed.
        if (!packet || this.#closed || !track.isOpen()) return;
        const { extensions, lines } = this.#plan;
        const rid = readText(packet, extensions.rid);
        this.seen.add(`${readText(packet, extensions.mid)}/${rid}`);
        if (rid === 'l' && packet.payloadType === lines[1]?.codecs[0]?.payloadType) {
          track.sendMessageBinary(inFirstSlot(packet, this.#plan));
          if (this.#packets++ % KEY_FRAME_EVERY !== 0) return;
          const senderSsrc = this.#plan.feedbackSsrc;
          track.sendMessageBinary(writeRtcp([{ kind: 'pli', senderSsrc, mediaSsrc: packet.ssrc }]));
        }
      });
    });
  }

  /** With all the candidates that libdatachannel finds. */
  async answer(): Promise<string> {
    const text = await new Promise<string>((resolve) => {
      this.#connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve(this.#connection.localDescription()?.sdp ?? '');
      });
      this.#connection.setRemoteDescription(composePipeOffer(this.#plan), 'offer');
      this.#connection.setLocalDescription('answer');
    });
    const transport = readPipeAnswer(text);
    if (!transport) throw new Error('The native answer could not be read.');
    const found = parse(text).media.flatMap(({ candidates }) => candidates ?? []);
    const candidates = found
      .filter(({ transport, type }) => transport.toLowerCase() === 'udp' && type === 'host')
      .map(({ ip, port }) => ({ address: ip, port }));
    return composeAnswer(this.#plan, { ...transport, candidates });
  }

  close(): void {
    this.#closed = true;
    this.#connection.close();
  }
}

async function link(page: LinkPage): Promise<void> {
  await page.evaluate(installSfuLink);
  const plan = planOf(await page.evaluate(() => window.sfuLink.offer()));
  const end = new LoopbackEnd(plan);
  try {
    const answer = await end.answer();
    await page.evaluate((sdp: string) => window.sfuLink.answer(sdp), answer);
    const described = await page.evaluate(() => window.sfuLink.state());
    expect(described.directions).toEqual([...Array(4).fill('sendonly'), ...Array(24).fill('recvonly')]);
    expect(described.rids).toEqual(['l', 'm', 'h']);
    // Audio slot k and video slot k play together.
    const seats = (count: number) => Array.from({ length: count }, (_, index) => `seat-${index}`);
    expect(described.streams).toEqual([...seats(10), ...seats(14)]);

    await untilNothingMissing('the link carries data and media', async () => {
      const { connection, control, frames } = await page.evaluate(() => window.sfuLink.state());
      if (connection !== 'connected') return `the connection is ${connection}`;
      if (control !== 'open') return `the control channel is ${control}`;
      if (!end.seen.has('1/l')) return `of the camera came ${[...end.seen].join(', ') || 'nothing'}`;
      return frames > 5 ? null : `${frames} frames were decoded in a slot`;
    });
  } finally {
    end.close();
  }
}

test('Chromium takes its answer, and media flows by it', async () => {
  const chromium = await startChromium();
  try {
    const context = await chromium.person();
    const page = await context.newPage();
    await link({ evaluate: (run: never, argument?: unknown) => page.evaluate(run, argument) });
  } finally {
    await chromium.close();
  }
});

test('Firefox takes its answer, and media flows by it', async () => {
  const firefox = await startFirefox();
  try {
    const page = await firefox.newPage();
    await link({
      evaluate: async (run: never, ...rest: never[]) => (await page.evaluate(run, ...rest)) as never,
    });
  } finally {
    await firefox.close();
  }
});
