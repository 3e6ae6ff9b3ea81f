// What the measured person's camera and microphone give: a noisy picture that moves, and a quiet room.

import { writeFile } from 'node:fs/promises';

export interface ClipSize {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

export const CLIP: ClipSize = { width: 640, height: 480, framesPerSecond: 30 };

/** Two seconds; Chromium plays them in a loop. */
const FRAMES = 60;
/** Largest deviation of a pixel's luma, as of a webcam in a lit room. A clip without noise compresses to nothing. */
const NOISE = 10;

/** The same noise in every run: xorshift32. */
function createNoise(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) % (2 * NOISE + 1)) - NOISE;
  };
}

/** Writes the clip in the form that `--use-file-for-fake-video-capture` takes (YUV4MPEG2, 4:2:0). */
export async function writeClip(file: string, size: ClipSize = CLIP): Promise<void> {
  const { width, height, framesPerSecond } = size;
  const header = `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`;
  const noise = createNoise();
  const parts: Buffer[] = [Buffer.from(header)];
  for (let index = 0; index < FRAMES; index += 1)
    parts.push(Buffer.from('FRAME\n'), frame(index, noise, size));
  await writeFile(file, Buffer.concat(parts));
}

/** Somebody before a patterned wall: an oval that sways once in the clip, with noise over all. */
function frame(index: number, noise: () => number, { width, height }: ClipSize): Buffer {
  const sway = Math.sin((2 * Math.PI * index) / FRAMES);
  const centre = { x: width / 2 + sway * 40, y: height * 0.55 + Math.abs(sway) * 12 };
  const inside = (x: number, y: number): boolean =>
    ((x - centre.x) / 120) ** 2 + ((y - centre.y) / 170) ** 2 < 1;
  const luma = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const wall = 90 + 30 * Math.sin(x / 17) * Math.sin(y / 23);
      const face = 150 + 25 * Math.sin((x - centre.x) / 9) * Math.cos((y - centre.y) / 13);
      luma[y * width + x] = Math.max(16, Math.min(235, (inside(x, y) ? face : wall) + noise()));
    }
  }
  const chroma = ([110, 150] as const).map((tone) => {
    const plane = Buffer.alloc((width * height) / 4, 128);
    for (let y = 0; y < height; y += 2)
      for (let x = 0; x < width; x += 2) if (inside(x, y)) plane[(y / 2) * (width / 2) + x / 2] = tone;
    return plane;
  });
  return Buffer.concat([luma, ...chroma]);
}

const SAMPLE_RATE = 48_000;
/** About -60 dBFS: a room in which nobody speaks. */
const ROOM_TONE = 30;

/** Writes a second of room tone as a WAV file, for `--use-file-for-fake-audio-capture`. */
export async function writeRoomTone(file: string): Promise<void> {
  const bytes = SAMPLE_RATE * 2;
  const wav = Buffer.alloc(44 + bytes);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // one channel
  wav.writeUInt32LE(SAMPLE_RATE, 24);
  wav.writeUInt32LE(bytes, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(bytes, 40);
  const noise = createNoise();
  for (let i = 0; i < SAMPLE_RATE; i += 1) wav.writeInt16LE((noise() * ROOM_TONE) / NOISE, 44 + i * 2);
  await writeFile(file, wav);
}
