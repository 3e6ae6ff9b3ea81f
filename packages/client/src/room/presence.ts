// What this peer says of itself: derived from what it sends, with a rev that grows with each change (PEER-2).

import { byLine, LINES, type Line, type PeerState } from '@maru/protocol';
import type { LineTracks } from '../link/peer-link.js';
import type { LocalMedia } from '../media/local-media.js';

/** What the room needs of local media. */
export type RoomMedia = Pick<LocalMedia, 'subscribe' | 'published' | 'level'>;

export const NO_STATE: PeerState = { rev: 0, mic: false, camera: false, screen: false, hand: false };

/** The state after a look at the media and the hand; the same object when nothing changed. */
export function nextState(before: PeerState, media: RoomMedia, hand: boolean): PeerState {
  const mic = media.published('mic') !== null;
  const camera = media.published('camera') !== null;
  const screen = media.published('screen') !== null;
  const same =
    mic === before.mic && camera === before.camera && screen === before.screen && hand === before.hand;
  return same ? before : { rev: before.rev + 1, mic, camera, screen, hand };
}

/** The newer of two states of the same peer, whichever way each came (PEER-2). */
export function newerState(known: PeerState, told: PeerState): PeerState {
  return told.rev > known.rev ? told : known;
}

/** What we send on each line and what we say of it, kept in step with the media. */
export interface OwnPresence {
  readonly state: PeerState;
  readonly tracks: LineTracks;
  setHand(raised: boolean): void;
}

export interface OwnPresenceOptions {
  readonly media: RoomMedia;
  readonly signal: AbortSignal;
  onTrack(line: Line, track: MediaStreamTrack | null): void;
  onState(state: PeerState): void;
}

export function createOwnPresence({ media, signal, onTrack, onState }: OwnPresenceOptions): OwnPresence {
  let tracks = publishedTracks(media);
  let hand = false;
  let state = nextState(NO_STATE, media, hand);

  function look(): void {
    const before = tracks;
    tracks = publishedTracks(media);
    for (const line of LINES) if (tracks[line] !== before[line]) onTrack(line, tracks[line]);
    const next = nextState(state, media, hand);
    if (next === state) return;
    state = next;
    onState(state);
  }

  media.subscribe(look, { signal });
  return {
    get state() {
      return state;
    },
    get tracks() {
      return tracks;
    },
    setHand(raised) {
      hand = raised;
      look();
    },
  };
}

function publishedTracks(media: RoomMedia): LineTracks {
  return byLine((line) => media.published(line));
}
