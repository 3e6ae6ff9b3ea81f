// Which encodings somebody is shown, so that a client need not send the others.

import type { Outlet } from './outlet.js';
import type { Publication } from './publication.js';
import type { Encodings } from './room-events.js';

/** How wide each picture is drawn where it is largest, in device pixels. */
export type Widths = ReadonlyMap<Publication, number>;

/** Notes in `widths` what is to be shown in the slots of a link. */
export function noteWidths(widths: Map<Publication, number>, outlets: readonly Outlet[]): void {
  for (const { showing } of outlets) {
    if (!showing) continue;
    const { publication, width } = showing;
    if (width > (widths.get(publication) ?? 0)) widths.set(publication, width);
  }
}

/**
 * The encodings of one client that are asked for: up to the one that the largest picture would be shown from, as whoever
 * has a narrow path gets a smaller one. `waiting`: somebody may come in any moment, and wants to see something at once.
 */
export function encodingsOf(
  publications: readonly Publication[],
  widths: Widths,
  waiting: boolean,
): Encodings {
  const of = (line: 'camera' | 'screen'): readonly string[] => {
    const publication = publications.find((one) => one.line.line === line);
    if (!publication) return [];
    const widest = widths.get(publication);
    if (widest !== undefined) return publication.upTo(widest);
    return waiting ? publication.rids.slice(0, 1) : [];
  };
  return { camera: of('camera'), screen: of('screen') };
}

export function sameEncodings(a: Encodings, b: Encodings): boolean {
  return isWithin(a, b) && isWithin(b, a);
}

/** Whether all that `few` asks for is asked for by `many`. */
export function isWithin(few: Encodings, many: Encodings): boolean {
  return (
    few.camera.every((rid) => many.camera.includes(rid)) &&
    few.screen.every((rid) => many.screen.includes(rid))
  );
}
