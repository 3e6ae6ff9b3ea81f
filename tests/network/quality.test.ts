// How calls look and sound on lines of every kind. One person's line is emulated, both ways; the other's is perfect.

import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LOSSY, NARROW, PERFECT, PROFILES, type Profile, profileWords } from './cable/profiles.js';
import { createCable } from './cable/tun-cable.js';
import { call, type Pair } from './support/call.js';
import { useLab } from './support/lab.js';
import { report } from './support/measured.js';
import { writeNoisyCamera } from './support/noisy-camera.js';
import { observe, type Quality, qualityWords, worse } from './support/quality.js';
import { writeSpeakingMicrophone } from './support/speaking-microphone.js';

/** Until the bandwidth estimate has found its place; only then is it looked at how well it does. */
const START_UP_MS = 8_000;
const OBSERVED_MS = 10_000;

const browser = { writeCamera: writeNoisyCamera, writeMicrophone: writeSpeakingMicrophone };
const cable = createCable({ up: {}, down: {} });
const lab = useLab(() => ({
  Ann: { rules: { nat: 'keeps-ports' }, cable: lab.adopt(cable), browser },
  Bob: { rules: { nat: 'keeps-ports' }, browser },
}));

/** Sound that the line leaves alone: what a busy machine makes up by itself, on a perfect line too, was seen to be 1.3 %. */
const UNTOUCHED = 0.03;

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
      expect(concealed).toBeLessThan(UNTOUCHED);
      expect(longestPauseMs).toBeLessThanOrEqual(1_000);
    },
  ],
]);

/**
 * So often a promise is looked at: a machine that stalls makes up sound and drops pictures whatever the line does, and
 * what is asked here is what the line does.
 */
const LOOKS = 3;

interface Looked {
  /** The quality at the worse of both ends in the first stretch: what is reported. */
  readonly first: Quality;
  /** In the first stretch in which the promise is kept, else in the last. */
  readonly best: Quality;
}

async function observeBoth([one, other]: Pair, promise: (quality: Quality) => void): Promise<Looked> {
  let first: Quality | null = null;
  for (let look = 1; ; look += 1) {
    const [atOne, atOther] = await Promise.all([
      observe(one, other.name, OBSERVED_MS),
      observe(other, one.name, OBSERVED_MS),
    ]);
    const best = worse(atOne, atOther);
    first ??= best;
    if (look === LOOKS || isKept(promise, best)) return { first, best };
  }
}

function isKept(promise: (quality: Quality) => void, quality: Quality): boolean {
  try {
    promise(quality);
    return true;
  } catch {
    // Only looked at here: whether it is kept in the end is for the test to say.
    return false;
  }
}

/** On most lines nothing is promised. */
function nothing(): void {}

test.each(PROFILES.map((profile) => [profile.name, profile] as const))('%s', async (name, profile) => {
  // The page itself comes over a good line: what is looked at is the call.
  cable.become(PERFECT);
  const server = await lab.serve();
  const { people, connectMs } = await call(lab, server, [lab.home('Ann'), lab.home('Bob')], {
    onEntered: () => cable.become(profile),
  });
  await pass(START_UP_MS);
  if (profile.tunnel) setTimeout(() => cable.mend(), profile.tunnel.forMs);
  if (profile.tunnel) cable.cut();
  const promise = PROMISES.get(profile) ?? nothing;
  const { first, best } = await observeBoth(people, promise);
  const connect = `${Math.round(connectMs[0] ?? 0)} ms`;
  const columns = { numbers: profileWords(profile), connect, ...qualityWords(first) };
  report({ table: 'profiles', row: name, columns });
  promise(best);
});
