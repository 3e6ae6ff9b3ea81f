// Shares a person's upload among the peers of a mesh: tells peers what is shown of them, and sends each no more than it
// shows of us. One look compares what is with what should be and mends the difference, however often it is called.

import type { Line } from '@maru/protocol';
import type { Member } from '../room/member.js';
import { allocate, type Demand, SOUND_BITRATE, wantedBitrate } from './allocation.js';
import { type CodecsDoneWell, codecsDoneWell } from './browser-codec-abilities.js';
import { AMPLE, stepBudget } from './budget.js';
import { chooseCodec } from './codec-choice.js';
import { type Encoding, MOST_RELIEF } from './picture.js';
import { startRelief, stepRelief } from './relief.js';
import { orderSender } from './rtc-sender-parameters.js';
import { NOTHING_KNOWN, readSenderStats, type SenderSample } from './sender-sample.js';
import { pauseUnseen, type Sending, sendingsTo, soundsOf } from './sendings.js';
import { createTeller } from './tell-views.js';
import type { Upload, UploadWorld } from './upload.js';

/** How often the paths and encoders are asked how they are. */
const SAMPLE_MS = 2_000;
/** For how long somebody who has stopped speaking is still sent as one who speaks: rates do not follow every breath. */
const SPEAKING_LINGERS_MS = 4_000;

/** Starts sharing; ends with `close`. */
export function shareUpload(world: UploadWorld): Upload {
  const { members, maxBitrate } = world;
  const { clock } = world.env;
  const teller = createTeller(clock, look);
  const sentAs = new WeakMap<RTCRtpSender, Encoding>();
  const sentIn = new WeakMap<
    RTCRtpSender,
    { readonly question: string; readonly codec: RTCRtpCodec | null }
  >();
  let codecs: CodecsDoneWell | null = null;
  let budget = AMPLE;
  let relief = startRelief(clock.now());
  let spokeAt = Number.NEGATIVE_INFINITY;
  let looking = false;
  let closed = false;
  let timer = clock.after(SAMPLE_MS, () => void sample());
  void prepare();

  async function prepare(): Promise<void> {
    codecs = await codecsDoneWell();
    look();
  }

  function look(): void {
    if (looking || closed) return;
    looking = true;
    queueMicrotask(() => {
      looking = false;
      if (!closed) mend();
    });
  }

  function everyone(): readonly Member[] {
    return members.ids.flatMap((id) => members.get(id) ?? []);
  }

  function demandOf(pictures: readonly Sending[], connected: number): Demand {
    const limits = [maxBitrate, budget.limit].filter((limit) => typeof limit === 'number');
    return {
      pictures,
      sounds: connected * soundsOf(world.tracks()),
      budget: limits.length > 0 ? Math.min(...limits) : null,
      speaking: clock.now() - spokeAt < SPEAKING_LINGERS_MS,
      relief: relief.level,
    };
  }

  function mend(): void {
    const all = everyone();
    const tracks = world.tracks();
    if (world.speaking()) spokeAt = clock.now();
    if (codecs) teller.tell(all, members.shown, codecs.decodes);
    for (const member of all) pauseUnseen(member, tracks);
    const sendings = sendingsTo(all, tracks);
    const connected = all.filter(({ link }) => link.snapshot.phase === 'connected');
    const encodings = allocate(demandOf(sendings, connected.length), (_, i) => formerOf(sendings[i]));
    sendings.forEach((sending, i) => {
      const encoding = encodings[i];
      if (encoding) order(sending, encoding);
    });
    for (const member of connected) raiseSound(member);
  }

  function formerOf(sending: Sending | undefined): Encoding | undefined {
    return sending && sentAs.get(sending.sender);
  }

  function order(sending: Sending, encoding: Encoding): void {
    const { member, sender, line } = sending;
    sentAs.set(sender, encoding);
    // Screens stay as negotiated: they may be larger than H.264 was negotiated for.
    const codec = line === 'camera' ? codecOf(sending) : null;
    const given = orderSender(sender, { ...encoding, codec }, (error) =>
      refused(member, line, sender, error),
    );
    if (!given) return;
    const { priority: _, ...told } = encoding;
    const mimeType = codec?.mimeType ?? null;
    world.trace.record({ kind: 'encoding', ...told, codec: mimeType, line, peer: member.peer.id, link: '' });
  }

  /** The codec for a sender, chosen anew only when what it depends on has changed: reading parameters is not free. */
  function codecOf({ member, sender, sourceWidth, sourceHeight }: Sending): RTCRtpCodec | null {
    const encodes = codecs?.encodes ?? [];
    const decodes = member.sees?.codecs ?? [];
    const pixels = sourceWidth * sourceHeight;
    const cheapest = relief.level === MOST_RELIEF;
    const question = [encodes, decodes, pixels, cheapest].join();
    const known = sentIn.get(sender);
    if (known?.question === question) return known.codec;
    const { codecs: negotiated } = sender.getParameters();
    const codec = chooseCodec({ negotiated, encodes, decodes, pixels, cheapest });
    sentIn.set(sender, { question, codec });
    return codec;
  }

  /** Sound goes before pictures wherever the browser divides one connection's bits. */
  function raiseSound(member: Member): void {
    const sender = member.link.sender('mic');
    if (sender) orderSender(sender, { priority: 'high' }, (error) => refused(member, 'mic', sender, error));
  }

  function refused({ peer, link }: Member, line: Line, sender: RTCRtpSender, error: unknown): void {
    // The sender of a connection that was closed meanwhile refuses everything, and that is no trouble.
    if (closed || link.sender(line) !== sender) return;
    const reason = `the sender of ${line}: ${String(error)}`;
    world.trace.record({ kind: 'link', step: 'error', peer: peer.id, link: '', reason });
  }

  async function sample(): Promise<void> {
    timer = clock.after(SAMPLE_MS, () => void sample());
    const all = everyone();
    const tracks = world.tracks();
    const sendings = sendingsTo(all, tracks);
    const samples = await Promise.all(sendings.map(sampleOf));
    if (closed) return;
    const paths = new Map<Member, { available: number | null; asked: number }>();
    sendings.forEach(({ member, sender }, i) => {
      const path = paths.get(member) ?? { available: null, asked: SOUND_BITRATE * soundsOf(tracks) };
      const asked = path.asked + (sentAs.get(sender)?.maxBitrate ?? 0);
      paths.set(member, { available: path.available ?? samples[i]?.available ?? null, asked });
    });
    const limited = samples.some(({ cpuLimited }) => cpuLimited);
    relief = stepRelief(relief, limited, clock.now());
    budget = stepBudget(budget, [...paths.values()], wantedBitrate(demandOf(sendings, paths.size)));
    look();
  }

  async function sampleOf({ member, line, sender }: Sending): Promise<SenderSample> {
    try {
      return readSenderStats(await sender.getStats());
    } catch (error) {
      refused(member, line, sender, error);
      return NOTHING_KNOWN;
    }
  }

  return {
    look,
    close() {
      closed = true;
      timer.cancel();
      teller.close();
    },
  };
}
