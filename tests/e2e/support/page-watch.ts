// Runs in every page under test, before its own scripts: counts frames, sound and negotiations from outside the product.

/** One RTCPeerConnection as the watch sees it. */
export interface WatchedConnection {
  /** Counts from 0 in the order in which the page made them. */
  readonly id: number;
  readonly state: RTCPeerConnectionState;
  /** How often a local or remote description was set on it. */
  readonly descriptions: number;
  /** The user fragment of its own ICE credentials, which an ICE restart makes anew (RFC 8445, section 9); empty at first. */
  readonly ufrag: string;
}

/** What a tile's sound comes to. */
export interface WatchedSound {
  /** Grows with whatever is not silence (W3C webrtc-stats, totalAudioEnergy). */
  readonly energy: number;
  readonly packets: number;
  /** True when the element would be heard: playing, not muted, not turned down. */
  readonly audible: boolean;
}

/** What one connection sends on a line. */
export interface WatchedSending {
  /** Whether there is a track: without one nothing is captured, encoded or sent. */
  readonly track: boolean;
  /** What the track calls itself: for a device its name. Empty without a track. */
  readonly label: string;
  /** RTP bytes so far. */
  readonly bytes: number;
  /** Width of the last encoded frame in pixels; 0 before the first (W3C webrtc-stats, frameWidth). */
  readonly width: number;
  /** Of the codec in use, such as `video/VP8`; empty before the first packet. */
  readonly mimeType: string;
}

/** The mean colour of a picture, 0 to 255 each. */
export type MeanColour = readonly [red: number, green: number, blue: number];

/** What the watch offers on `window.watch`. A selector names one video element. */
export interface PageWatch {
  /** Frames that were presented since this was first asked for this element; null when there is no such element. */
  frames(selector: string): number | null;
  colour(selector: string): MeanColour | null;
  sound(selector: string): Promise<WatchedSound | null>;
  /** The strongest frequency in an element's sound at this moment, in hertz; 0 in silence. */
  pitch(selector: string): number;
  connections(): WatchedConnection[];
  /** The port at the other end of each open connection's path, as far as there is one. */
  remotePorts(): Promise<number[]>;
  /** RTP bytes that left on this line in all connections, by the order of the m-lines (NEG-1). */
  bytesSent(mLine: number): Promise<number>;
  /** What each open connection sends on this line, in the order in which they were made. */
  sendings(mLine: number): Promise<WatchedSending[]>;
  /** Tracks that `getUserMedia` and `getDisplayMedia` gave and that still run, by kind. */
  runningDevices(): { audio: number; video: number };
  /** With which codes the page's WebSockets were closed so far (RFC 6455, section 7.4). */
  socketCloses(): readonly number[];
}

declare global {
  interface Window {
    watch: PageWatch;
  }
}

/** Self-contained: it is sent to the page as text. */
export function watchPage(): void {
  const connections: { pc: RTCPeerConnection; descriptions: number }[] = [];
  const captured: MediaStreamTrack[] = [];
  const presented = new WeakMap<HTMLVideoElement, { frames: number; source: unknown }>();
  const listening = new WeakMap<HTMLVideoElement, AnalyserNode>();
  const closes: number[] = [];

  window.WebSocket = new Proxy(WebSocket, {
    construct(target, args, newTarget) {
      const socket: WebSocket = Reflect.construct(target, args, newTarget);
      socket.addEventListener('close', ({ code }) => closes.push(code));
      return socket;
    },
  });

  const Native = window.RTCPeerConnection;
  if (Native !== undefined) {
    window.RTCPeerConnection = new Proxy(Native, {
      construct(target, args, newTarget) {
        const pc: RTCPeerConnection = Reflect.construct(target, args, newTarget);
        connections.push({ pc, descriptions: 0 });
        return pc;
      },
    });
    for (const name of ['setLocalDescription', 'setRemoteDescription'] as const) {
      const native: unknown = Native.prototype[name];
      if (typeof native !== 'function') continue;
      Reflect.set(Native.prototype, name, function (this: RTCPeerConnection, ...args: unknown[]) {
        const watched = connections.find(({ pc }) => pc === this);
        if (watched) watched.descriptions += 1;
        return Reflect.apply(native, this, args);
      });
    }
  }
  const devices = navigator.mediaDevices;
  if (devices !== undefined) {
    for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
      const native = devices[name].bind(devices);
      devices[name] = async (constraints?: MediaStreamConstraints) => {
        const stream = await native(constraints);
        captured.push(...stream.getTracks());
        return stream;
      };
    }
    // A clone keeps the device open as much as the original does.
    const { clone } = MediaStreamTrack.prototype;
    MediaStreamTrack.prototype.clone = function (this: MediaStreamTrack) {
      const copy = clone.call(this);
      if (captured.includes(this)) captured.push(copy);
      return copy;
    };
  }

  const element = (selector: string): HTMLVideoElement | null => {
    const found = document.querySelector(selector);
    return found instanceof HTMLVideoElement ? found : null;
  };
  const count = (video: HTMLVideoElement): number => {
    const known = presented.get(video);
    if (known !== undefined) return known.frames;
    const counter = { frames: 0, source: video.srcObject };
    presented.set(video, counter);
    const next = (): void => {
      video.requestVideoFrameCallback(() => {
        counter.frames += 1;
        next();
      });
    };
    next();
    return 0;
  };
  const analyser = (video: HTMLVideoElement, stream: MediaStream): AnalyserNode => {
    const known = listening.get(video);
    if (known !== undefined) return known;
    const context = new AudioContext();
    const node = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(node);
    listening.set(video, node);
    return node;
  };
  const open = () => connections.filter(({ pc }) => pc.connectionState !== 'closed');

  window.watch = {
    frames(selector) {
      const video = element(selector);
      return video === null ? null : count(video);
    },
    colour(selector) {
      const video = element(selector);
      if (video === null || video.videoWidth === 0) return null;
      const canvas = document.createElement('canvas');
      canvas.width = 32;
      canvas.height = 18;
      const context = canvas.getContext('2d');
      if (context === null) return null;
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const sum: [number, number, number] = [0, 0, 0];
      for (let i = 0; i < data.length; i += 4) {
        sum[0] += data[i] ?? 0;
        sum[1] += data[i + 1] ?? 0;
        sum[2] += data[i + 2] ?? 0;
      }
      const pixels = data.length / 4;
      return [sum[0] / pixels, sum[1] / pixels, sum[2] / pixels];
    },
    async sound(selector) {
      const video = element(selector);
      if (video === null || !(video.srcObject instanceof MediaStream)) return null;
      const tracks = video.srcObject.getAudioTracks();
      let energy = 0;
      let packets = 0;
      for (const { pc } of open()) {
        for (const receiver of pc.getReceivers()) {
          if (!tracks.some(({ id }) => id === receiver.track.id)) continue;
          for (const report of (await receiver.getStats()).values()) {
            if (report.type !== 'inbound-rtp') continue;
            energy += report.totalAudioEnergy ?? 0;
            packets += report.packetsReceived ?? 0;
          }
        }
      }
      return { energy, packets, audible: !video.paused && !video.muted && video.volume > 0 };
    },
    pitch(selector) {
      const video = element(selector);
      if (video === null || !(video.srcObject instanceof MediaStream)) return 0;
      const node = analyser(video, video.srcObject);
      const loudness = new Float32Array(node.frequencyBinCount);
      node.getFloatFrequencyData(loudness);
      const strongest = loudness.reduce(
        (best, value, bin) => (value > (loudness[best] ?? 0) ? bin : best),
        0,
      );
      return (strongest * node.context.sampleRate) / node.fftSize;
    },
    connections: () =>
      connections.map(({ pc, descriptions }, id) => ({
        id,
        state: pc.connectionState,
        descriptions,
        ufrag: /^a=ice-ufrag:(\S+)/m.exec(pc.localDescription?.sdp ?? '')?.[1] ?? '',
      })),
    async remotePorts() {
      const ports: number[] = [];
      for (const { pc } of open()) {
        const stats = await pc.getStats();
        for (const report of stats.values()) {
          if (report.type !== 'candidate-pair' || !report.nominated) continue;
          const remote = stats.get(report.remoteCandidateId);
          if (report.state === 'succeeded' && remote) ports.push(remote.port);
        }
      }
      return ports;
    },
    async bytesSent(mLine) {
      let bytes = 0;
      for (const { pc } of open()) {
        const sender = pc.getTransceivers()[mLine]?.sender;
        if (sender === undefined) continue;
        for (const report of (await sender.getStats()).values()) {
          if (report.type === 'outbound-rtp') bytes += report.bytesSent ?? 0;
        }
      }
      return bytes;
    },
    sendings: (mLine) =>
      Promise.all(
        open().map(async ({ pc }) => {
          const sender = pc.getTransceivers()[mLine]?.sender;
          const report = (await sender?.getStats()) ?? new Map();
          const sending = {
            track: Boolean(sender?.track),
            label: sender?.track?.label ?? '',
            bytes: 0,
            width: 0,
            mimeType: '',
          };
          for (const entry of report.values()) {
            if (entry.type === 'outbound-rtp') {
              sending.bytes += entry.bytesSent ?? 0;
              sending.width = entry.frameWidth ?? 0;
            }
            if (entry.type === 'codec') sending.mimeType = entry.mimeType;
          }
          return sending;
        }),
      ),
    runningDevices() {
      const running = captured.filter(({ readyState }) => readyState === 'live');
      const number = (kind: string): number => running.filter((track) => track.kind === kind).length;
      return { audio: number('audio'), video: number('video') };
    },
    socketCloses: () => closes,
  };
}
