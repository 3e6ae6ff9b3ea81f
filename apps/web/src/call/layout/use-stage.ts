// Puts the tiles where the layout says, and lets them glide there when people come and go.

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { appear, glide, stopGliding } from './glide.js';
import type { Rect, Size } from './rect.js';
import { stageLayout } from './stage-layout.js';

/** Which tiles there are, by their `data-tile`: the large ones, then the others, in order. */
export interface StageTiles {
  readonly large: readonly string[];
  readonly others: readonly string[];
}

/** The gap between tiles in CSS pixels: a phone has less room to give away. */
const GAP_WIDE = 10;
const GAP_PHONE = 6;
const PHONE_BELOW = 600;

/** Lays the tiles out inside `stage`, again whenever they or the size of the stage change. */
export function useStage(stage: RefObject<HTMLElement | null>, tiles: StageTiles): void {
  const placed = useRef(new Map<string, Rect>());
  const latest = useRef(tiles);
  latest.current = tiles;

  const signature = JSON.stringify(tiles);
  useLayoutEffect(() => {
    if (stage.current) placed.current = layOut(stage.current, latest.current, placed.current, true);
  }, [stage, signature]);

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    // Resizing follows the hand: no gliding behind it.
    const observer = new ResizeObserver(() => {
      placed.current = layOut(element, latest.current, placed.current, false);
    });
    observer.observe(element);
    // A shared window was resized, or its first picture has come (HTML, `resize` of a video; it does not bubble).
    const scope = new AbortController();
    const onVideoResize = (): void => {
      placed.current = layOut(element, latest.current, placed.current, true);
    };
    element.addEventListener('resize', onVideoResize, { capture: true, signal: scope.signal });
    return () => {
      observer.disconnect();
      scope.abort();
    };
  }, [stage]);
}

/** The gap between the tiles of a stage of this size. */
export function gapOf({ width, height }: Size): number {
  return Math.min(width, height) < PHONE_BELOW ? GAP_PHONE : GAP_WIDE;
}

function layOut(
  stage: HTMLElement,
  tiles: StageTiles,
  before: ReadonlyMap<string, Rect>,
  moving: boolean,
): Map<string, Rect> {
  const size: Size = { width: stage.clientWidth, height: stage.clientHeight };
  const places = new Map<string, Rect>();
  if (size.width === 0 || size.height === 0) return places;
  const gap = gapOf(size);
  const aspect = screenAspect(stage, tiles.large);
  const layout = stageLayout(tiles.large.length, tiles.others.length, size, gap, aspect);
  const keys = [...tiles.large, ...tiles.others];
  const rects = [...layout.large, ...layout.others];
  for (const [index, key] of keys.entries()) {
    const rect = rects[index];
    const element = tileElement(stage, key);
    if (!rect || !element) continue;
    const from = moving && before.has(key) ? placeNow(element, stage) : null;
    stopGliding(element);
    setPlace(element, rect);
    places.set(key, rect);
    if (from) glide(element, from, rect);
    else if (moving && before.size > 0) appear(element);
  }
  return places;
}

function tileElement(stage: HTMLElement, key: string): HTMLElement | null {
  return stage.querySelector<HTMLElement>(`[data-tile="${CSS.escape(key)}"]`);
}

/** The aspect of the one screen that is large; null while it is unknown, and where several things are large. */
function screenAspect(stage: HTMLElement, large: readonly string[]): number | null {
  const [only, ...more] = large;
  if (!only?.startsWith('screen:') || more.length > 0) return null;
  const video = tileElement(stage, only)?.querySelector('video');
  return video && video.videoWidth > 0 && video.videoHeight > 0 ? video.videoWidth / video.videoHeight : null;
}

/** Where an element is at this moment, in the middle of a glide too. */
function placeNow(element: HTMLElement, stage: HTMLElement): Rect {
  const box = element.getBoundingClientRect();
  const origin = stage.getBoundingClientRect();
  return { x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height };
}

function setPlace(element: HTMLElement, rect: Rect): void {
  element.style.left = `${rect.x}px`;
  element.style.top = `${rect.y}px`;
  element.style.width = `${rect.width}px`;
  element.style.height = `${rect.height}px`;
}
