// Who sits in a receiver's audio slots. A seat is a slot's index; a holder keeps it as long as it stays.

/** Who has spoken within this time is not made to give up a seat: a pause in a sentence is shorter. */
const SPOKE_LATELY_MS = 2_000;

/** One audio stream that is being sent: a microphone, or the sound of a screen. */
export interface AudioEntry {
  readonly key: string;
  /** When it last spoke (`SpeakerBoard.spokeAt`), in milliseconds; minus infinity when it has not. */
  readonly spokeAt: number;
  /** The sound of a shared screen: sits before microphones that say nothing, even in its own silence. */
  readonly screenAudio: boolean;
}

export type Seats = readonly (string | null)[];

/** An entry with its place in the order of loudness, 0 being the loudest. */
interface Claim {
  readonly entry: AudioEntry;
  readonly rank: number;
  readonly standing: number;
}

const SILENT = 0;
const SCREEN_AUDIO = 1;
const SPOKE_LATELY = 2;

/**
 * Seats entries, which come loudest first (`SpeakerBoard.loudest`), each key once. Everyone has a seat while there are
 * enough. Else those who spoke lately sit, then screens' sound, then the others, those who spoke last first. A seat
 * is taken from whoever has been silent longest; from one who spoke lately only when all holders did, by a louder one.
 * Returns `seats` itself when nothing changes; what has come out does not change when it is given back with the same
 * entries at the same time.
 */
export function seatAudio(seats: Seats, entries: readonly AudioEntry[], now: number): Seats {
  const claims = new Map<string, Claim>();
  for (const [rank, entry] of entries.entries()) {
    claims.set(entry.key, { entry, rank, standing: standingOf(entry, now) });
  }
  const next = seats.map((key, seat) => {
    const stays = key !== null && claims.has(key) && seats.indexOf(key) === seat;
    return stays ? key : null;
  });
  const seated = new Set(next);
  const standing = [...claims.values()].filter(({ entry }) => !seated.has(entry.key)).sort(byClaim);
  for (const claim of standing) {
    const free = next.indexOf(null);
    const seat = free >= 0 ? free : seatToTake(next, claims, claim);
    if (seat >= 0) next[seat] = claim.entry.key;
  }
  return next.every((key, seat) => key === seats[seat]) ? seats : next;
}

function standingOf(entry: AudioEntry, now: number): number {
  if (now - entry.spokeAt <= SPOKE_LATELY_MS) return SPOKE_LATELY;
  return entry.screenAudio ? SCREEN_AUDIO : SILENT;
}

/** The strongest claim first. */
function byClaim(a: Claim, b: Claim): number {
  if (a.standing !== b.standing) return b.standing - a.standing;
  if (a.standing === SILENT && a.entry.spokeAt !== b.entry.spokeAt) return b.entry.spokeAt - a.entry.spokeAt;
  return a.rank - b.rank;
}

/** Seat of the weakest holder, when the claim is stronger; else -1. */
function seatToTake(seats: Seats, claims: ReadonlyMap<string, Claim>, claim: Claim): number {
  let weakest: Claim | null = null;
  let found = -1;
  for (const [seat, key] of seats.entries()) {
    const holder = key === null ? undefined : claims.get(key);
    if (holder === undefined || (weakest !== null && !isWeaker(holder, weakest))) continue;
    weakest = holder;
    found = seat;
  }
  if (weakest === null) return -1;
  const lately = weakest.standing === SPOKE_LATELY && claim.standing === SPOKE_LATELY;
  return claim.standing > weakest.standing || (lately && claim.rank < weakest.rank) ? found : -1;
}

/** Among holders: less standing, then longer silent; those who all spoke lately by loudness, which is steadier. */
function isWeaker(a: Claim, b: Claim): boolean {
  if (a.standing !== b.standing) return a.standing < b.standing;
  if (a.standing !== SPOKE_LATELY && a.entry.spokeAt !== b.entry.spokeAt) {
    return a.entry.spokeAt < b.entry.spokeAt;
  }
  return a.rank > b.rank;
}
