// Does what the machines of local media ask for: opens devices, stops tracks, looks around; answers into the inbox.

import type { Clock, Timer } from '../env/env.js';
import { MaruError } from '../maru-error.js';
import { deviceConstraints } from './constraints.js';
import type { DeviceEffect } from './device-source.js';
import { expectedFailure } from './expected-failure.js';
import type { DeviceEntry, DeviceKind, MediaBrowser } from './media-browser.js';
import { deviceFailure, screenFailure } from './media-failure.js';
import type { MediaEffect, MediaInput } from './media-input.js';
import { createTrackScopes } from './track-scopes.js';

// How long to wait before a busy device is tried again, in milliseconds: another call's end is noticed soon, and a
// driver is not kept from its work (Chromium itself gives a camera up to 10 s to start).
const BUSY_RETRY_MS = 3_000;

const KINDS = ['camera', 'microphone'] as const;

export interface MediaEffects {
  run(effect: MediaEffect): void;
  /** Lists the devices anew and has the answer taken by the inbox. */
  refresh(): Promise<void>;
}

export interface MediaWorld {
  readonly browser: MediaBrowser;
  readonly clock: Clock;
  readonly post: (message: MediaInput) => void;
  /** Ends everything: what still comes after that is stopped. */
  readonly signal: AbortSignal;
}

/** Begins to watch devices and permissions, and runs effects until the signal aborts. */
export function createMediaEffects({ browser, clock, post, signal }: MediaWorld): MediaEffects {
  const retries = new Map<DeviceKind, Timer>();
  const tracks = createTrackScopes({
    onEnded(track) {
      for (const to of KINDS) post({ to, input: { type: 'ended', track } });
      post({ to: 'screen', input: { type: 'ended', track } });
    },
    onMuteChange: () => post({ to: 'tracks' }),
  });

  async function open(to: DeviceKind, deviceId: string | null): Promise<void> {
    retries.get(to)?.cancel();
    let track: MediaStreamTrack;
    try {
      track = await browser.open(deviceConstraints(to, deviceId));
    } catch (cause) {
      post({ to, input: { type: 'refused', failure: deviceFailure(to, cause, browser.secure) } });
      return;
    }
    if (signal.aborted) return track.stop();
    tracks.adopt(track);
    post({ to, input: { type: 'opened', track, actual: track.getSettings().deviceId || null } });
    // No event comes for a track that had ended before anyone listened.
    if (track.readyState === 'ended') post({ to, input: { type: 'ended', track } });
  }

  async function openScreen(): Promise<void> {
    const refuse = (error: MaruError | null): void =>
      post({ to: 'screen', input: { type: 'refused', error } });
    if (!browser.canShareScreen) return refuse(new MaruError('screen-unsupported'));
    let shared: Awaited<ReturnType<MediaBrowser['openScreen']>>;
    try {
      shared = await browser.openScreen();
    } catch (cause) {
      return refuse(screenFailure(cause));
    }
    const given = shared.audio ? [shared.video, shared.audio] : [shared.video];
    if (signal.aborted) {
      for (const track of given) track.stop();
      return;
    }
    // Text must stay sharp; frames may be dropped for it (W3C mst-content-hint, section 3.2).
    shared.video.contentHint = 'detail';
    for (const track of given) tracks.adopt(track);
    post({ to: 'screen', input: { type: 'picked', shared } });
    for (const track of given) {
      if (track.readyState === 'ended') post({ to: 'screen', input: { type: 'ended', track } });
    }
  }

  async function list(): Promise<readonly DeviceEntry[]> {
    try {
      return await browser.devices();
    } catch (reason) {
      // A page that may not look (a permissions policy, say) goes on without lists.
      expectedFailure(reason);
      return [];
    }
  }

  let lists = 0;
  async function enumerate(): Promise<readonly DeviceEntry[]> {
    const turn = ++lists;
    const entries = await list();
    // Answers may overtake each other; the newest question counts.
    if (turn === lists) post({ to: 'lists', entries });
    return entries;
  }

  const looks = { camera: 0, microphone: 0 };
  const changed = new Set<DeviceKind>();
  async function look(to: DeviceKind): Promise<void> {
    const turn = ++looks[to];
    const [entries, permission] = await Promise.all([enumerate(), browser.permission(to)]);
    if (turn !== looks[to]) return;
    const ids = entries.filter((entry) => entry.kind === to).map((entry) => entry.id);
    post({ to, input: { type: 'looked', ids, permission, changed: changed.delete(to) } });
  }

  function retryLater(to: DeviceKind): void {
    retries.get(to)?.cancel();
    const timer = clock.after(BUSY_RETRY_MS, () => post({ to, input: { type: 'retry' } }));
    retries.set(to, timer);
  }

  function runDevice(of: DeviceKind, effect: DeviceEffect): void {
    switch (effect.type) {
      case 'ask':
        void open(of, effect.deviceId);
        break;
      case 'stop':
        tracks.stop(effect.track);
        break;
      case 'look':
        void look(of);
        break;
      case 'retry-later':
        retryLater(of);
    }
  }

  signal.addEventListener('abort', () => {
    for (const timer of retries.values()) timer.cancel();
  });
  browser.onDeviceChange(() => {
    for (const kind of KINDS) {
      changed.add(kind);
      void look(kind);
    }
  }, signal);
  for (const kind of KINDS) {
    browser.onPermissionChange(kind, () => void look(kind), signal);
    void look(kind);
  }

  return {
    run(effect) {
      if (effect.of !== 'screen') runDevice(effect.of, effect.effect);
      else if (effect.effect.type === 'stop') tracks.stop(effect.effect.track);
      else void openScreen();
    },
    async refresh() {
      await enumerate();
    },
  };
}
