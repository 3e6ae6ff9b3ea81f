// What is asked of media: frames that go on, a picture of the right colour, sound or silence. All by counting, not by time.

import type { WatchedConnection } from './page-watch.js';
import { colourOf, connectionsOf, framesOf, soundOf, videoSelector, type Witness } from './person.js';
import { until } from './until.js';

/** Enough frames to be sure that a picture moves: a second and a half of the fake camera. */
const MOVING_FRAMES = 30;

/** The fake microphone beeps once a second; so many frames at 20 a second outlast two beeps. */
const FRAMES_OF_TWO_BEEPS = 45;

/** Waits until `frames` more frames are presented in this video from now on. */
export async function untilMoves(witness: Witness, selector: string, frames = MOVING_FRAMES): Promise<void> {
  const start = await until(`${witness.name} has a video at ${selector}`, async () => {
    const shown = await framesOf(witness, selector);
    return shown === null ? null : { shown };
  });
  let last = start.shown;
  await until(`${witness.name} sees ${selector} move`, async () => {
    last = (await framesOf(witness, selector)) ?? last;
    return last >= start.shown + frames;
  });
}

/** Waits until the picture is what a working camera gives: for the fake one, bright green. */
export async function untilGreen(witness: Witness, selector: string): Promise<void> {
  await until(`${witness.name} sees the green picture of the first camera at ${selector}`, async () => {
    const colour = await colourOf(witness, selector);
    return colour !== null && colour[1] > 80 && colour[0] < 60;
  });
}

/** Waits until the picture is that of the test's own second camera. */
export async function untilRed(witness: Witness, selector: string): Promise<void> {
  await until(`${witness.name} sees the red picture of the second camera at ${selector}`, async () => {
    const colour = await colourOf(witness, selector);
    return colour !== null && colour[0] > 120 && colour[1] < 60;
  });
}

/** Waits until sound that is not silence is decoded, from now on, in an element that can be heard. */
export async function untilHears(witness: Witness, selector: string): Promise<void> {
  const start = await until(`${witness.name} has sound at ${selector}`, () => soundOf(witness, selector));
  await until(`${witness.name} hears ${selector}`, async () => {
    const sound = await soundOf(witness, selector);
    return sound?.audible === true && sound.energy > start.energy;
  });
}

/** Waits until two beeps' worth of frames pass without any sound in the element that shows this peer. */
export async function untilSilent(witness: Witness, name: string): Promise<void> {
  await until(`${witness.name} hears nothing of ${name}`, async () =>
    staysSilent(witness, videoSelector(name)),
  );
}

async function staysSilent(witness: Witness, selector: string): Promise<boolean> {
  const before = await soundOf(witness, selector);
  await untilMoves(witness, selector, FRAMES_OF_TWO_BEEPS);
  const after = await soundOf(witness, selector);
  return before !== null && after !== null && after.energy === before.energy;
}

/** Waits until each of these sees and hears each other one. */
export async function untilAllSeeAndHear(everyone: readonly Witness[]): Promise<void> {
  await Promise.all(
    everyone.flatMap((witness) =>
      everyone
        .filter((other) => other !== witness)
        .flatMap((other) => [
          untilMoves(witness, videoSelector(other.name)),
          untilHears(witness, videoSelector(other.name)),
        ]),
    ),
  );
}

/** The connections that carry media now, to be compared later. */
export async function liveConnections(witness: Witness): Promise<WatchedConnection[]> {
  return (await connectionsOf(witness)).filter(({ state }) => state === 'connected');
}

/** What happened to connections that were to be left alone, in words; empty when nothing did. */
export async function disturbances(
  witness: Witness,
  before: readonly WatchedConnection[],
): Promise<string[]> {
  const now = new Map((await connectionsOf(witness)).map((connection) => [connection.id, connection]));
  return before.flatMap(({ id, descriptions }) => {
    const connection = now.get(id);
    if (connection?.state !== 'connected') return [`connection ${id} is ${connection?.state ?? 'gone'}`];
    const more = connection.descriptions - descriptions;
    return more === 0 ? [] : [`${more} descriptions were set on connection ${id}`];
  });
}
