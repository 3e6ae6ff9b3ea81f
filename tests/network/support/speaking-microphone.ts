// The sound of a fake microphone that is as hard to send as a voice: syllables with pitch, hiss and pauses.

import { writeFile } from 'node:fs/promises';
import { seeded } from '../../../bench/network/link-emulator.js';

const RATE = 48_000;
const SECONDS = 8;
/** Syllables a second, as of unhurried speech. */
const SYLLABLES = 4;
/** Of eight syllables the last two are a pause. */
const PHRASE = 8;
const SPOKEN = 6;
const HARMONICS = 20;

/** Writes a clip in the form that `--use-file-for-fake-audio-capture` takes (WAVE, 16 bits); Chromium plays it in a loop. */
export async function writeSpeakingMicrophone(file: string): Promise<void> {
  const random = seeded(11);
  const samples = Buffer.alloc(RATE * SECONDS * 2);
  let phase = 0;
  for (let index = 0; index < RATE * SECONDS; index += 1) {
    const syllable = (index / RATE) * SYLLABLES;
    const within = syllable % 1;
    const isSpoken = Math.floor(syllable) % PHRASE < SPOKEN;
    // Pitch falls within each syllable, from one that wanders.
    phase += (130 + 30 * Math.sin(syllable) - 20 * within) / RATE;
    const hiss = within < 0.2 ? random() - 0.5 : 0;
    const loudness = isSpoken ? Math.sin(Math.PI * within) : 0;
    samples.writeInt16LE(Math.round(9_000 * loudness * (voice(phase) + hiss)), index * 2);
  }
  await writeFile(file, Buffer.concat([header(samples.length), samples]));
}

/** A buzz of many harmonics, the higher the weaker: what vocal cords give. */
function voice(phase: number): number {
  let sum = 0;
  for (let harmonic = 1; harmonic <= HARMONICS; harmonic += 1) {
    sum += Math.sin(2 * Math.PI * harmonic * phase) / harmonic;
  }
  return sum;
}

/** RIFF WAVE with one channel of PCM. */
function header(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
