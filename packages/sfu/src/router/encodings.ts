// Which encodings somebody is shown, so that a client need not send the others.

import type { Publication } from './publication.js';
import type { Encodings } from './room-events.js';

/** A picture that is shown somewhere, this wide. */
export interface Asked {
  readonly publication: Publication;
  readonly width: number;
}

/**
 * The encodings of one client that are asked for: up to the one that the largest picture would be shown from, as whoever
 * has a narrow path gets a smaller one. `waiting`: somebody may come in any moment, and wants to see something at once.
 */
export function encodingsOf(
  publications: readonly Publication[],
  asked: readonly Asked[],
  waiting: boolean,
): Encodings {
  const of = (line: 'camera' | 'screen'): readonly string[] => {
    const publication = publications.find((one) => one.line.line === line);
    if (!publication) return [];
    let widest = 0;
    for (const one of asked) if (one.publication === publication) widest = Math.max(widest, one.width);
    if (widest > 0) return publication.upTo(widest);
    return waiting ? publication.rids.slice(0, 1) : [];
  };
  return { camera: of('camera'), screen: of('screen') };
}
