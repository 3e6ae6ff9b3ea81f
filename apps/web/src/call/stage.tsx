// The stage: screens, people and oneself, each in its place; people on pages where they are many.

import type { PeerSnapshot } from '@maru/client';
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useCall } from './call-model.js';
import { InviteCard } from './invite-card.js';
import { type Paged, pageOf, tilesPerPage } from './layout/pages.js';
import { spotlight } from './layout/spotlight.js';
import { useShown } from './layout/use-shown.js';
import { useSize } from './layout/use-size.js';
import { gapOf, type StageTiles, useStage } from './layout/use-stage.js';
import { t } from './messages.js';
import { Pager } from './pager.js';
import { RemoteTile } from './tile/remote-tile.js';
import { ScreenTile } from './tile/screen-tile.js';
import { SelfTile } from './tile/self-tile.js';

export function Stage() {
  const call = useCall();
  const { peers } = call.session.roomState.value;
  const sharing = peers.filter((peer) => peer.state.screen);
  const large = useLarge(peers, sharing.length > 0);
  const stage = useRef<HTMLElement>(null);
  const area = useSize(stage).value;
  const turned = useSignal(0);
  const people = peers.map(({ id }) => `peer:${id}`);
  const perPage = tilesPerPage(sharing.length + (large === null ? 0 : 1), area, gapOf(area));
  const paged = pageOf(people, perPage, turned.value);
  const tiles = tilesOf(paged, sharing, large);
  useStage(stage, tiles);
  useShown(stage, tiles);
  return (
    <>
      <section ref={stage} class="stage" data-paged={paged.pages > 1} aria-label={t('stage')}>
        {sharing.map((peer) => (
          <ScreenTile key={`screen:${peer.id}`} peer={peer} />
        ))}
        {peers.map((peer) => (
          <RemoteTile
            key={`peer:${peer.id}`}
            peer={peer}
            offPage={large !== peer.id && !paged.people.includes(`peer:${peer.id}`)}
          />
        ))}
        {peers.length === 0 && <InviteCard key="invite" />}
        <SelfTile key="self" />
      </section>
      {paged.pages > 1 && (
        <Pager
          page={paged.page}
          pages={paged.pages}
          onTurn={(page) => {
            turned.value = page;
          }}
        />
      )}
    </>
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

/** Screens and who is large are on every page; who is large leaves a gap on their own, so that nobody else moves. */
function tilesOf({ people }: Paged, sharing: readonly PeerSnapshot[], large: string | null): StageTiles {
  const screens = sharing.map((peer) => `screen:${peer.id}`);
  const chosen = large === null ? [] : [`peer:${large}`];
  const rest = people.filter((key) => !chosen.includes(key));
  return {
    large: [...screens, ...chosen],
    others: people.length === 0 ? ['invite', 'self'] : [...rest, 'self'],
  };
}
