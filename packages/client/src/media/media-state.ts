// Everything local media knows, and the snapshot that is drawn from it.

import { replaced } from '../replaced.js';
import { type DeviceLists, NO_DEVICES } from './device-list.js';
import { type DeviceSource, deviceSource, heldOf, wishesOpen } from './device-source.js';
import type { MediaSnapshot, SourceSnapshot } from './local-media.js';
import type { MediaBrowser } from './media-browser.js';
import { type ScreenSource, screenSource, sharedOf } from './screen-source.js';

export interface MediaState {
  readonly camera: DeviceSource;
  readonly microphone: DeviceSource;
  readonly screen: ScreenSource;
  readonly lists: DeviceLists;
  /** The chosen speaker, remembered while it is not there. */
  readonly speakerId: string | null;
  readonly speakingWhileMuted: boolean;
}

/** The devices that were chosen before. */
export interface ChosenDevices {
  readonly cameraId?: string | null;
  readonly microphoneId?: string | null;
  readonly speakerId?: string | null;
}

export function mediaState(chosen: ChosenDevices): MediaState {
  return {
    camera: deviceSource('camera', chosen.cameraId ?? null),
    microphone: deviceSource('microphone', chosen.microphoneId ?? null),
    screen: screenSource(),
    lists: NO_DEVICES,
    speakerId: chosen.speakerId ?? null,
    speakingWhileMuted: false,
  };
}

function statusOf(source: DeviceSource): Pick<SourceSnapshot, 'status' | 'error'> {
  const { hold } = source;
  if (hold.at === 'failed') return { status: 'failed', error: hold.failure.error };
  if (hold.at === 'open') return { status: 'on', error: hold.error };
  // What is still being asked for is let go when it comes.
  if (!wishesOpen(source)) return { status: 'off', error: null };
  if (hold.at === 'asking') {
    const { goal } = hold.ask;
    if (goal.kind === 'revive') return { status: 'failed', error: goal.error };
    if (hold.running) return { status: 'on', error: null };
  }
  return { status: 'starting', error: null };
}

function deviceSnapshot(source: DeviceSource): SourceSnapshot {
  const track = heldOf(source)?.track ?? null;
  return {
    ...statusOf(source),
    wanted: source.wanted,
    deviceId: source.deviceId,
    track,
    interrupted: track?.muted ?? false,
    // Some Firefoxes say `prompt` of a permission that was given for this once and is in use.
    permission: track ? 'granted' : source.permission,
  };
}

function screenSnapshot(source: ScreenSource): SourceSnapshot {
  const track = sharedOf(source)?.video ?? null;
  const failed = source.at === 'failed';
  const wanted = track !== null || (source.at === 'asking' && source.wanted);
  const running = track ? 'on' : 'starting';
  return {
    status: failed ? 'failed' : wanted ? running : 'off',
    error: failed ? source.error : null,
    wanted,
    deviceId: null,
    track,
    interrupted: track?.muted ?? false,
    // A screen has no lasting permission: the person is asked each time (W3C screen-capture, section 7.1).
    permission: 'unknown',
  };
}

/** Draws the snapshot, keeping every part of the former one that has not changed. */
export function mediaSnapshot(
  state: MediaState,
  browser: Pick<MediaBrowser, 'canChooseSpeaker' | 'canPickSpeaker' | 'canShareScreen'>,
  former?: MediaSnapshot,
): MediaSnapshot {
  const { lists, speakerId } = state;
  return replaced(former, {
    camera: replaced(former?.camera, deviceSnapshot(state.camera)),
    microphone: replaced(former?.microphone, deviceSnapshot(state.microphone)),
    screen: replaced(former?.screen, screenSnapshot(state.screen)),
    screenHasAudio: (sharedOf(state.screen)?.audio ?? null) !== null,
    cameras: lists.cameras,
    microphones: lists.microphones,
    speakers: lists.speakers,
    // `setSinkId` fails for a speaker that is not there; the default plays meanwhile.
    speakerId: lists.speakers.some((speaker) => speaker.id === speakerId) ? speakerId : null,
    chosenSpeakerId: speakerId,
    canChooseSpeaker: browser.canChooseSpeaker,
    canPickSpeaker: browser.canPickSpeaker,
    canShareScreen: browser.canShareScreen,
    speakingWhileMuted: state.speakingWhileMuted,
  });
}

/** A source with a status of its own. */
export type SourceName = 'camera' | 'microphone' | 'screen';

/** True when nothing that the person waits for is under way. */
export function isSettled(state: MediaState, snapshot: MediaSnapshot, name: SourceName): boolean {
  if (snapshot[name].status === 'starting') return false;
  // A running device or screen stays on while another is asked for.
  if (name === 'screen') return state.screen.at !== 'asking' || !state.screen.wanted;
  const { hold } = state[name];
  return hold.at !== 'asking' || hold.running === null;
}
