// The lab's loopback call: devices, the call with oneself, and when what happened. Views draw from its signals.

import {
  browserEnv,
  createLocalMedia,
  createTrace,
  type LocalMedia,
  type Loopback,
  type MediaSnapshot,
  startLoopback,
  type Trace,
  type TraceEvent,
} from '@maru/client';
import { type ReadonlySignal, signal } from '@preact/signals';
import { rememberedDevices } from '../app/devices.js';

export type LabStage =
  /** Nothing is on. */
  | 'idle'
  | 'starting'
  /** Devices are on, or were refused: a call can be made. */
  | 'ready'
  | 'calling'
  /** The first remote frame was shown, or without a camera the connection is there. */
  | 'connected'
  | 'failed';

export interface LabCall {
  readonly media: LocalMedia;
  readonly stage: ReadonlySignal<LabStage>;
  readonly mediaState: ReadonlySignal<MediaSnapshot>;
  readonly events: ReadonlySignal<readonly TraceEvent[]>;
  /** What arrives at the far end. */
  readonly remoteTracks: ReadonlySignal<readonly MediaStreamTrack[]>;
  /** When Call was pressed, on the clock of `performance.now()`; null before. */
  readonly calledAt: ReadonlySignal<number | null>;
  /** When the first remote frame was shown, on the same clock; null before. */
  readonly frameAt: ReadonlySignal<number | null>;
  start(): Promise<void>;
  call(): void;
  hangUp(): void;
  /** The remote picture has shown its first frame. */
  firstFrame(at: number): void;
  close(): void;
}

export function createLabCall(): LabCall {
  const scope = new AbortController();
  const media = createLocalMedia(rememberedDevices());
  const stage = signal<LabStage>('idle');
  const mediaState = signal(media.snapshot);
  const events = signal<readonly TraceEvent[]>([]);
  const remoteTracks = signal<readonly MediaStreamTrack[]>([]);
  const calledAt = signal<number | null>(null);
  const frameAt = signal<number | null>(null);
  let running: { readonly loopback: Loopback; readonly listening: AbortController } | null = null;

  media.subscribe(
    (snapshot) => {
      mediaState.value = snapshot;
      running?.loopback.near.setTrack('camera', media.published('camera'));
      running?.loopback.near.setTrack('mic', media.published('mic'));
    },
    { signal: scope.signal },
  );

  /** Draws at most once per frame: a call writes a hundred steps in a tenth of a second. */
  function follow(trace: Trace, listening: AbortSignal): void {
    let frame: number | null = null;
    const copy = (): void => {
      frame = null;
      if (listening.aborted) return;
      events.value = [...trace.events];
      readEnds();
    };
    trace.subscribe(
      () => {
        if (frame === null) frame = requestAnimationFrame(copy);
      },
      { signal: listening },
    );
  }

  function readEnds(): void {
    if (running === null) return;
    const { near, far } = running.loopback;
    const { camera, mic } = far.snapshot.lines;
    const tracks = [camera.track, mic.track].filter((track) => track !== null);
    if (tracks.some((track, index) => track !== remoteTracks.value[index])) remoteTracks.value = tracks;
    if (near.snapshot.phase === 'failed') stage.value = 'failed';
    const noPicture = media.published('camera') === null;
    if (stage.value === 'calling' && noPicture && far.snapshot.phase === 'connected')
      stage.value = 'connected';
  }

  function end(): void {
    running?.listening.abort();
    running?.loopback.hangUp();
    running = null;
    remoteTracks.value = [];
  }

  return {
    media,
    stage,
    mediaState,
    events,
    remoteTracks,
    calledAt,
    frameAt,
    async start() {
      stage.value = 'starting';
      await Promise.all([media.setCamera(true), media.setMicrophone(true)]);
      if (stage.value === 'starting') stage.value = 'ready';
    },
    call() {
      end();
      const listening = new AbortController();
      const trace = createTrace(browserEnv);
      events.value = [];
      frameAt.value = null;
      calledAt.value = browserEnv.clock.now();
      stage.value = 'calling';
      follow(trace, listening.signal);
      const loopback = startLoopback(
        {
          env: browserEnv,
          trace,
          // Both ends are in this page: host candidates are enough, no server is asked.
          iceServers: () => [],
          connect: (configuration) => new RTCPeerConnection(configuration),
        },
        {
          mic: media.published('mic'),
          camera: media.published('camera'),
          screen: null,
          screenAudio: null,
        },
      );
      running = { loopback, listening };
    },
    hangUp() {
      if (running !== null) {
        // The closing steps belong to the record: hang up first, stop following after.
        running.loopback.hangUp();
        events.value = [...running.loopback.trace.events];
      }
      end();
      stage.value = 'ready';
    },
    firstFrame(at) {
      if (frameAt.value !== null || stage.value !== 'calling') return;
      frameAt.value = at;
      stage.value = 'connected';
    },
    close() {
      end();
      scope.abort();
      media.close();
    },
  };
}
