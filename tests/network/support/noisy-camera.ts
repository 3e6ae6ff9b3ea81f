// The picture of a fake camera that costs as much to send as a real one: detail that moves, and noise as of a small sensor.

import { writeFile } from 'node:fs/promises';
import { type Random, seeded } from '../../../bench/network/link-emulator.js';

const WIDTH = 640;
const HEIGHT = 360;
/** As many frames as a second of it has; Chromium plays the clip in a loop. */
export const NOISY_FRAMES_PER_SECOND = 20;
const FRAMES = 40;
const NOISE = 24;
const MIDDLE = 128;

/** Writes a clip in the form that `--use-file-for-fake-video-capture` takes (YUV4MPEG2, 4:2:0). */
export async function writeNoisyCamera(file: string): Promise<void> {
  const random = seeded(7);
  const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${NOISY_FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`;
  const frames = Array.from({ length: FRAMES }, (_, index) => frame(index, random));
  await writeFile(file, Buffer.concat([Buffer.from(header), ...frames]));
}

/** Waves that wander across the picture, under noise. */
function frame(index: number, random: Random): Buffer {
  const luma = Buffer.alloc(WIDTH * HEIGHT);
  const phase = (2 * Math.PI * index) / FRAMES;
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const wave = 50 * Math.sin(x / 17 + phase) + 30 * Math.cos(y / 11 - 2 * phase);
      luma[y * WIDTH + x] = MIDDLE + wave + (random() - 0.5) * NOISE;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, MIDDLE);
  return Buffer.concat([Buffer.from('FRAME\n'), luma, chroma]);
}
