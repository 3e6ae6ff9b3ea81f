// A process that links itself to a pipe of the SFU, as built, and ends both: nothing may keep it alive after that.
// @ts-check

import { PeerConnection, Video } from 'node-datachannel';
import { Pipe } from '../../../packages/sfu/dist/pipe/pipe.js';

const nothing = () => undefined;

const client = new PeerConnection('client', { iceServers: [], disableAutoNegotiation: true });
const video = new Video('media', 'SendRecv');
video.addVP8Codec(96);
const track = client.addTrack(video);
const control = client.createDataChannel('control', { negotiated: true, id: 0 });
// The pipe ends this end too, part by part, each of which tells so once and to whoever listens by then. It is not closed
// from here before: a channel that both ends close at the same moment may tell nobody, and would keep this process alive.
const ended = Promise.all([
  new Promise((/** @type {(value: void) => void} */ resolve) => {
    client.onStateChange((state) => state === 'closed' && resolve());
  }),
  new Promise((/** @type {(value: void) => void} */ resolve) => track.onClosed(resolve)),
  new Promise((/** @type {(value: void) => void} */ resolve) => control.onClosed(resolve)),
]);
const offer = await new Promise((/** @type {(sdp: string) => void} */ resolve) => {
  client.onGatheringStateChange((state) => {
    if (state === 'complete') resolve(client.localDescription()?.sdp ?? '');
  });
  client.setLocalDescription('offer');
});

const pipe = new Pipe(
  'pipe',
  { port: 0 },
  {
    onConnected: nothing,
    onPacket: nothing,
    onLost: nothing,
    onControl: nothing,
    onControlOpen: () => pipe.close(),
  },
);
// Held until the end: what is collected would give its handles back by that.
Object.assign(globalThis, { pipe });
client.setRemoteDescription(await pipe.accept(offer), 'answer');
await ended;
client.close();
console.log('closed');
