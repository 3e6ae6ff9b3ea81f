// The pool of workers: placed by load, noticed when they end or hang, replaced. With processes, and without.

import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../src/env/clock.js';
import { systemClock } from '../src/env/system-clock.js';
import { SfuPool } from '../src/sfu/sfu-pool.js';
import type { Adoption, WorkerOptions } from '../src/sfu/worker-message.js';
import { forkWorkers, type SpawnWorker } from '../src/sfu/worker-process.js';
import { FakeClock } from './support/fake-clock.js';
import { FakeWorkers } from './support/fake-workers.js';

const OPTIONS: WorkerOptions = {
  port: 0,
  sharedPort: null,
  bindAddress: null,
  announce: ['203.0.113.5'],
  videoCodecs: ['VP8'],
  limits: { rooms: 10, links: 10, linkBitrate: 1_000_000 },
};
const SILENT = pino({ level: 'silent' });
const TINY = new URL('./support/tiny-worker.mjs', import.meta.url);

function poolOf(size: number, spawn: SpawnWorker, clock: Clock, options: Partial<WorkerOptions> = {}) {
  const lost: string[] = [];
  let onLost = (): void => undefined;
  const pool = new SfuPool({
    size,
    options: { ...OPTIONS, ...options },
    spawn,
    clock,
    log: SILENT,
    onClosed: (link) => {
      lost.push(link);
      onLost();
    },
    onSeats: () => undefined,
  });
  onTestFinished(() => pool.stop());
  /** Resolves when so many links in all are lost. */
  const lose = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onLost = () => {
        if (lost.length >= count) resolve();
      };
      onLost();
    });
  return { pool, lost, lose };
}

async function fakePool(size: number, options: Partial<WorkerOptions> = {}) {
  const workers = new FakeWorkers();
  const clock = new FakeClock();
  const made = poolOf(size, workers.spawn, clock, options);
  expect(await made.pool.start()).toBeNull();
  return { ...made, workers, clock };
}

test('worker n listens on the port of the first plus n', async () => {
  const { workers, pool } = await fakePool(3, { port: 9_000 });
  expect(workers.all.map(({ options }) => options?.port)).toEqual([9_000, 9_001, 9_002]);
  expect(pool.workers.map(({ port }) => port)).toEqual([9_000, 9_001, 9_002]);
});

test('rooms are placed on the least loaded worker and stay there while they have a link', async () => {
  const { workers, pool } = await fakePool(2);
  await pool.open('a1', 'a', 'x');
  await pool.open('a2', 'a', 'x');
  await pool.open('b1', 'b', 'x');
  await pool.open('a3', 'a', 'x');
  expect([workers.worker(0).links, workers.worker(1).links]).toEqual([['a1', 'a2', 'a3'], ['b1']]);
  for (const link of ['a1', 'a2', 'a3']) pool.close(link);
  await pool.open('c1', 'c', 'x');
  await pool.open('c2', 'c', 'x');
  await pool.open('a4', 'a', 'x');
  expect([workers.worker(0).links, workers.worker(1).links]).toEqual([
    ['c1', 'c2'],
    ['b1', 'a4'],
  ]);
  pool.seat('a4', 'peer');
  expect(workers.worker(1).seats).toEqual(['a4 peer']);
});

test('a room is not placed on a worker that has as many as it may, while another has space', async () => {
  const { workers, pool } = await fakePool(2, { limits: { ...OPTIONS.limits, rooms: 2 } });
  await pool.open('a1', 'a', 'x');
  for (const link of ['b1', 'b2', 'b3']) await pool.open(link, 'b', 'x');
  await pool.open('c1', 'c', 'x');
  await pool.open('d1', 'd', 'x');
  expect([workers.worker(0).links, workers.worker(1).links]).toEqual([
    ['a1', 'c1'],
    ['b1', 'b2', 'b3', 'd1'],
  ]);
});

test('a client at the port of all workers is given to the one that has its link, for as long as it has it', async () => {
  const { workers, pool, clock } = await fakePool(2);
  await pool.open('a1', 'a', 'x');
  await pool.open('b1', 'b', 'x');
  const adoption: Adoption = {
    local: { address: '203.0.113.5', port: 9_000 },
    client: { address: '198.51.100.7', port: 40_000 },
    datagram: Buffer.from('first'),
  };
  pool.adopt('here-b1', adoption);
  pool.adopt('of nobody', adoption);
  expect(workers.worker(0).adopted).toEqual([]);
  expect(workers.worker(1).adopted).toEqual([{ type: 'adopt', link: 'b1', adoption }]);
  // Whoever sends many is not passed on as often, until the next second.
  for (let more = 0; more < 100; more += 1) pool.adopt('here-b1', adoption);
  expect(workers.worker(1).adopted).toHaveLength(50);
  clock.advance(1_000);
  pool.adopt('here-b1', adoption);
  expect(workers.worker(1).adopted).toHaveLength(51);
  pool.close('b1');
  pool.adopt('here-b1', adoption);
  expect(workers.worker(1).adopted).toHaveLength(51);
});

test('a link that was refused holds no room where it is', async () => {
  const { workers, pool } = await fakePool(2);
  await pool.open('b1', 'b', 'x');
  workers.result = { ok: false, code: 'sfu-full', reason: 'full' };
  expect(await pool.open('a1', 'a', 'x')).toMatchObject({ code: 'sfu-full' });
  workers.result = { ok: true, answer: 'AAAA', usernameFragment: 'here' };
  pool.close('b1');
  await pool.open('a2', 'a', 'x');
  expect(workers.worker(0).links).toEqual(['a2']);
});

test('[SFU-14] one that does not answer for three seconds is ended, its links are lost, and another follows', async () => {
  const { workers, pool, lost, clock } = await fakePool(1, { port: 9_000 });
  await pool.open('a1', 'a', 'x');
  clock.advance(60_000);
  expect(workers.all).toHaveLength(1);
  workers.hanging = true;
  clock.advance(3_000);
  expect(lost).toEqual([]);
  clock.advance(1_000);
  expect(lost).toEqual(['a1']);
  expect(workers.all[0]?.alive).toBe(false);
  workers.hanging = false;
  clock.advance(1);
  expect(workers.all).toHaveLength(2);
  expect(workers.worker().options?.port).toBe(9_000);
  expect(await pool.open('a2', 'a', 'x')).toMatchObject({ ok: true });
  expect(pool.workers[0]?.restarts).toBe(1);
});

test('one that hangs while the server itself stood still is given the time to answer', async () => {
  const { workers, clock } = await fakePool(1);
  clock.skip(60_000);
  clock.advance(4_000);
  expect(workers.all).toHaveLength(1);
});

test('[SFU-14] one that ends again and again is started after longer and longer pauses', async () => {
  const { workers, clock } = await fakePool(1);
  const pauses: number[] = [];
  for (let n = 0; n < 9; n++) {
    workers.worker().end();
    await Promise.resolve();
    let waited = 0;
    for (const count = workers.all.length; workers.all.length === count; waited += 50) clock.advance(50);
    pauses.push(waited);
  }
  expect(pauses).toEqual([50, 250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  // One that has lasted begins anew.
  clock.advance(10_000);
  workers.worker().end();
  await Promise.resolve();
  clock.advance(1);
  expect(workers.all).toHaveLength(11);
});

test('[SFU-9] an offer waits for a worker to be ready, for five seconds', async () => {
  const { workers, pool, clock } = await fakePool(1);
  workers.slow = true;
  workers.worker().end();
  await Promise.resolve();
  clock.advance(1);
  const early = pool.open('a1', 'a', 'x');
  clock.advance(5_000);
  expect(await early).toMatchObject({ ok: false, code: 'sfu-unavailable' });
  const waiting = pool.open('a2', 'a', 'x');
  clock.advance(4_000);
  workers.worker().say({ type: 'ready', port: 9_000 });
  expect(await waiting).toMatchObject({ ok: true });
});

test('what keeps a worker from serving is told with its port', async () => {
  const workers = new FakeWorkers();
  workers.slow = true;
  const { pool } = poolOf(2, workers.spawn, new FakeClock(), { port: 9_000 });
  const started = pool.start();
  workers.worker(0).say({ type: 'ready', port: 9_000 });
  workers.worker(1).say({ type: 'failed', problem: 'port-taken', reason: 'bind EADDRINUSE' });
  workers.worker(1).end();
  expect(await started).toEqual({ problem: 'port-taken', reason: 'bind EADDRINUSE', port: 9_001 });
});

async function realPool(size: number) {
  const made = poolOf(size, forkWorkers(TINY, SILENT), systemClock);
  expect(await made.pool.start()).toBeNull();
  return made;
}

test.each(['crash', 'hang'])(
  '[SFU-14] a process that would %s is noticed and replaced, others go on',
  async (how) => {
    const { pool, lost, lose } = await realPool(2);
    expect(await pool.open('a1', 'a', 'x')).toMatchObject({ ok: true });
    expect(await pool.open('b1', 'b', 'x')).toMatchObject({ ok: true });
    expect(await pool.open('a2', 'a', how)).toMatchObject({ ok: false, code: 'sfu-unavailable' });
    await lose(1);
    expect(lost).toEqual(['a1']);
    // The room goes on where a worker lives, whichever that is, and so does the other one.
    expect(await pool.open('a3', 'a', 'x')).toMatchObject({ ok: true });
    expect(await pool.open('b2', 'b', 'x')).toMatchObject({ ok: true });
    await expect
      .poll(() => pool.workers.map(({ ready }) => ready), { timeout: 30_000 })
      .toEqual([true, true]);
    expect(pool.workers.map(({ restarts }) => restarts).sort()).toEqual([0, 1]);
  },
);

test('a process knows nothing of the environment of the server, and ends with the pool', async () => {
  process.env['MARU_TURN_SECRET'] = 'hunter2';
  onTestFinished(() => {
    delete process.env['MARU_TURN_SECRET'];
  });
  const { pool } = await realPool(1);
  const told = await pool.open('a1', 'a', 'environment');
  expect(told.ok && told.answer).toContain('PATH');
  expect(told.ok && told.answer).not.toMatch(/MARU|hunter2/);
  const pid = await pool.open('a2', 'a', 'pid');
  await pool.stop();
  expect(() => process.kill(Number(pid.ok && pid.answer), 0)).toThrow('ESRCH');
});

test('a pool whose process cannot run says so', async () => {
  const { pool } = poolOf(
    1,
    forkWorkers(new URL('./support/none.mjs', import.meta.url), SILENT),
    systemClock,
  );
  expect(await pool.start()).toMatchObject({ problem: 'ended' });
});
