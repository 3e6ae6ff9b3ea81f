// How calls look and sound on lines of every kind. One person's line is emulated, both ways; the other's is perfect.

import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LOSSY, NARROW, PROFILES, type Profile, profileWords } from './cable/profiles.js';
import { createCable } from './cable/tun-cable.js';
import { call } from './support/call.js';
import { useLab } from './support/lab.js';
import { report } from './support/measured.js';
import { writeNoisyCamera } from './support/noisy-camera.js';
import { observe, type Quality, qualityWords, worse } from './support/quality.js';
import { writeSpeakingMicrophone } from './support/speaking-microphone.js';

/** Until the bandwidth estimate has found its place; only then is it looked at how well it does. */
const START_UP_MS = 12_000;
const OBSERVED_MS = 15_000;

const browser = { writeCamera: writeNoisyCamera, writeMicrophone: writeSpeakingMicrophone };
const cable = createCable({ up: {}, down: {} });
const lab = useLab(() => ({
  Ann: { rules: { nat: 'keeps-ports' }, cable: lab.adopt(cable), browser },
  Bob: { rules: { nat: 'keeps-ports' }, browser },
}));

/** What Maru promises on a line; on the others it is measured only. */
const PROMISES = new Map<Profile, (quality: Quality) => void>([
  [
    LOSSY,
    ({ concealed, framesPerSecond }) => {
      expect(concealed).toBeLessThan(0.05);
      expect(framesPerSecond).toBeGreaterThanOrEqual(10);
    },
  ],
  [
    NARROW,
    ({ concealed, longestPauseMs }) => {
      expect(concealed).toBeLessThan(0.01);
      expect(longestPauseMs).toBeLessThanOrEqual(1_000);
    },
  ],
]);

test.each(PROFILES.map((profile) => [profile.name, profile] as const))('%s', async (name, profile) => {
  cable.become(profile);
  const server = await lab.serve();
  const { people, connectMs } = await call(lab, server, [lab.home('Ann'), lab.home('Bob')]);
  const [ann, bob] = people;
  await pass(START_UP_MS);
  if (profile.tunnel) setTimeout(() => cable.mend(), profile.tunnel.forMs);
  if (profile.tunnel) cable.cut();
  const [atAnn, atBob] = await Promise.all([
    observe(ann, bob.name, OBSERVED_MS),
    observe(bob, ann.name, OBSERVED_MS),
  ]);
  const quality = worse(atAnn, atBob);
  const connect = `${Math.round(connectMs[0] ?? 0)} ms`;
  report({
    table: 'profiles',
    row: name,
    columns: { numbers: profileWords(profile), connect, ...qualityWords(quality) },
  });
  PROMISES.get(profile)?.(quality);
});
