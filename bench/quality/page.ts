// Runs inside a page: one who sends a camera and a microphone, or one who watches, and what the browser says of it.

/** All numbers since the beginning. */
export interface Watched {
  /** Of the page's clock, in milliseconds. */
  readonly at: number;
  readonly width: number;
  readonly bytes: number;
  readonly frames: number;
  /** When each frame was shown, in milliseconds of the page's clock. */
  readonly shown: readonly number[];
  /** Of sound (W3C webrtc-stats). */
  readonly samples: number;
  readonly concealed: number;
}

declare global {
  interface Window {
    party: {
      /** An offer that sends; with `slots` it receives as well, as Maru's client does. */
      offer(options: {
        readonly sends: boolean;
        readonly slots: number;
        readonly maru: boolean;
      }): Promise<string>;
      answerTo(offer: string): Promise<string>;
      accept(answer: string): Promise<void>;
      connected(): boolean;
      say(text: string): boolean;
      watched(): Promise<Watched>;
    };
  }
}

/** Puts `party` into the page. It must need nothing from outside of itself. */
export function installParty(): void {
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const shown: number[] = [];
  let control: RTCDataChannel | null = null;

  /** The encodings of Maru's client, for both. Janus takes the first that an offer names for the largest. */
  const encodings = [
    { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
    { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
    { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
  ];

  function play(track: MediaStreamTrack): void {
    const media = document.createElement(track.kind === 'video' ? 'video' : 'audio');
    media.srcObject = new MediaStream([track]);
    media.autoplay = true;
    document.body.append(media);
    if (media instanceof HTMLVideoElement) note(media);
  }

  function note(video: HTMLVideoElement): void {
    video.requestVideoFrameCallback((now) => {
      shown.push(now);
      note(video);
    });
  }

  function onlyVp8(transceiver: RTCRtpTransceiver): void {
    const { codecs } = RTCRtpReceiver.getCapabilities('video') ?? { codecs: [] };
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => /\/(vp8|rtx)$/i.test(mimeType)));
  }

  async function gathered(): Promise<string> {
    if (pc.iceGatheringState !== 'complete')
      await new Promise<void>((resolve) => {
        pc.onicegatheringstatechange = () => {
          if (pc.iceGatheringState === 'complete') resolve();
        };
      });
    return pc.localDescription?.sdp ?? '';
  }

  pc.ontrack = ({ track }) => play(track);
  window.party = {
    async offer({ sends, slots, maru }) {
      const size = { width: 960, height: 540 };
      const stream = sends ? await navigator.mediaDevices.getUserMedia({ audio: true, video: size }) : null;
      if (sends || maru) {
        pc.addTransceiver(stream?.getAudioTracks()[0] ?? 'audio', { direction: 'sendonly' });
        const camera = stream?.getVideoTracks()[0] ?? 'video';
        const sendEncodings = maru ? encodings : encodings.toReversed();
        onlyVp8(pc.addTransceiver(camera, { direction: 'sendonly', sendEncodings }));
      }
      if (maru) {
        onlyVp8(pc.addTransceiver('video', { direction: 'sendonly' }));
        pc.addTransceiver('audio', { direction: 'sendonly' });
        for (let slot = 0; slot < slots; slot++) pc.addTransceiver('audio', { direction: 'recvonly' });
        for (let slot = 0; slot < slots; slot++)
          onlyVp8(pc.addTransceiver('video', { direction: 'recvonly' }));
        control = pc.createDataChannel('control', { negotiated: true, id: 0 });
      }
      await pc.setLocalDescription();
      return gathered();
    },
    async answerTo(offer) {
      await pc.setRemoteDescription({ type: 'offer', sdp: offer });
      await pc.setLocalDescription();
      return gathered();
    },
    accept: (answer) => pc.setRemoteDescription({ type: 'answer', sdp: answer }),
    connected: () => pc.connectionState === 'connected',
    say(text) {
      if (control?.readyState !== 'open') return false;
      control.send(text);
      return true;
    },
    async watched() {
      let [width, bytes, frames, samples, concealed] = [0, 0, 0, 0, 0];
      for (const [, entry] of await pc.getStats()) {
        if (entry.type !== 'inbound-rtp') continue;
        if (entry.kind === 'video') {
          width = Math.max(width, entry.frameWidth ?? 0);
          bytes += entry.bytesReceived ?? 0;
          frames += entry.framesDecoded ?? 0;
        } else {
          samples += entry.totalSamplesReceived ?? 0;
          concealed += (entry.concealedSamples ?? 0) - (entry.silentConcealedSamples ?? 0);
        }
      }
      return { at: performance.now(), width, bytes, frames, shown: shown.splice(0), samples, concealed };
    },
  };
}
