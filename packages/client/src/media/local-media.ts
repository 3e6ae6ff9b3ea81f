// What this person's own devices do, and the commands to change it. Implemented over the browser elsewhere.

import type { Line } from '@maru/protocol';
import type { MaruError } from '../maru-error.js';

/** A device as a person chooses it. Labels are empty until permission was given once (W3C mediacapture-streams, section 9.2). */
export interface Device {
  readonly id: string;
  readonly label: string;
}

/** One local source. `off` holds no device; `failed` says why in `error`. */
export interface SourceSnapshot {
  readonly status: 'off' | 'starting' | 'on' | 'failed';
  /** What the person wants: a vanished or busy device that comes back is taken again while this is true. */
  readonly wanted: boolean;
  /** The chosen device; null for the browser's default. Stays while it is unplugged and another stands in for it. */
  readonly deviceId: string | null;
  /** The running track, for a preview; null unless `on`. */
  readonly track: MediaStreamTrack | null;
  /** True while the browser or the system holds back what the device gives (a phone call, a privacy switch). */
  readonly interrupted: boolean;
  /** Why it failed; with `on`, why the last choice of another device came to nothing. */
  readonly error: MaruError | null;
  readonly permission: 'unknown' | 'prompt' | 'granted' | 'denied';
}

/** Everything about the local side; replaced, never changed in place. */
export interface MediaSnapshot {
  readonly camera: SourceSnapshot;
  /**
   * The microphone. While muted (`wanted` false) it may stay open so that unmuting is instant and speaking while
   * muted can be noticed; `published('mic')` is null then, so nothing leaves the browser.
   */
  readonly microphone: SourceSnapshot;
  readonly screen: SourceSnapshot;
  /** True while the shared screen brings sound along. */
  readonly screenHasAudio: boolean;
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
  /** The speaker to play on; null for the browser's default, which also stands in while the chosen one is not there. */
  readonly speakerId: string | null;
  /** The speaker that was chosen, there or not: the one to remember. */
  readonly chosenSpeakerId: string | null;
  /** False where the browser cannot choose a speaker (no `setSinkId`) or share a screen (no `getDisplayMedia`). */
  readonly canChooseSpeaker: boolean;
  readonly canShareScreen: boolean;
  /** True where speakers are chosen in a picker of the browser's own: `pickSpeaker` opens it. */
  readonly canPickSpeaker: boolean;
  /** True while the person speaks into a muted microphone. */
  readonly speakingWhileMuted: boolean;
}

/** Local devices and the tracks they give. No method throws for a device failure: it shows in the snapshot. */
export interface LocalMedia {
  readonly snapshot: MediaSnapshot;
  subscribe(listener: (snapshot: MediaSnapshot) => void, options?: { signal?: AbortSignal }): void;
  /** Turns the camera on (asking for permission if need be), or off, which releases the device. */
  setCamera(on: boolean): Promise<void>;
  /** Unmutes (asking for permission if need be) or mutes. */
  setMicrophone(on: boolean): Promise<void>;
  /** Opens the microphone for its level alone, without publishing it. */
  openMicrophone(): Promise<void>;
  chooseCamera(deviceId: string | null): Promise<void>;
  chooseMicrophone(deviceId: string | null): Promise<void>;
  chooseSpeaker(deviceId: string | null): void;
  /**
   * Opens the browser's own picker of speakers (W3C mediacapture-output, section 4.2), where `canPickSpeaker`. Must
   * be called from a user gesture. Rejects with `speaker-failed` when that fails; closing it changes nothing.
   */
  pickSpeaker(): Promise<void>;
  /** Asks the person for a screen, window or tab. Must be called from a user gesture. */
  startScreen(): Promise<void>;
  stopScreen(): void;
  /** The track that leaves on a line right now, or null. */
  published(line: Line): MediaStreamTrack | null;
  /** Loudness of the microphone now, 0 to 1, muted or not. */
  level(): number;
  /** Releases every device. */
  close(): void;
}
