// One connection to the SFU: its offer and answer, what is sent on it, and what the SFU says of who is in its slots.

import type { Layer, Line, Seating, SfuRequest } from '@maru/protocol';
import type { LineTracks } from '../link/peer-link.js';
import type { Connection } from '../link/rtc-connection.js';
import { packSdp, unpackSdp } from './packed-sdp.js';
import { sendableCodecs } from './sendable-codecs.js';
import { orderLayers } from './sender-layers.js';
import { addSfuLines, LINE_KIND, slotsOf } from './sfu-lines.js';
import type { SfuWorld } from './sfu-world.js';

/** What the other end of every link is called in traces. */
export const SFU_PEER = 'sfu';

/** Longest message on the control channel: one between peers, quoted once more. */
const MAX_SAID_LENGTH = 65_536;

const NOTHING: LineTracks = { mic: null, camera: null, screen: null, screenAudio: null };

export interface SessionEvents {
  /** Something that views may show has changed. */
  onChange(): void;
  /** These slots are another's now. */
  onReseated(slots: readonly RTCRtpTransceiver[]): void;
  /** The state of the connection or its control channel has changed. */
  onPath(): void;
  onHeard(from: string, message: string): void;
}

export interface SfuSession {
  readonly connection: Connection;
  /** The packed offer, once it is made. */
  readonly offer: Promise<string>;
  /** Whether media passes. Messages do two round trips later, on the control channel. */
  readonly standing: boolean;
  /** Who is in which slot; null before the SFU has said. */
  readonly seats: readonly Seating[] | null;
  /** Whose links stand too; null before the SFU has said. */
  readonly reachable: ReadonlySet<string> | null;
  readonly speaker: string | null;
  /** Takes the SFU's answer. */
  answer(packed: string): Promise<void>;
  /** Takes who is in the slots: of what was said the one with the highest `rev` holds. */
  seated(rev: number, seats: readonly Seating[]): void;
  setTracks(tracks: LineTracks): void;
  say(message: SfuRequest): boolean;
  /** The slot in which a line of a peer arrives. */
  slotOf(
    peer: string,
    line: Line,
  ): { readonly index: number; readonly transceiver: RTCRtpTransceiver } | null;
  slots(kind: 'audio' | 'video'): readonly RTCRtpTransceiver[];
  /** Whether nobody is in this slot. */
  isFree(transceiver: RTCRtpTransceiver): boolean;
}

/** Opens a connection and makes its offer. It sends nothing before `setTracks`. */
export function openSession(world: SfuWorld, link: string, events: SessionEvents): SfuSession {
  const { trace, env } = world;
  const { clock } = env;
  // Candidates are not said: the SFU learns where we are from our checks (RFC 8445, section 7.3.1.3).
  const connection = world.openConnection(world, { peer: SFU_PEER, link }, () => undefined);
  const { pc, control, traced, signal } = connection;
  let seats: readonly Seating[] | null = null;
  let seatsRev = -1;
  let reachable: ReadonlySet<string> | null = null;
  let shown: { readonly camera: readonly Layer[]; readonly screen: readonly Layer[] } | null = null;
  let speaker: string | null = null;
  let tracks = NOTHING;
  let hasLines = false;
  const listening = { signal };
  pc.addEventListener('connectionstatechange', events.onPath, listening);
  control.addEventListener('open', events.onPath, listening);
  control.addEventListener('close', events.onPath, listening);
  control.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data), listening);

  async function makeOffer(): Promise<string> {
    const videoCodecs = world.channel.videoCodecs ?? [];
    // At once where there is nothing to ask: each turn of the browser's loop makes the join longer.
    const sendable = videoCodecs.length > 1 ? await sendableCodecs(videoCodecs, clock) : videoCodecs;
    if (signal.aborted) throw new Error('closed before it had an offer');
    addSfuLines(pc, videoCodecs, sendable);
    hasLines = true;
    if (tracks !== NOTHING) sendAll();
    const made = await pc.createOffer();
    trace.record({ kind: 'description', step: 'created', type: 'offer', sdp: made.sdp ?? '', ...traced });
    // Packed while the browser takes it in: nothing of the offer changes by that.
    const [packed] = await Promise.all([packSdp(made.sdp ?? ''), pc.setLocalDescription(made)]);
    return packed;
  }

  function receive(data: unknown): void {
    const bounded = typeof data === 'string' && data.length <= MAX_SAID_LENGTH;
    const parsed = bounded ? world.parseSfuNotice(data) : null;
    if (!parsed?.ok) {
      trace.trouble(traced, 'dropped', 'a notice', 'of no schema');
      return;
    }
    const notice = parsed.message;
    switch (notice.type) {
      case 'seats':
        takeSeats(notice.rev, notice.seats);
        return;
      case 'reachable':
        reachable = new Set(notice.peers);
        break;
      case 'heard':
        events.onHeard(notice.from, notice.message);
        return;
      case 'encode':
        shown = notice;
        orderAll();
        return;
      case 'speaker':
        speaker = notice.peer;
    }
    events.onChange();
  }

  function takeSeats(rev: number, next: readonly Seating[]): void {
    if (rev <= seatsRev) return;
    seatsRev = rev;
    const former = seats ?? [];
    seats = next;
    trace.record({ kind: 'sfu', step: 'seats', ...traced });
    const same = (a: Seating, b: Seating): boolean =>
      a.slot === b.slot && a.peer === b.peer && a.line === b.line;
    const given = next.filter((seat) => !former.some((before) => same(before, seat)));
    events.onReseated(given.flatMap(({ slot, line }) => slotsOf(pc, LINE_KIND[line])[slot] ?? []));
    events.onChange();
  }

  function sendAll(): void {
    world.sendTracks(trace, connection, tracks);
    orderAll();
  }

  function orderAll(): void {
    for (const line of ['camera', 'screen'] as const) {
      const sender = pc.getTransceivers()[line === 'camera' ? 1 : 2]?.sender;
      if (!sender || !tracks[line]) continue;
      orderLayers(sender, line, tracks[line], shown?.[line] ?? null, (error) => {
        if (!signal.aborted) trace.trouble(traced, 'error', 'setParameters', error);
      });
    }
  }

  const offer = makeOffer();
  // Whoever awaits it hears of its failure.
  offer.catch(() => undefined);
  return {
    connection,
    offer,
    get standing() {
      return pc.connectionState === 'connected';
    },
    get seats() {
      return seats;
    },
    get reachable() {
      return reachable;
    },
    get speaker() {
      return speaker;
    },
    async answer(packed) {
      const sdp = await unpackSdp(packed);
      if (signal.aborted) return;
      await pc.setRemoteDescription({ type: 'answer', sdp });
      trace.record({ kind: 'description', step: 'set-remote', type: 'answer', sdp, ...traced });
      // How pictures are layered hangs on their codec.
      orderAll();
    },
    seated: takeSeats,
    setTracks(next) {
      tracks = next;
      if (hasLines) sendAll();
    },
    say(message) {
      if (signal.aborted || control.readyState !== 'open') return false;
      try {
        control.send(JSON.stringify(message));
        return true;
      } catch (error) {
        // The buffer is full (W3C webrtc-pc, section 6.2, send): the caller says it again later.
        trace.trouble(traced, 'error', 'send', error);
        return false;
      }
    },
    slotOf(peer, line) {
      const seat = seats?.find((each) => each.peer === peer && each.line === line);
      const transceiver = seat && slotsOf(pc, LINE_KIND[line])[seat.slot];
      return transceiver ? { index: seat.slot, transceiver } : null;
    },
    slots: (kind) => slotsOf(pc, kind),
    isFree: (transceiver) =>
      !seats?.some(({ slot, line }) => slotsOf(pc, LINE_KIND[line])[slot] === transceiver),
  };
}
