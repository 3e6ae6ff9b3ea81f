// A room's way through the SFU: the one link, the peers' shares of it, who is in which slot. One look compares what is
// with what should be and mends the difference, however often it is called.

import type { PeerMessage } from '@maru/protocol';
import type { Timer } from '../env/env.js';
import type { LineTracks, PeerLink, PeerLinkOptions } from '../link/peer-link.js';
import { handOver } from './hand-over.js';
import { roomStanding } from './room-standing.js';
import { createSfuLink } from './sfu-link.js';
import { createSfuPeerLink, type SfuPeerLink } from './sfu-peer-link.js';
import { SFU_PEER } from './sfu-session.js';
import type { Sfu, SfuWorld } from './sfu-world.js';
import { createWants } from './wants.js';

/** How long the lobby waits for the link before it says that one may join without. */
export const READY_MS = 5_000;

/** Most messages kept of peers that the server has not named yet. */
const MOST_EARLY = 64;

const NOTHING: LineTracks = { mic: null, camera: null, screen: null, screenAudio: null };

/** Runs until `close`; the room calls `look` whenever something may have changed. */
export function runSfu(world: SfuWorld): Sfu {
  const { members, env, trace } = world;
  const { clock } = env;
  const peers = new Set<SfuPeerLink>();
  let early: { readonly from: string; readonly message: PeerMessage }[] = [];
  /** By what the members' links are made. */
  let using: 'mesh' | 'sfu' = 'mesh';
  let askedSince: number | null = null;
  let readyTimer: Timer | null = null;
  /** Whether the socket was there at the last look. */
  let up = false;
  let closed = false;

  const link = createSfuLink(
    world,
    {
      onChange: changed,
      onSwitched() {
        wants.restart();
        for (const peer of peers) peer.switched();
      },
      onHeard: hear,
    },
    () => wants.again(),
  );
  const wants = createWants(world, link);

  function changed(): void {
    if (closed) return;
    for (const peer of peers) peer.update();
    wants.look();
    world.onChange();
  }

  function hear(from: string, text: string): void {
    const parsed = world.parsePeerMessage(text);
    if (!parsed.ok) {
      const traced = link.session?.connection.traced ?? { peer: SFU_PEER, link: '' };
      trace.trouble(traced, 'dropped', `a message of ${from}`, 'of no schema');
      return;
    }
    const known = [...peers].find(({ peer }) => peer === from);
    if (known) known.hear(parsed.message);
    else early = [...early.slice(1 - MOST_EARLY), { from, message: parsed.message }];
  }

  /** A member's link by way of the SFU. A mesh link that works goes on showing until this one does. */
  function bySfu(options: PeerLinkOptions, former: PeerLink | null): PeerLink {
    const next = createSfuPeerLink(world, link, options, (ended) => peers.delete(ended));
    peers.add(next);
    next.update();
    // Heard once the member has its link.
    queueMicrotask(() => {
      const kept = early.filter(({ from }) => from === options.peer);
      early = early.filter(({ from }) => from !== options.peer);
      for (const { message } of kept) next.hear(message);
    });
    return takeOver(options, former, next);
  }

  function byMesh(options: PeerLinkOptions, former: PeerLink | null): PeerLink {
    return takeOver(options, former, world.mesh(options));
  }

  function takeOver(options: PeerLinkOptions, former: PeerLink | null, next: PeerLink): PeerLink {
    if (former?.snapshot.phase !== 'connected') {
      former?.close();
      return next;
    }
    return handOver({
      ...world,
      clock,
      former,
      next,
      onChange: () => options.events.onChange(next.snapshot),
    });
  }

  function look(): void {
    if (closed) return;
    const { topology, askable, sending } = roomStanding(world);
    const wasUp = up;
    up = world.channel.up;
    // Outside, links end with the socket that they were offered on.
    if (wasUp && !up && world.admission.stance.at !== 'inside') link.disowned();
    if (topology !== null && topology !== using) {
      using = topology;
      trace.record({ kind: 'room', step: topology === 'sfu' ? 'through-sfu' : 'through-mesh' });
      members.relink(topology === 'sfu' ? bySfu : byMesh);
    }
    link.setTracks(sending ? world.own.tracks : NOTHING);
    // What goes on showing until a mesh stands needs its link as long.
    // Before the server has said which codecs it would have there is no offer to make.
    const wanted = world.channel.videoCodecs !== null && (topology === 'sfu' || peers.size > 0);
    link.stand(wanted, askable);
    wants.look();
    wait(topology === 'sfu' && askable && !sending);
  }

  /** Gives the lobby's link its time. */
  function wait(waiting: boolean): void {
    if (!waiting) {
      readyTimer?.cancel();
      readyTimer = askedSince = null;
    } else if (askedSince === null) {
      askedSince = clock.now();
      readyTimer = clock.after(READY_MS, world.onChange);
    }
  }

  return {
    get ready() {
      if (askedSince === null || link.phase === 'connected') return true;
      return clock.now() - askedSince >= READY_MS;
    },
    get speaker() {
      return link.session?.speaker ?? null;
    },
    look,
    lost: link.lost,
    seated: link.seated,
    hint: () => link.input({ type: 'hint' }),
    close() {
      closed = true;
      readyTimer?.cancel();
      wants.close();
      link.close();
    },
  };
}
