// A process that links itself to a pipe of the SFU, as built, and ends both: nothing may keep it alive after that.
// @ts-check

import { PeerConnection, Video } from 'node-datachannel';
import { Pipe } from '../../../packages/sfu/dist/pipe/pipe.js';

const nothing = () => undefined;

const client = new PeerConnection('client', { iceServers: [], disableAutoNegotiation: true });
const video = new Video('media', 'SendRecv');
video.addVP8Codec(96);
const track = client.addTrack(video);
track.onClosed(nothing);
const control = client.createDataChannel('control', { negotiated: true, id: 0 });
control.onClosed(nothing);
const offer = await new Promise((/** @type {(sdp: string) => void} */ resolve) => {
  client.onGatheringStateChange((state) => {
    if (state === 'complete') resolve(client.localDescription()?.sdp ?? '');
  });
  client.setLocalDescription('offer');
});

await new Promise((/** @type {(value: void) => void} */ resolve) => {
  const pipe = new Pipe(
    'pipe',
    { port: 0 },
    {
      onConnected: nothing,
      onPacket: nothing,
      onLost: nothing,
      onControl: nothing,
      onControlOpen() {
        pipe.close();
        resolve();
      },
    },
  );
  // Held until the end: what is collected would give its handles back by that.
  Object.assign(globalThis, { pipe });
  pipe.accept(offer).then((answer) => client.setRemoteDescription(answer, 'answer'), console.error);
});
client.onStateChange(nothing);
track.close();
control.close();
client.close();
console.log('closed');
