// One visit to one room: the devices, the room, and signals of their snapshots for views to draw from.

import {
  createLocalMedia,
  type LocalMedia,
  type MediaSnapshot,
  openRoom,
  type Room,
  type RoomSnapshot,
} from '@maru/client';
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { announceDevices } from './device-announcements.js';
import { rememberDevices, rememberedDevices } from './devices.js';
import { roomPath } from './route.js';

export interface Session {
  /** Commands towards the room; draw from `roomState`. */
  readonly room: Room;
  /** Commands towards the devices; draw from `mediaState`. */
  readonly media: LocalMedia;
  readonly roomState: ReadonlySignal<RoomSnapshot>;
  readonly mediaState: ReadonlySignal<MediaSnapshot>;
  /** The link to share: no wishes, no names in it. */
  readonly link: string;
  /** Leaves the room by will and releases the devices; the left screen follows. */
  leave(): void;
  /** Frees everything; for when the page or the screen goes. */
  close(): void;
}

export interface SessionOptions {
  readonly room: string;
  /** Whether to turn each device on at once. */
  readonly mic: boolean;
  readonly camera: boolean;
  /** How a room that this visit makes begins; without it the server decides. */
  readonly topology?: 'sfu' | undefined;
}

/** Opens the socket, turns on what is wanted and keeps both snapshots as signals until `close`. */
export function createSession(options: SessionOptions): Session {
  const scope = new AbortController();
  const media = createLocalMedia(rememberedDevices());
  const { topology } = options;
  const room = openRoom({ url: socketUrl(), room: options.room, media, ...(topology && { topology }) });
  const roomState = signal(room.snapshot);
  const mediaState = signal(media.snapshot);
  const listening = { signal: scope.signal };
  room.subscribe((snapshot) => {
    roomState.value = snapshot;
  }, listening);
  media.subscribe((snapshot) => {
    mediaState.value = snapshot;
  }, listening);

  const stopAnnouncing = announceDevices(mediaState, roomState);
  const stopRemembering = effect(() => rememberDevices(mediaState.value));
  // Outside the room nothing of ours may keep a camera or microphone on (DESIGN 5.3).
  const stopReleasing = effect(() => {
    if (roomState.value.phase === 'left') media.close();
  });
  // The last moment in which a page may still say something (HTML, page lifecycle; `beforeunload` would
  // forbid the back/forward cache and does not fire on phones).
  addEventListener('pagehide', () => room.close(), listening);

  if (options.camera) void media.setCamera(true);
  if (options.mic) void media.setMicrophone(true);

  return {
    room,
    media,
    roomState,
    mediaState,
    link: new URL(roomPath(options.room) ?? '/', location.origin).href,
    leave() {
      const left = room.leave();
      media.close();
      void left;
    },
    close() {
      stopAnnouncing();
      stopRemembering();
      stopReleasing();
      scope.abort();
      room.close();
      media.close();
    },
  };
}

function socketUrl(): string {
  const url = new URL('/ws', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
