// The pipe over real native transports: what it tells in which order, and that a failure in handling ends one link alone.

import { type DataChannel, PeerConnection, type Track, Video } from 'node-datachannel';
import { expect, onTestFinished, test } from 'vitest';
import { Pipe, type PipeEvents } from '../src/pipe/pipe.js';

const SILENT = (): void => undefined;
/** A packet of RTP without a payload (RFC 3550, section 5.1). */
const PACKET = Buffer.from([0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]);

interface Changes {
  readonly onPacket?: PipeEvents['onPacket'];
  /** What becomes of the client's offer, and of the answer to it, on their ways. */
  readonly offered?: (sdp: string) => string;
  readonly answered?: (sdp: string) => string;
}

const same = (sdp: string): string => sdp;

interface Connected {
  readonly pipe: Pipe;
  readonly track: Track;
  readonly channel: DataChannel | null;
  /** Names of what the pipe has told, in order. */
  readonly told: string[];
  readonly received: Buffer[];
}

/** What a client that speaks no SCTP says that it speaks. */
const DATA_SECTION = [
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:data',
  'a=sctp-port:5000',
  '',
].join('\r\n');

/** A pipe, and a client at its other end that has offered one line of video and the control channel. */
async function connect(
  name: string,
  { onPacket = SILENT, offered = same, answered = same }: Changes = {},
): Promise<Connected> {
  const told: string[] = [];
  const received: Buffer[] = [];
  const client = new PeerConnection(name, { iceServers: [], disableAutoNegotiation: true });
  const video = new Video('media', 'SendRecv');
  video.addVP8Codec(96);
  const track = client.addTrack(video);
  track.onMessage((packet) => void received.push(packet));
  const channel = offered === same ? client.createDataChannel('control', { negotiated: true, id: 0 }) : null;
  const pipe = new Pipe(
    `${name}'s`,
    { port: 0 },
    {
      onConnected: () => told.push('connected'),
      onPacket(packet) {
        if (told.at(-1) !== 'packet') told.push('packet');
        onPacket(packet);
      },
      onControlOpen: () => told.push('control open'),
      onControl: (text) => told.push(text),
      onLost: (reason) => told.push(`lost: ${reason.split('\n')[0]}`),
    },
  );
  onTestFinished(() => {
    for (const closable of [pipe, track, channel, client]) closable?.close();
  });
  const offer = await new Promise<string>((resolve) => {
    client.onGatheringStateChange((state) => {
      if (state === 'complete') resolve(client.localDescription()?.sdp ?? '');
    });
    client.setLocalDescription('offer');
  });
  client.setRemoteDescription(answered(await pipe.accept(offered(offer))), 'answer');
  return { pipe, track, channel, told, received };
}

test('packets and messages flow both ways', async () => {
  const { pipe, track, channel, told, received } = await connect('ann');
  await expect.poll(() => told, { timeout: 20_000 }).toContain('control open');
  expect(told.slice(0, 2)).toEqual(['connected', 'control open']);
  track.sendMessageBinary(PACKET);
  channel?.sendMessage('hello');
  expect(pipe.send(PACKET)).toBe(true);
  await expect.poll(() => told).toEqual(expect.arrayContaining(['packet', 'hello']));
  await expect.poll(() => received.length).toBeGreaterThan(0);
  expect(received[0]).toEqual(PACKET);
});

test('packets flow before the control channel is open, though SCTP never comes up', async () => {
  const { pipe, track, told, received } = await connect('ann', {
    offered: (sdp) => `${sdp.replace('BUNDLE media', 'BUNDLE media data')}${DATA_SECTION}`,
    answered: (sdp) => sdp.replace('BUNDLE media data', 'BUNDLE media').replace(/m=application[\s\S]*$/, ''),
  });
  await expect.poll(() => told, { timeout: 20_000 }).toEqual(['connected']);
  expect(pipe.send(PACKET)).toBe(true);
  await expect.poll(() => received.length).toBeGreaterThan(0);
  track.sendMessageBinary(PACKET);
  await expect.poll(() => told).toEqual(['connected', 'packet']);
});

test('what fails in handling a packet ends that link alone, and says so', async () => {
  const failing = await connect('ann', {
    onPacket() {
      throw new Error('a packet that nobody has thought of');
    },
  });
  const other = await connect('ben');
  await expect.poll(() => failing.told, { timeout: 20_000 }).toContain('control open');
  await expect.poll(() => other.told, { timeout: 20_000 }).toContain('control open');
  failing.track.sendMessageBinary(PACKET);
  await expect.poll(() => failing.told.at(-1)).toBe('lost: Error: a packet that nobody has thought of');
  expect(failing.pipe.send(PACKET)).toBe(false);
  other.track.sendMessageBinary(PACKET);
  await expect.poll(() => other.told.at(-1)).toBe('packet');
  expect(other.pipe.send(PACKET)).toBe(true);
});
