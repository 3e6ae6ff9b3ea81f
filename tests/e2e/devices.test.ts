// Microphone and speaker, changed in the middle of a call: the others hear the new one, and nothing is negotiated.

import { expect, test } from 'vitest';
import { addHummingMicrophone, HUMMING_MICROPHONE } from './support/humming-microphone.js';
import { type Person, press, videoSelector, type Witness } from './support/person.js';
import { disturbances, liveConnections, untilAllSeeAndHear, untilHears } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

/** Chromium's fake devices beside its default ones. */
const SECOND_MICROPHONE = 'Fake Audio Input 2';
const SECOND_SPEAKER = 'Fake Audio Output 2';

/** Neighbouring notes of the two microphones are a fifth and more apart; the analyser knows about 12 Hz. */
const PITCH_TOLERANCE_HZ = 40;

/** What everyone is sent on the line of the microphone. */
const microphonesSent = (witness: Witness): Promise<string[]> =>
  witness.page.evaluate(async () => (await window.watch.sendings(0)).map(({ label }) => label), '');

async function untilPitch(witness: Witness, name: string, hums: boolean): Promise<void> {
  await until(`${witness.name} hears ${name} ${hums ? 'hum' : 'beep'}`, async () => {
    const pitch = await witness.page.evaluate((css) => window.watch.pitch(css), videoSelector(name));
    return pitch > 0 && Math.abs(pitch - HUMMING_MICROPHONE.hertz) < PITCH_TOLERANCE_HZ === hums;
  });
}

function speakersOf(person: Person): Promise<string[]> {
  return person.page
    .locator('[data-peer-id] video')
    .evaluateAll((videos) => videos.map((video) => (video as HTMLVideoElement).sinkId));
}

test('[NEG-9] another microphone is heard by the others at once, without an offer', async () => {
  const ann = await stage.inCall('Ann', {
    before: (context) => context.addInitScript(addHummingMicrophone, HUMMING_MICROPHONE),
  });
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;

  await press(ann, 'More');
  const microphone = ann.page.getByRole('combobox', { name: 'Microphone' });
  await microphone.selectOption({ label: SECOND_MICROPHONE });
  await until('the second microphone is sent', async () =>
    (await microphonesSent(ann)).every((label) => label === SECOND_MICROPHONE),
  );
  await untilHears(bob, videoSelector('Ann'));
  await untilPitch(bob, 'Ann', false);

  await microphone.selectOption({ label: HUMMING_MICROPHONE.label });
  await untilPitch(bob, 'Ann', true);
  await until('the former microphone is released', async () => {
    const { audio } = await ann.page.evaluate(() => window.watch.runningDevices());
    return audio === 0;
  });
  await microphone.selectOption({ label: SECOND_MICROPHONE });
  await untilPitch(bob, 'Ann', false);
  await untilAllSeeAndHear([ann, bob]);

  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('a microphone that is changed while muted is heard only after unmuting', async () => {
  const ann = await stage.inCall('Ann', {
    before: (context) => context.addInitScript(addHummingMicrophone, HUMMING_MICROPHONE),
  });
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await press(ann, 'Mute', 'Unmute');
  await press(ann, 'More');
  await ann.page
    .getByRole('combobox', { name: 'Microphone' })
    .selectOption({ label: HUMMING_MICROPHONE.label });
  await ann.page.getByRole('main').getByText('You are muted.').waitFor();
  expect(await microphonesSent(ann)).toEqual(['']);
  await press(ann, 'Unmute', 'Mute');
  await untilPitch(bob, 'Ann', true);
});

test('another speaker plays everyone, those who come later too, without an offer', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;
  expect(await speakersOf(ann)).toEqual(['']);

  await press(ann, 'More');
  const speaker = ann.page.getByRole('combobox', { name: 'Speaker' });
  await speaker.selectOption({ label: SECOND_SPEAKER });
  const chosen = await speaker.inputValue();
  await until('Bob is played on it', async () => (await speakersOf(ann)).every((id) => id === chosen));
  await untilHears(ann, videoSelector('Bob'));

  const cho = await stage.inCall('Cho');
  await untilAllSeeAndHear([ann, bob, cho]);
  await until('Cho is played on it too', async () => {
    return (await speakersOf(ann)).every((id) => id === chosen);
  });
  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});
