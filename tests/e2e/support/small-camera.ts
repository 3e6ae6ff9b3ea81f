// The picture of the fake camera: small, green and always moving, so that four people fit on two cores.

import { writeFile } from 'node:fs/promises';

const WIDTH = 320;
const HEIGHT = 180;
const FRAMES_PER_SECOND = 20;
const FRAMES = 40;

/** Luma and both chroma values of a colour, each for one pixel (ITU-R BT.601, studio range). */
type Yuv = readonly [y: number, u: number, v: number];
const GREEN: Yuv = [87, 87, 77];
const LIGHT_GREEN: Yuv = [165, 65, 60];

/**
 * Writes a clip in the form that `--use-file-for-fake-video-capture` takes (YUV4MPEG2, 4:2:0); Chromium plays it in a
 * loop. Its own fake camera gives 1280 by 720, which costs each sender a good part of a core.
 */
export async function writeSmallCamera(file: string): Promise<void> {
  const frames = Array.from({ length: FRAMES }, (_, index) => frame((index * WIDTH) / FRAMES));
  const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`;
  await writeFile(file, Buffer.concat([Buffer.from(header), ...frames]));
}

/** A green picture with a lighter bar that begins `left` pixels from the left. */
function frame(left: number): Buffer {
  const luma = plane(WIDTH, HEIGHT, left, 0);
  const chroma = ([1, 2] as const).map((channel) => plane(WIDTH / 2, HEIGHT / 2, left / 2, channel));
  return Buffer.concat([Buffer.from('FRAME\n'), luma, ...chroma]);
}

function plane(width: number, height: number, left: number, channel: 0 | 1 | 2): Buffer {
  const right = Math.min(width, left + width / 10);
  const line = Buffer.alloc(width, GREEN[channel]).fill(LIGHT_GREEN[channel], left, right);
  return Buffer.concat(Array.from({ length: height }, () => line));
}
