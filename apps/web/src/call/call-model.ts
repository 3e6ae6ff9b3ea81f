// What the call screen itself knows beyond room and devices: open panel, layout, what was read, what may play.

import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../app/session.js';
import { unreadCount } from './chat/chat-turns.js';
import { createPlayback, type Playback } from './tile/playback.js';

/** The panels, of which one at most is open. */
export type PanelName = 'chat' | 'people' | 'settings';

/** `even`: everyone alike; `speaker`: who speaks, or who is pinned, is large. */
export type Layout = 'even' | 'speaker';

export interface CallModel {
  readonly session: Session;
  readonly panel: ReadonlySignal<PanelName | null>;
  readonly layout: Signal<Layout>;
  /** The id of the person who is kept large. */
  readonly pinned: Signal<string | null>;
  readonly playback: Playback;
  /** Lines of chat that came since the chat was last looked at. */
  readonly unread: ReadonlySignal<number>;
  /** The chat is being looked at: everything so far is read. */
  markRead(): void;
  /** Opens a panel, or closes it when it is the open one. The focus goes back to where it was. */
  toggle(panel: PanelName): void;
  closePanel(): void;
}

/** Makes the model of one call. */
export function createCallModel(session: Session): CallModel {
  const panel = signal<PanelName | null>(null);
  // What was said before this screen was there (a line for each reload) has been seen or belongs to another call.
  const lastRead = signal(session.roomState.value.chat.at(-1)?.id ?? null);
  let opener: HTMLElement | null = null;

  function closePanel(): void {
    if (panel.value === null) return;
    panel.value = null;
    opener?.focus();
    opener = null;
  }

  return {
    session,
    panel,
    layout: signal<Layout>('even'),
    pinned: signal<string | null>(null),
    playback: createPlayback(),
    unread: computed(() => unreadCount(session.roomState.value.chat, lastRead.value)),
    markRead() {
      lastRead.value = session.roomState.value.chat.at(-1)?.id ?? null;
    },
    toggle(name) {
      if (panel.value === name) {
        closePanel();
        return;
      }
      const active = document.activeElement;
      if (panel.value === null) opener = active instanceof HTMLElement ? active : null;
      panel.value = name;
    },
    closePanel,
  };
}

const CallContext = createContext<CallModel | null>(null);

/** Hands the model to everything inside the call screen. */
export const CallProvider = CallContext.Provider;

/** The model of the call around this component. */
export function useCall(): CallModel {
  const call = useContext(CallContext);
  if (call === null) throw new Error('outside of a call screen');
  return call;
}
