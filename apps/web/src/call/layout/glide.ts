// Motion that explains: a tile glides from where it was to where it belongs (FLIP, with the real sizes).

import type { Rect } from './rect.js';

/** Long enough to be followed by the eye, short enough not to be waited for. */
const GLIDE_MS = 260;
const APPEAR_MS = 200;
const EASING = 'cubic-bezier(0.22, 0.8, 0.3, 1)';

/** Less than this, in CSS pixels, is not a move that anyone sees. */
const VISIBLE_PX = 1;

/** True when two places differ by something that is seen. */
export function moved(from: Rect, to: Rect): boolean {
  return (
    Math.abs(from.x - to.x) >= VISIBLE_PX ||
    Math.abs(from.y - to.y) >= VISIBLE_PX ||
    Math.abs(from.width - to.width) >= VISIBLE_PX ||
    Math.abs(from.height - to.height) >= VISIBLE_PX
  );
}

/** The keyframes of a glide. Size is animated itself, not scaled, so that no face is ever squeezed. */
export function glideKeyframes(from: Rect, to: Rect): Keyframe[] {
  const frame = (rect: Rect): Keyframe => ({
    translate: `${rect.x - to.x}px ${rect.y - to.y}px`,
    width: `${rect.width}px`,
    height: `${rect.height}px`,
  });
  return [frame(from), frame(to)];
}

/** True when the person has asked for less motion. */
export function prefersStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Lets an element glide from an old place to the one it has now. */
export function glide(element: Element, from: Rect, to: Rect): void {
  if (prefersStillness() || !moved(from, to)) return;
  element.animate(glideKeyframes(from, to), { duration: GLIDE_MS, easing: EASING });
}

/** Ends a glide on the way: its end is no longer where the element belongs. Transitions of the style sheet go on. */
export function stopGliding(element: Element): void {
  for (const running of element.getAnimations()) {
    if (!(running instanceof CSSTransition)) running.cancel();
  }
}

/** Lets a new element appear. */
export function appear(element: Element): void {
  if (prefersStillness()) return;
  element.animate(
    [
      { opacity: 0, scale: 0.96 },
      { opacity: 1, scale: 1 },
    ],
    { duration: APPEAR_MS, easing: EASING },
  );
}
