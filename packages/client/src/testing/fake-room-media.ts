// Local media for tests of the room: tracks that are there or not, and a level.

import type { Line } from '@maru/protocol';
import type { MediaSnapshot } from '../media/local-media.js';
import type { RoomMedia } from '../room/presence.js';

export class FakeRoomMedia implements RoomMedia {
  readonly #tracks = new Map<Line, MediaStreamTrack>();
  readonly #listeners = new Set<() => void>();
  loudness = 0;

  /** Publishes a track on a line, or nothing, and tells of it. The room never looks into tracks. */
  publish(line: Line, track: MediaStreamTrack | null): void {
    if (track) this.#tracks.set(line, track);
    else this.#tracks.delete(line);
    for (const listener of [...this.#listeners]) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  published(line: Line): MediaStreamTrack | null {
    return this.#tracks.get(line) ?? null;
  }

  level(): number {
    return this.loudness;
  }

  subscribe(tell: (snapshot: MediaSnapshot) => void, options: { signal?: AbortSignal } = {}): void {
    // The room reads `published`, not the snapshot it is handed.
    const listener = (): void => tell(EMPTY);
    this.#listeners.add(listener);
    options.signal?.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }
}

const OFF = {
  status: 'off',
  wanted: false,
  deviceId: null,
  track: null,
  interrupted: false,
  error: null,
  permission: 'unknown',
} as const;

const EMPTY: MediaSnapshot = {
  camera: OFF,
  microphone: OFF,
  screen: OFF,
  screenHasAudio: false,
  cameras: [],
  microphones: [],
  speakers: [],
  speakerId: null,
  chosenSpeakerId: null,
  canChooseSpeaker: false,
  canShareScreen: false,
  canPickSpeaker: false,
  speakingWhileMuted: false,
};
