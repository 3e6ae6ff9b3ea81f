// The link to another peer by way of the SFU, as the room sees it: no connection of its own, but its share of the one link.

import type { Line, PeerMessage } from '@maru/protocol';
import type { LinkPhase, LinkSnapshot, RemoteLine } from '../link/link.js';
import type { PeerLink, PeerLinkOptions } from '../link/peer-link.js';
import type { SfuLink } from './sfu-link.js';
import type { SfuWorld } from './sfu-world.js';

const SILENT_LINE: RemoteLine = { track: null, receiving: false };
const SILENT_LINES = { mic: SILENT_LINE, camera: SILENT_LINE, screen: SILENT_LINE, screenAudio: SILENT_LINE };

export interface SfuPeerLink extends PeerLink {
  readonly peer: string;
  /** Brings the snapshot up to date, and tells when anything in it has changed. */
  update(): void;
  /** Another connection is in use: the other end may have missed what was said on the former one. */
  switched(): void;
  hear(message: PeerMessage): void;
}

/** How long the other end may take to reach the SFU, once we do, before a person is told that it does not. */
const THERE_MS = 8_000;

/** Makes the link of one peer. `onClose` is called once. */
export function createSfuPeerLink(
  { replaced, env: { clock } }: Pick<SfuWorld, 'replaced' | 'env'>,
  sfu: SfuLink,
  { peer, events }: PeerLinkOptions,
  onClose: (link: SfuPeerLink) => void,
): SfuPeerLink {
  let closed = false;
  let hadMedia = false;
  /** The reachable set of the connection in use before this one, until the SFU has said who is reachable now. */
  let wasReachable = false;
  /** Since when this end has reached the SFU and the other has not; null while that is not so. */
  let missingSince: number | null = null;
  /** Slots that have shown something since they were this peer's, and were nobody else's since. */
  const opened = new Map<Line, RTCRtpTransceiver>();
  let snapshot: LinkSnapshot = {
    phase: 'new',
    step: 'rest',
    reason: null,
    lines: SILENT_LINES,
    dataOpen: false,
    stats: null,
  };

  function isSeated(): boolean {
    return sfu.session?.seats?.some((seat) => seat.peer === peer) === true;
  }

  function phaseNow(standing: boolean, passing: boolean): LinkPhase {
    if (closed) return 'closed';
    if (!standing) return hadMedia && sfu.phase === 'connecting' ? 'reconnecting' : sfu.phase;
    if (passing) return 'connected';
    return hadMedia ? 'reconnecting' : 'connecting';
  }

  function lineNow(line: Line): RemoteLine {
    const { session } = sfu;
    const slot = closed ? undefined : session?.slotOf(peer, line)?.transceiver;
    if (!slot) {
      // Out of sight, or off: the track stays while its slot is nobody else's, and bridges the moment when it is back.
      const kept = closed ? undefined : opened.get(line);
      const track = kept && session?.isFree(kept) ? kept.receiver.track : null;
      if (!track) opened.delete(line);
      return replaced(snapshot.lines[line], { track, receiving: false });
    }
    const { track } = slot.receiver;
    const receiving = snapshot.phase === 'connected' && sfu.watch?.flows(slot) === true;
    // An element that is given sound and a picture together plays neither before the first picture (seen in Chromium
    // 156): a slot of pictures is handed out when there is something to show.
    const picture = line === 'camera' || line === 'screen';
    if (receiving || !picture) opened.set(line, slot);
    return replaced(snapshot.lines[line], { track: opened.get(line) === slot ? track : null, receiving });
  }

  function update(): void {
    const told = sfu.session?.reachable ?? null;
    const reachable = told ? told.has(peer) : wasReachable;
    if (told) wasReachable = reachable;
    // Media passes before messages do.
    const passing = reachable || isSeated();
    const standing = sfu.phase === 'connected';
    missingSince = standing && !passing ? (missingSince ?? clock.now()) : null;
    const missing = missingSince !== null && clock.now() - missingSince >= THERE_MS;
    const before = snapshot;
    const phase = phaseNow(standing, passing);
    if (phase === 'connected') hadMedia = true;
    snapshot = replaced(before, { phase });
    const lines = replaced(before.lines, {
      mic: lineNow('mic'),
      camera: lineNow('camera'),
      screen: lineNow('screen'),
      screenAudio: lineNow('screenAudio'),
    });
    const stats =
      phase === 'connected' ? sfu.watch?.stats(sfu.session?.slotOf(peer, 'camera')?.transceiver) : null;
    snapshot = replaced(snapshot, {
      step: standing && !passing ? 'connect' : sfu.step,
      reason: missing ? 'peer-unreachable' : standing ? null : sfu.reason,
      lines,
      dataOpen: !closed && standing && told !== null && reachable,
      stats: stats ? replaced(before.stats ?? undefined, stats) : null,
    });
    if (snapshot !== before) events.onChange(snapshot);
  }

  const link: SfuPeerLink = {
    peer,
    get snapshot() {
      return snapshot;
    },
    update,
    switched() {
      opened.clear();
      update();
    },
    hear(message) {
      if (!closed) events.onMessage(message);
    },
    send(message) {
      if (!snapshot.dataOpen) return false;
      return sfu.say({ type: 'say', to: peer, message: JSON.stringify(message) });
    },
    level() {
      const slot = sfu.session?.slotOf(peer, 'mic');
      return slot && snapshot.phase === 'connected' ? (sfu.watch?.level(slot.transceiver) ?? 0) : 0;
    },
    // Where only the other end is missing, another link of ours would not bring it.
    retry: () => sfu.input({ type: snapshot.reason === 'peer-unreachable' ? 'hint' : 'retry' }),
    hint: () => sfu.input({ type: 'hint' }),
    // What is sent, and whether it can be said, is the one link's business; nothing is signalled between the peers.
    setTrack() {},
    setReachable() {},
    offer() {},
    receive() {},
    resync() {},
    sender: () => null,
    close() {
      if (closed) return;
      closed = true;
      update();
      onClose(link);
    },
  };
  return link;
}
