// Local media over a browser: one inbox for all sources, what follows from their state, and the commands.

import { browserEnv } from '../env/browser-env.js';
import type { Clock } from '../env/env.js';
import { createListeners } from '../listeners.js';
import { MaruError } from '../maru-error.js';
import { browserMedia } from './browser-media.js';
import { heldOf } from './device-source.js';
import { createInbox } from './inbox.js';
import type { LocalMedia, MediaSnapshot } from './local-media.js';
import type { MediaBrowser } from './media-browser.js';
import { createMediaEffects } from './media-effects.js';
import { type MediaInput, stepMedia } from './media-input.js';
import { type ChosenDevices, isSettled, mediaSnapshot, mediaState, type SourceName } from './media-state.js';
import { createMicrophoneMeter } from './microphone-meter.js';
import { sharedOf } from './screen-source.js';

export interface LocalMediaOptions extends ChosenDevices {
  /** The browser to use; another one in tests. */
  readonly browser?: MediaBrowser;
  readonly clock?: Clock;
}

interface Waiting {
  readonly source: SourceName;
  readonly resolve: () => void;
}

/**
 * Opens the local side of calls. Nothing is asked for, and no device opened, until a command says so. The ids are
 * devices chosen before; one that is gone is replaced by the default until it is back.
 */
export function createLocalMedia(options: LocalMediaOptions = {}): LocalMedia {
  const { browser = browserMedia(), clock = browserEnv.clock } = options;
  const scope = new AbortController();
  const { signal } = scope;
  const listeners = createListeners<MediaSnapshot>();
  let waiting: readonly Waiting[] = [];
  let state = mediaState(options);
  let snapshot = mediaSnapshot(state, browser);

  const inbox = createInbox<MediaInput>(take, publish);
  const effects = createMediaEffects({ browser, clock, post: inbox.post, signal });
  const meter = createMicrophoneMeter(browser, clock, (speaking) => inbox.post({ to: 'speech', speaking }));

  function take(message: MediaInput): void {
    const [next, todo] = stepMedia(state, message);
    state = next;
    for (const effect of todo) effects.run(effect);
  }

  /** Runs when the inbox is empty: what follows from the state, then everyone who listens. */
  function publish(): void {
    const { microphone } = state;
    const mic = heldOf(microphone)?.track ?? null;
    // Before anything else can happen: a muted track gives silence at once, whatever senders still hold it.
    if (mic) mic.enabled = microphone.wanted;
    meter.follow(mic, microphone.wanted);
    const former = snapshot;
    snapshot = mediaSnapshot(state, browser, former);
    const done = waiting.filter(({ source }) => isSettled(state, snapshot, source));
    waiting = waiting.filter((one) => !done.includes(one));
    for (const { resolve } of done) resolve();
    if (snapshot !== former) listeners.tell(snapshot);
  }

  /** Gives a command to the inbox; resolves when the source has come to rest, whichever wish was the last. */
  function command(message: MediaInput & { readonly to: SourceName }): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      waiting = [...waiting, { source: message.to, resolve }];
      inbox.post(message);
    });
  }

  return {
    get snapshot() {
      return snapshot;
    },
    subscribe(listener, options) {
      if (!signal.aborted) listeners.add(listener, options);
    },
    setCamera: (wanted) => command({ to: 'camera', input: { type: 'want', wanted } }),
    setMicrophone: (wanted) => command({ to: 'microphone', input: { type: 'want', wanted } }),
    openMicrophone: () => command({ to: 'microphone', input: { type: 'keep-open' } }),
    chooseCamera: (deviceId) => command({ to: 'camera', input: { type: 'choose', deviceId } }),
    chooseMicrophone: (deviceId) => command({ to: 'microphone', input: { type: 'choose', deviceId } }),
    chooseSpeaker: (deviceId) => inbox.post({ to: 'speaker', deviceId }),
    async pickSpeaker() {
      try {
        const { id } = await browser.pickSpeaker();
        await effects.refresh();
        inbox.post({ to: 'speaker', deviceId: id });
      } catch (cause) {
        // The person closed the picker: a choice, not an error.
        if (cause instanceof DOMException && cause.name === 'NotAllowedError') return;
        throw new MaruError('speaker-failed', {}, { cause });
      }
    },
    startScreen: () => command({ to: 'screen', input: { type: 'start' } }),
    stopScreen: () => inbox.post({ to: 'screen', input: { type: 'stop' } }),
    published(line) {
      switch (line) {
        case 'mic':
          return state.microphone.wanted ? (heldOf(state.microphone)?.track ?? null) : null;
        case 'camera':
          return heldOf(state.camera)?.track ?? null;
        case 'screen':
          return sharedOf(state.screen)?.video ?? null;
        case 'screenAudio':
          return sharedOf(state.screen)?.audio ?? null;
      }
    },
    level: () => meter.level(),
    close() {
      if (signal.aborted) return;
      scope.abort();
      listeners.clear();
      inbox.post({ to: 'camera', input: { type: 'close' } });
      inbox.post({ to: 'microphone', input: { type: 'close' } });
      inbox.post({ to: 'screen', input: { type: 'stop' } });
      inbox.close();
      meter.close();
      for (const { resolve } of waiting) resolve();
    },
  };
}
