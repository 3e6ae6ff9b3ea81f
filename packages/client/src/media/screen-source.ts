// A shared screen as a pure state machine. At most one picker is open at a time; what it brings unwished is stopped.

import type { MaruError } from '../maru-error.js';
import type { SharedScreen } from './media-browser.js';

export type ScreenSource =
  | { readonly at: 'off' }
  /** The picker is open; `running` goes on being shared until another is picked. */
  | { readonly at: 'asking'; readonly wanted: boolean; readonly running: SharedScreen | null }
  | { readonly at: 'on'; readonly shared: SharedScreen }
  | { readonly at: 'failed'; readonly error: MaruError };

export type ScreenInput =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'picked'; readonly shared: SharedScreen }
  /** The picker failed, or was closed by the person: `error` is null then. */
  | { readonly type: 'refused'; readonly error: MaruError | null }
  | { readonly type: 'ended'; readonly track: MediaStreamTrack };

export type ScreenEffect =
  | { readonly type: 'ask-screen' }
  | { readonly type: 'stop'; readonly track: MediaStreamTrack };

type Step = readonly [ScreenSource, readonly ScreenEffect[]];

const OFF: ScreenSource = { at: 'off' };

export const screenSource = (): ScreenSource => OFF;

/** What is being shared, if anything. */
export function sharedOf(source: ScreenSource): SharedScreen | null {
  if (source.at === 'on') return source.shared;
  return source.at === 'asking' ? source.running : null;
}

function stopAll(shared: SharedScreen | null): readonly ScreenEffect[] {
  if (!shared) return [];
  const tracks = shared.audio ? [shared.video, shared.audio] : [shared.video];
  return tracks.map((track) => ({ type: 'stop', track }));
}

function withShared(source: ScreenSource, shared: SharedScreen | null): ScreenSource {
  if (source.at === 'asking') return { ...source, running: shared };
  return shared ? { at: 'on', shared } : OFF;
}

function ended(source: ScreenSource, track: MediaStreamTrack): Step {
  const shared = sharedOf(source);
  if (shared?.video === track) return [withShared(source, null), stopAll(shared)];
  if (shared?.audio !== track) return [source, []];
  return [withShared(source, { ...shared, audio: null }), [{ type: 'stop', track }]];
}

/** One input, one new state, and what is to be done. */
export function stepScreen(source: ScreenSource, input: ScreenInput): Step {
  switch (input.type) {
    case 'start':
      if (source.at === 'asking') return [{ ...source, wanted: true }, []];
      return [{ at: 'asking', wanted: true, running: sharedOf(source) }, [{ type: 'ask-screen' }]];
    case 'stop': {
      const effects = stopAll(sharedOf(source));
      return [source.at === 'asking' ? { ...source, wanted: false, running: null } : OFF, effects];
    }
    case 'picked':
      if (source.at !== 'asking' || !source.wanted) {
        return [source.at === 'asking' ? OFF : source, stopAll(input.shared)];
      }
      return [{ at: 'on', shared: input.shared }, stopAll(source.running)];
    case 'refused':
      if (source.at !== 'asking') return [source, []];
      if (source.running) return [{ at: 'on', shared: source.running }, []];
      return [input.error && source.wanted ? { at: 'failed', error: input.error } : OFF, []];
    case 'ended':
      return ended(source, input.track);
  }
}
