// Runs inside a page: one link to an SFU as a client makes it, with a moving picture as camera.

/** What a page tells of its link. */
export interface SfuLinkState {
  readonly connection: string;
  readonly control: string;
  /** Of each transceiver, in order. */
  readonly directions: readonly (string | null)[];
  /** Streams of the slots, in order. */
  readonly streams: readonly string[];
  /** RIDs of the camera as they were answered. */
  readonly rids: readonly (string | undefined)[];
  /** Frames decoded in all slots. */
  readonly frames: number;
}

declare global {
  interface Window {
    sfuLink: { offer(): Promise<string>; answer(sdp: string): Promise<void>; state(): Promise<SfuLinkState> };
  }
}

/** Puts `sfuLink` into the page. It must need nothing from outside of itself. */
export function installSfuLink(): void {
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const control = pc.createDataChannel('control', { negotiated: true, id: 0 });
  const streams: string[] = [];
  pc.ontrack = (event) => streams.push(event.streams[0]?.id ?? 'none');

  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const paint = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    if (!paint) return;
    paint.fillStyle = `hsl(${frame++ % 360} 80% 50%)`;
    paint.fillRect(0, 0, canvas.width, canvas.height);
  }, 40);

  window.sfuLink = {
    async offer() {
      const encodings = [
        { rid: 'l', scaleResolutionDownBy: 4 },
        { rid: 'm', scaleResolutionDownBy: 2 },
        { rid: 'h' },
      ];
      const camera = canvas.captureStream(25).getVideoTracks()[0] ?? 'video';
      pc.addTransceiver('audio', { direction: 'sendonly' });
      pc.addTransceiver(camera, { direction: 'sendonly', sendEncodings: encodings });
      pc.addTransceiver('video', { direction: 'sendonly', sendEncodings: [{ rid: 'l' }, { rid: 'h' }] });
      pc.addTransceiver('audio', { direction: 'sendonly' });
      for (let slot = 0; slot < 10; slot++) pc.addTransceiver('audio', { direction: 'recvonly' });
      for (let slot = 0; slot < 14; slot++) pc.addTransceiver('video', { direction: 'recvonly' });
      await pc.setLocalDescription();
      return pc.localDescription?.sdp ?? '';
    },
    answer: (sdp) => pc.setRemoteDescription({ type: 'answer', sdp }),
    async state() {
      let frames = 0;
      const report = await pc.getStats();
      report.forEach((entry) => {
        if (entry.type === 'inbound-rtp') frames += entry.framesDecoded ?? 0;
      });
      return {
        connection: pc.connectionState,
        control: control.readyState,
        directions: pc.getTransceivers().map(({ currentDirection }) => currentDirection),
        streams,
        rids:
          pc
            .getSenders()[1]
            ?.getParameters()
            .encodings.map(({ rid }) => rid) ?? [],
        frames,
      };
    },
  };
}
