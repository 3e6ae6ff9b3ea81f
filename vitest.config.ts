// How the tests run: `unit` needs only Node, `e2e` drives real browsers against the built server,
// `network` does so inside networks of its own making.
import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['source'] };
const ssr = { resolve: { conditions: ['source'], externalConditions: ['source'] } };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          // Generous: a busy machine may be many times slower, and no test is about time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/*/test/**/*.test.ts',
            'tests/repo/**/*.test.ts',
            'tests/network/cable/*.test.ts',
          ],
          // They need nothing but Node: one for each core.
          maxWorkers: '100%',
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          fileParallelism: false,
          // Browsers take all of a small machine.
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'network',
          include: ['tests/network/*.test.ts'],
          // A call over a bad network takes its time, and each is made several times.
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // After all others: nothing else of ours may load the machine while media is looked at.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
