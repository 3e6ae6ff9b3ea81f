// The stage: screens, people and oneself, each in its place.

import type { PeerSnapshot } from '@maru/client';
import { useRef } from 'preact/hooks';
import { useCall } from './call-model.js';
import { InviteCard } from './invite-card.js';
import { spotlight } from './layout/spotlight.js';
import { useShown } from './layout/use-shown.js';
import { type StageTiles, useStage } from './layout/use-stage.js';
import { t } from './messages.js';
import { RemoteTile } from './tile/remote-tile.js';
import { ScreenTile } from './tile/screen-tile.js';
import { SelfTile } from './tile/self-tile.js';

export function Stage() {
  const call = useCall();
  const { peers } = call.session.roomState.value;
  const sharing = peers.filter((peer) => peer.state.screen);
  const large = useLarge(peers, sharing.length > 0);
  const stage = useRef<HTMLElement>(null);
  const tiles = tilesOf(peers, sharing, large);
  useStage(stage, tiles);
  useShown(stage, tiles);
  return (
    <section ref={stage} class="stage" aria-label={t('stage')}>
      {sharing.map((peer) => (
        <ScreenTile key={`screen:${peer.id}`} peer={peer} />
      ))}
      {peers.map((peer) => (
        <RemoteTile key={`peer:${peer.id}`} peer={peer} />
      ))}
      {peers.length === 0 && <InviteCard key="invite" />}
      <SelfTile key="self" />
    </section>
  );
}

/** Who is large: whoever was pinned; beside a shared screen and in the even layout nobody else. */
function useLarge(peers: readonly PeerSnapshot[], screens: boolean): string | null {
  const { layout, pinned } = useCall();
  const former = useRef<string | null>(null);
  const isPinned = peers.some((peer) => peer.id === pinned.value);
  // One other person is large anyway.
  const choosing = layout.value === 'speaker' && !screens && peers.length > 1;
  former.current = isPinned || choosing ? spotlight(peers, pinned.value, former.current) : null;
  return former.current;
}

function tilesOf(
  peers: readonly PeerSnapshot[],
  sharing: readonly PeerSnapshot[],
  large: string | null,
): StageTiles {
  const screens = sharing.map((peer) => `screen:${peer.id}`);
  const people = peers.map((peer) => `peer:${peer.id}`);
  const chosen = people.filter((key) => key === `peer:${large}`);
  const rest = people.filter((key) => !chosen.includes(key));
  return {
    large: [...screens, ...chosen],
    others: peers.length === 0 ? ['invite', 'self'] : [...rest, 'self'],
  };
}
