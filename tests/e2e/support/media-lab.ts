// Runs inside the page of the media test: local media of the real browser, and what became of its tracks.

import { browserEnv } from '../../../packages/client/src/env/browser-env.js';
import type { MaruError } from '../../../packages/client/src/maru-error.js';
import { createLocalMedia } from '../../../packages/client/src/media/create-local-media.js';
import type { LocalMedia, SourceSnapshot } from '../../../packages/client/src/media/local-media.js';
import { checkSupport } from '../../../packages/client/src/support/browser-support.js';
import { adapterGaps, loadAdapterIfNeeded } from '../../../packages/client/src/support/load-adapter.js';

/** Every track that was ever seen in a snapshot. */
const seen = new Set<MediaStreamTrack>();
let media: LocalMedia = open();

function open(options: { cameraId?: string } = {}): LocalMedia {
  const opened = createLocalMedia({ ...options, clock: browserEnv.clock });
  opened.subscribe((snapshot) => {
    for (const { track } of [snapshot.camera, snapshot.microphone, snapshot.screen])
      if (track) seen.add(track);
    const audio = opened.published('screenAudio');
    if (audio) seen.add(audio);
  });
  return opened;
}

function plain(source: SourceSnapshot) {
  const { status, wanted, deviceId, error, permission, track } = source;
  return {
    status,
    wanted,
    deviceId,
    permission,
    error: error?.code ?? null,
    blockedBy: error?.detail.blockedBy ?? null,
    actual: track?.getSettings().deviceId ?? null,
    height: track?.getSettings().height ?? null,
    hint: track?.contentHint ?? null,
  };
}

const code = (error: MaruError | null): string | null => error?.code ?? null;

/** Lightness of a frame of the published camera, 0 to 255: the two fake cameras differ in it. */
async function lightness(): Promise<number> {
  const track = media.published('camera');
  if (!track) return 0;
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [32, 18];
  const context = canvas.getContext('2d');
  context?.drawImage(video, 0, 0, 32, 18);
  const { data } = context?.getImageData(0, 0, 32, 18) ?? { data: new Uint8ClampedArray() };
  video.srcObject = null;
  return data.reduce((sum, value) => sum + value, 0) / Math.max(1, data.length);
}

const lab = {
  reopen(options: { cameraId?: string }): void {
    media.close();
    media = open(options);
  },
  setCamera: (on: boolean) => media.setCamera(on),
  setMicrophone: (on: boolean) => media.setMicrophone(on),
  openMicrophone: () => media.openMicrophone(),
  chooseCamera: (id: string | null) => media.chooseCamera(id),
  chooseMicrophone: (id: string | null) => media.chooseMicrophone(id),
  startScreen: () => media.startScreen(),
  stopScreen: () => media.stopScreen(),
  close: () => media.close(),
  camera: () => plain(media.snapshot.camera),
  microphone: () => plain(media.snapshot.microphone),
  screen: () => ({ ...plain(media.snapshot.screen), hasAudio: media.snapshot.screenHasAudio }),
  lists: () => {
    const { cameras, microphones, speakers, canShareScreen, canChooseSpeaker } = media.snapshot;
    return { cameras, microphones, speakers, canShareScreen, canChooseSpeaker };
  },
  speakingWhileMuted: () => media.snapshot.speakingWhileMuted,
  publishedMic: () => media.published('mic')?.readyState ?? null,
  level: () => media.level(),
  lightness,
  liveTracks: () => [...seen].filter((track) => track.readyState === 'live').length,
  seenTracks: () => seen.size,
  enabledTracks: () => [...seen].filter((track) => track.enabled && track.kind === 'audio').length,
  support: () => code(checkSupport()),
  gaps: () => [...adapterGaps()],
  adapter: () => loadAdapterIfNeeded(),
};

export type MediaLab = typeof lab;

declare global {
  interface Window {
    media: MediaLab;
  }
}
window.media = lab;
