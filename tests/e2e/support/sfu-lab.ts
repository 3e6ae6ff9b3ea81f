// Runs inside a page: people linked to an SFU by the client's own lines and layers, any number of them in one page.

import type { Layer, Seating, SfuNotice, SlotWant, VideoCodec } from '@maru/protocol';
import { browserEnv } from '../../../packages/client/src/env/browser-env.js';
import { sendableCodecs } from '../../../packages/client/src/sfu/sendable-codecs.js';
import { orderLayers } from '../../../packages/client/src/sfu/sender-layers.js';
import { addSfuLines, slotsOf } from '../../../packages/client/src/sfu/sfu-lines.js';

/** What somebody sends: nothing where there is no camera. */
export interface LabCamera {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** One slot as the browser reports it. */
export interface LabSlot {
  readonly slot: number;
  readonly packets: number;
  /** Of pictures: decoded so far, of these key frames, and the width of the last one, in pixels. */
  readonly frames: number;
  readonly keyFrames: number;
  readonly width: number;
  /** As `video/VP8`; '' before it is known. */
  readonly codec: string;
  /** Of sound, as decoded so far (W3C webrtc-stats, totalAudioEnergy). */
  readonly energy: number;
}

/** One encoding of the camera as the browser reports it. */
export interface LabEncoding {
  readonly rid: string;
  readonly active: boolean;
  readonly bytes: number;
  readonly frames: number;
  /** W3C webrtc-svc; '' where the browser says nothing. */
  readonly scalabilityMode: string;
}

export interface LabReport {
  readonly connection: string;
  /** The last word of the SFU about who is where. */
  readonly seats: readonly Seating[];
  /** The encodings that it last asked for; null before. */
  readonly shown: readonly Layer[] | null;
  readonly audio: readonly LabSlot[];
  readonly video: readonly LabSlot[];
  readonly encodings: readonly LabEncoding[];
}

declare global {
  interface Window {
    sfuLab: {
      /** `videoCodecs`: as the server would have them; VP8 unless it says more. */
      offer(name: string, camera: LabCamera | null, videoCodecs?: readonly VideoCodec[]): Promise<string>;
      answer(name: string, sdp: string): Promise<void>;
      want(name: string, slots: readonly SlotWant[]): void;
      report(name: string): Promise<LabReport>;
      leave(name: string): void;
    };
  }
}

interface Someone {
  readonly pc: RTCPeerConnection;
  readonly control: RTCDataChannel;
  readonly stop: () => void;
  /** Sends the camera in the layers that somebody is shown. */
  layer: () => void;
  wants: number;
  seats: readonly Seating[];
  shown: readonly Layer[] | null;
}

const people = new Map<string, Someone>();
let microphone: Promise<MediaStream> | null = null;

function someone(name: string): Someone {
  const found = people.get(name);
  if (!found) throw new Error(`Nobody is called ${name}.`);
  return found;
}

/** A picture that changes all over, so that every frame has something to send. */
function paint({ width, height, framesPerSecond }: LabCamera) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  let frame = 0;
  const timer = setInterval(() => {
    if (!context) return;
    frame += 1;
    const shade = context.createLinearGradient(0, 0, width, height);
    shade.addColorStop(0, `hsl(${(frame * 7) % 360} 80% 50%)`);
    shade.addColorStop(1, `hsl(${(frame * 3 + 180) % 360} 80% 30%)`);
    context.fillStyle = shade;
    context.fillRect(0, 0, width, height);
  }, 1_000 / framesPerSecond);
  const track = canvas.captureStream(framesPerSecond).getVideoTracks()[0];
  if (!track) throw new Error('The canvas gives no track.');
  return { track, stop: () => clearInterval(timer) };
}

/** Sends these, and keeps the widths of the encodings whatever the machine has to do besides. */
async function send(pc: RTCPeerConnection, mic: MediaStreamTrack | undefined, camera: MediaStreamTrack) {
  const [micSender, cameraSender] = pc.getSenders();
  if (!micSender || !cameraSender) throw new Error('There are no lines to send on.');
  await micSender.replaceTrack(mic ?? null);
  const parameters = cameraSender.getParameters();
  await cameraSender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' });
  orderLayers(cameraSender, 'camera', camera, null, refuse);
  await cameraSender.replaceTrack(camera);
  return cameraSender;
}

function refuse(error: unknown): void {
  throw new Error(`The browser refused parameters: ${String(error)}`);
}

/** Sound is decoded only where it is played. */
function play(pc: RTCPeerConnection): void {
  const sound = new Audio();
  sound.srcObject = new MediaStream(slotsOf(pc, 'audio').map(({ receiver }) => receiver.track));
  void sound.play();
}

function hear(person: Someone, notice: SfuNotice): void {
  if (notice.type === 'seats') person.seats = notice.seats;
  if (notice.type !== 'encode') return;
  person.shown = notice.camera;
  person.layer();
}

/** Of one look at the whole connection: to ask each of two dozen receivers costs as many. */
function slots(pc: RTCPeerConnection, stats: RTCStatsReport, kind: 'audio' | 'video'): LabSlot[] {
  const mids = slotsOf(pc, kind).map(({ mid }) => mid);
  const found: LabSlot[] = [];
  for (const [, entry] of stats) {
    if (entry.type !== 'inbound-rtp' || !mids.includes(entry.mid)) continue;
    found.push({
      slot: mids.indexOf(entry.mid),
      packets: entry.packetsReceived ?? 0,
      frames: entry.framesDecoded ?? 0,
      keyFrames: entry.keyFramesDecoded ?? 0,
      width: entry.frameWidth ?? 0,
      codec: stats.get(entry.codecId)?.mimeType ?? '',
      energy: entry.totalAudioEnergy ?? 0,
    });
  }
  return found.sort((a, b) => a.slot - b.slot);
}

function encodings(pc: RTCPeerConnection, stats: RTCStatsReport): LabEncoding[] {
  const camera = pc.getTransceivers()[1]?.mid;
  const found: LabEncoding[] = [];
  for (const [, entry] of stats) {
    if (entry.type !== 'outbound-rtp' || entry.mid !== camera) continue;
    const { rid = '', active = false, bytesSent: bytes = 0, framesEncoded: frames = 0 } = entry;
    found.push({ rid, active, bytes, frames, scalabilityMode: entry.scalabilityMode ?? '' });
  }
  return found.sort((a, b) => a.bytes - b.bytes);
}

window.sfuLab = {
  async offer(name, camera, videoCodecs = ['VP8']) {
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    const control = pc.createDataChannel('control', { negotiated: true, id: 0 });
    addSfuLines(pc, videoCodecs, await sendableCodecs(videoCodecs, browserEnv.clock));
    const picture = camera && paint(camera);
    const person: Someone = {
      pc,
      control,
      stop: () => picture?.stop(),
      layer: () => undefined,
      wants: 0,
      seats: [],
      shown: null,
    };
    people.set(name, person);
    if (picture) {
      microphone ??= navigator.mediaDevices.getUserMedia({ audio: true });
      const sender = await send(pc, (await microphone).getAudioTracks()[0], picture.track);
      person.layer = () => orderLayers(sender, 'camera', picture.track, person.shown, refuse);
    }
    control.onmessage = ({ data }) => hear(person, JSON.parse(data));
    await pc.setLocalDescription();
    return pc.localDescription?.sdp ?? '';
  },
  async answer(name, sdp) {
    const { pc, layer } = someone(name);
    await pc.setRemoteDescription({ type: 'answer', sdp });
    layer();
    play(pc);
  },
  want(name, wanted) {
    const person = someone(name);
    person.wants += 1;
    person.control.send(JSON.stringify({ type: 'want', rev: person.wants, slots: wanted }));
  },
  async report(name) {
    const { pc } = someone(name);
    const stats = await pc.getStats();
    const { seats, shown } = someone(name);
    return {
      connection: pc.connectionState,
      seats,
      shown,
      audio: slots(pc, stats, 'audio'),
      video: slots(pc, stats, 'video'),
      encodings: encodings(pc, stats),
    };
  },
  leave(name) {
    const { pc, stop } = someone(name);
    stop();
    pc.close();
    people.delete(name);
  },
};
