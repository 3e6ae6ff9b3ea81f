// Says to each person how large their pictures are drawn here, so that nothing is sent that nobody sees (PEER-5).

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useCall } from '../call-model.js';
import { drawnWidth } from './drawn-width.js';
import type { StageTiles } from './use-stage.js';

/** Set on a video that nobody can see, so that its standing still is not taken for trouble. */
export const UNSEEN = 'data-unseen';

/** What a picture that nobody sees is asked for in until the first has come. */
const LEAST_WIDTH = 1;

/** Looks at the tiles of `stage` whenever they may have changed. */
export function useShown(stage: RefObject<HTMLElement | null>, tiles: StageTiles): void {
  const call = useCall();
  const latest = useRef(tiles.large);
  latest.current = tiles.large;
  const panel = call.panel.value;
  const signature = JSON.stringify(tiles);

  // After each change of what there is: by now everything lies where it should.
  useLayoutEffect(() => {
    if (stage.current) say(stage.current, latest.current, call.session.room.show);
  }, [stage, call, signature, panel]);

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const scope = new AbortController();
    const { signal } = scope;
    const look = () => say(element, latest.current, call.session.room.show);
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    for (const video of element.querySelectorAll('article video')) sizes.observe(video);
    // A first picture, a phone that is turned (HTML, `resize` of a video; it does not bubble).
    element.addEventListener('resize', look, { capture: true, signal });
    document.addEventListener('visibilitychange', look, { signal });
    document.addEventListener('fullscreenchange', look, { signal });
    // A panel covers what it slides over only once it lies there.
    document.addEventListener('animationend', look, { signal });
    return () => {
      sizes.disconnect();
      scope.abort();
    };
  }, [stage, call, signature]);
}

type Show = (peerId: string, widths: { camera: number; screen: number }) => void;

function say(stage: HTMLElement, large: readonly string[], show: Show): void {
  const screens = new Map<string, number>();
  for (const tile of stage.querySelectorAll<HTMLElement>('[data-screen-of]')) {
    screens.set(tile.dataset['screenOf'] ?? '', look(tile, 'contain', devicePixelRatio));
  }
  for (const tile of stage.querySelectorAll<HTMLElement>('[data-peer-id]')) {
    const id = tile.dataset['peerId'] ?? '';
    // Beside something large the rest is there to be noticed: it need not be sharp to the last device pixel.
    const beside = large.length > 0 && !large.includes(tile.dataset['tile'] ?? '');
    const camera = look(tile, 'cover', beside ? 1 : devicePixelRatio);
    show(id, { camera, screen: screens.get(id) ?? 0 });
  }
}

/** The width to ask for a tile's picture in, 0 when it is out of sight; marks the video accordingly. */
function look(tile: HTMLElement, fit: 'cover' | 'contain', pixelRatio: number): number {
  const video = tile.querySelector('video');
  if (!video) return 0;
  const box = { width: video.clientWidth, height: video.clientHeight };
  const picture = { width: video.videoWidth, height: video.videoHeight };
  const width = isOutOfSight(tile) ? 0 : drawnWidth({ box, picture, fit, pixelRatio });
  video.toggleAttribute(UNSEEN, width === 0);
  // Until a first picture has come, however small, Chromium plays no sound either.
  return width === 0 && picture.width === 0 ? LEAST_WIDTH : width;
}

/** Whether the page is hidden, something else fills the screen, or a panel lies over all of the tile. */
function isOutOfSight(tile: HTMLElement): boolean {
  if (document.visibilityState === 'hidden') return true;
  const { fullscreenElement } = document;
  if (fullscreenElement && !fullscreenElement.contains(tile)) return true;
  const panel = document.querySelector('.panel');
  return panel !== null && covers(panel.getBoundingClientRect(), tile.getBoundingClientRect());
}

function covers(over: DOMRect, under: DOMRect): boolean {
  return (
    over.left <= under.left &&
    over.right >= under.right &&
    over.top <= under.top &&
    over.bottom >= under.bottom
  );
}
