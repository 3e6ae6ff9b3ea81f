// What can come into the inbox of local media, and the pure step over everything that it knows.

import { deviceLists } from './device-list.js';
import { type DeviceEffect, type DeviceInput, stepDevice } from './device-source.js';
import type { DeviceEntry, DeviceKind } from './media-browser.js';
import type { MediaState } from './media-state.js';
import { type ScreenEffect, type ScreenInput, stepScreen } from './screen-source.js';

export type MediaInput =
  | { readonly to: DeviceKind; readonly input: DeviceInput }
  | { readonly to: 'screen'; readonly input: ScreenInput }
  | { readonly to: 'lists'; readonly entries: readonly DeviceEntry[] }
  | { readonly to: 'speaker'; readonly deviceId: string | null }
  | { readonly to: 'speech'; readonly speaking: boolean }
  /** Nothing but what tracks say of themselves has changed. */
  | { readonly to: 'tracks' };

/** Something to be done for one source. */
export type MediaEffect =
  | { readonly of: DeviceKind; readonly effect: DeviceEffect }
  | { readonly of: 'screen'; readonly effect: ScreenEffect };

/** One input, one new state, and what is to be done. */
export function stepMedia(
  state: MediaState,
  message: MediaInput,
): readonly [MediaState, readonly MediaEffect[]] {
  switch (message.to) {
    case 'camera':
    case 'microphone': {
      const of = message.to;
      const [source, effects] = stepDevice(state[of], message.input);
      return [{ ...state, [of]: source }, effects.map((effect) => ({ of, effect }))];
    }
    case 'screen': {
      const [screen, effects] = stepScreen(state.screen, message.input);
      return [{ ...state, screen }, effects.map((effect) => ({ of: 'screen', effect }))];
    }
    case 'lists':
      return [{ ...state, lists: deviceLists(message.entries, state.lists) }, []];
    case 'speaker':
      return [{ ...state, speakerId: message.deviceId }, []];
    case 'speech':
      return [{ ...state, speakingWhileMuted: message.speaking }, []];
    case 'tracks':
      return [state, []];
  }
}
