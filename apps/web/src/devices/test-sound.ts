// Two soft notes on the chosen speaker, so that a person knows that they will hear the others.

import { MaruError } from '@maru/client';

/** A rising fifth, in hertz: recognised even on a laptop's small speakers. */
const NOTES_HZ = [392, 587.33];
const NOTE_S = 0.45;

/** Plays it and resolves when it is over: to null, or to why the speaker cannot be used. */
export async function playTestSound(speakerId: string | null): Promise<MaruError | null> {
  const context = new AudioContext();
  const element = new Audio();
  try {
    const destination = context.createMediaStreamDestination();
    element.srcObject = destination.stream;
    if (speakerId !== null) await element.setSinkId(speakerId);
    await context.resume();
    await element.play();
    await playNotes(context, destination);
    return null;
  } catch (cause) {
    return new MaruError('speaker-failed', {}, { cause });
  } finally {
    element.srcObject = null;
    await context.close();
  }
}

function playNotes(context: AudioContext, destination: AudioNode): Promise<void> {
  return new Promise((resolve) => {
    NOTES_HZ.forEach((frequency, index) => {
      const start = context.currentTime + 0.1 + index * NOTE_S * 0.6;
      const note = new OscillatorNode(context, { type: 'sine', frequency });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.linearRampToValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
      gain.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
      note.connect(gain).connect(destination);
      note.start(start);
      note.stop(start + NOTE_S);
      if (index === NOTES_HZ.length - 1) note.addEventListener('ended', () => resolve(), { once: true });
    });
  });
}
