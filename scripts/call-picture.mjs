// @ts-check
// Takes the README's picture: a real call of six real browsers over the built server, each with a drawn person
// before its fake camera. Usage, after `npm test` or a build: node scripts/call-picture.mjs [docs/call.png]

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES = 10;
const executablePath = process.env['MARU_CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** Who is in the picture: a name, the colours of wall, skin, hair and clothes, and what is off. */
const PEOPLE = [
  { name: 'Jiwoo', wall: '#3c4b44', skin: '#dba67a', hair: '#5d3a22', wear: '#34516d', query: '&mic=off' },
  { name: 'Marta', wall: '#4b3f33', skin: '#e9c09f', hair: '#2a1a12', wear: '#7c4056', query: '' },
  { name: 'Hyunsu', wall: '#2f3e4a', skin: '#cb8f63', hair: '#1b1513', wear: '#3f6b52', query: '&mic=off' },
  {
    name: 'Amara',
    wall: '#3a3a3a',
    skin: '#8a5a3c',
    hair: '#171210',
    wear: '#8a6b34',
    query: '&mic=off&camera=off',
  },
  { name: 'Sora', wall: '#47433a', skin: '#e3b38c', hair: '#3a2418', wear: '#6d2f2a', query: '&mic=off' },
  { name: 'Haeun', wall: '#3f3a49', skin: '#e2b48c', hair: '#402818', wear: '#5b4f7b', query: '&mic=off' },
];

/** @typedef {(typeof PEOPLE)[number]} Person */

/**
 * Draws a person as a short clip of Y4M, which Chromium plays as a camera: the head sways a little.
 * @param {import('playwright-core').Page} page
 * @param {Person} person
 */
async function clipOf(page, person) {
  const planes = await page.evaluate(
    ({ person, width, height, frames }) => {
      const canvas = new OffscreenCanvas(width, height);
      const pen = canvas.getContext('2d', { willReadFrequently: true });
      if (!pen) throw new Error('no canvas');
      /** @param {string} colour @param {() => void} shape */
      const fill = (colour, shape) => {
        pen.fillStyle = colour;
        pen.beginPath();
        shape();
        pen.fill();
      };
      return Array.from({ length: frames }, (_, frame) => {
        const sway = Math.sin((frame / frames) * 2 * Math.PI) * 4;
        fill(person.wall, () => pen.rect(0, 0, width, height));
        fill('#ffffff14', () => pen.roundRect(40, 50, 130, 110, 8));
        fill('#ffffff10', () => pen.roundRect(480, 70, 110, 150, 8));
        fill(person.hair, () => pen.roundRect(244 + sway, 62, 152, 150, [76, 76, 24, 24]));
        fill(person.wear, () => pen.roundRect(190, 268, 260, 200, [120, 120, 0, 0]));
        fill(person.skin, () => pen.roundRect(292, 210, 56, 84, 28));
        fill(person.skin, () => pen.ellipse(320 + sway, 165, 62, 76, 0, 0, 7));
        fill(person.hair, () => pen.ellipse(320 + sway, 112, 68, 40, 0, Math.PI, 2 * Math.PI));
        const { data } = pen.getImageData(0, 0, width, height);
        const luma = [];
        const blue = [];
        const red = [];
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const at = (y * width + x) * 4;
            const [r = 0, g = 0, b = 0] = [data[at], data[at + 1], data[at + 2]];
            // ITU-R BT.601, limited range.
            luma.push(16 + 0.257 * r + 0.504 * g + 0.098 * b);
            if (x % 2 === 0 && y % 2 === 0) {
              blue.push(128 - 0.148 * r - 0.291 * g + 0.439 * b);
              red.push(128 + 0.439 * r - 0.368 * g - 0.071 * b);
            }
          }
        }
        return [...luma, ...blue, ...red].map((value) => String.fromCharCode(Math.round(value))).join('');
      });
    },
    { person, width: WIDTH, height: HEIGHT, frames: FRAMES },
  );
  const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420mpeg2\n`;
  return Buffer.concat([
    Buffer.from(header),
    ...planes.flatMap((frame) => [Buffer.from('FRAME\n'), Buffer.from(frame, 'latin1')]),
  ]);
}

/** Starts the built server on a free port and gives its address. @param {string} folder */
async function startServer(folder) {
  const server = spawn(
    process.execPath,
    ['packages/server/dist/main.js', '--host', '127.0.0.1', '--port', '0', '--data-dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  for await (const chunk of server.stdout) {
    said += chunk;
    const address = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(said)?.[0];
    if (address) return { server, address };
  }
  throw new Error('the server ended before it said its address');
}

const target = process.argv[2] ?? 'docs/call.png';
const folder = await mkdtemp(join(tmpdir(), 'maru-picture-'));
const { server, address } = await startServer(folder);
const painter = await chromium.launch({ executablePath, args: FLAGS });
const browsers = [];
try {
  const easel = await painter.newPage();
  let page = easel;
  for (const person of PEOPLE) {
    const clip = join(folder, `${person.name}.y4m`);
    await writeFile(clip, await clipOf(easel, person));
    const browser = await chromium.launch({
      executablePath,
      args: [...FLAGS, `--use-file-for-fake-video-capture=${clip}`],
    });
    browsers.push(browser);
    page = await browser.newPage({ viewport: { width: 1440, height: 860 }, locale: 'en-US' });
    await page.goto(`${address}/r/Weekly?name=${person.name}&join${person.query}`);
    await page.locator('[data-self]').waitFor();
  }
  // Everyone but Amara is seen moving.
  await page.waitForFunction(
    (count) =>
      [...document.querySelectorAll('video')].filter(
        (video) => video.getVideoPlaybackQuality().totalVideoFrames > 5,
      ).length >= count,
    PEOPLE.length - 1,
    { timeout: 60_000 },
  );
  await page.mouse.move(0, 0);
  await page.screenshot({ path: target });
} finally {
  await Promise.all([...browsers, painter].map((browser) => browser.close()));
  server.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}
