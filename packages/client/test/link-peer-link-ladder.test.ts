// Links that lose their path or their signalling, over fake connections, with a clock that stands still.

import type { LinkSignal } from '@maru/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ASK_MS,
  DISCONNECTED_GRACE_MS,
  FIRST_CONNECTION_MS,
  ICE_RESTART_MS,
  PROBE_MS,
  QUIET_MS,
  REBUILD_MS,
} from '../src/link/care/ladder-times.js';
import { camera, Pair } from './link-pair.js';

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
});
afterEach(() => {
  pair.close();
  expect(pair.clock.pending, 'no timer outlives its link').toBe(0);
  expect(pair.network.open, 'no connection outlives its link').toEqual([]);
});

const sdpOf = (signal: LinkSignal | undefined) => (signal && 'sdp' in signal ? signal.sdp : '');

describe('saying again', () => {
  test('[RES-9] an offer that was lost connects after a resync', async () => {
    pair.cut = true;
    await pair.connect();
    expect(pair.near.phase).toBe('connecting');
    pair.mend();
    await pair.idle();
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(sdpOf(pair.near.said.at(-1))).toContain('a=candidate');
  });

  test('[RES-9] [NEG-8] an answer that was lost is said again, the same', async () => {
    pair.loses = ({ kind }) => kind === 'answer';
    await pair.connect();
    expect(pair.near.phase).toBe('connecting');
    pair.loses = () => false;
    pair.mend();
    await pair.idle();
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.connections).toHaveLength(2);
    const answers = pair.far.said.filter(({ kind }) => kind === 'answer').map(sdpOf);
    expect(answers.length).toBeGreaterThan(1);
    const withoutCandidates = answers.map((sdp) => sdp.replace(/a=candidate.*\r\n/g, ''));
    expect(new Set(withoutCandidates).size).toBe(1);
  });

  test.each(['near', 'far'] as const)(
    '[RES-9] candidates of the %s end alone that were lost connect after a resync',
    async (end) => {
      pair.loses = (signal) => signal.kind === 'candidate' && pair[end].said.includes(signal);
      await pair.connect();
      expect([pair.near.phase, pair.far.phase]).toEqual(['connecting', 'connecting']);
      expect(pair.events('description').at(-1)).toMatchObject({ step: 'set-remote', type: 'answer' });
      pair.loses = () => false;
      pair.mend();
      await pair.idle();
      expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
      expect(pair.network.connections).toHaveLength(2);
    },
  );

  test('[LAD-1] a resync of a link that is connected says no offer and changes nothing', async () => {
    await pair.connect();
    const before = pair.near.it.snapshot;
    pair.mend();
    await pair.idle();
    expect(pair.near.count('offer')).toBe(1);
    expect(pair.near.it.snapshot).toBe(before);
    expect([pair.near.phases, pair.far.phases]).toEqual(Array(2).fill(['connecting', 'connected']));
  });
});

describe('the ladder of a link', () => {
  test('[LAD-2] says that it reconnects at once, restarts ICE after a moment, on the same connection', async () => {
    await pair.connect(camera(), camera());
    pair.network.cut();
    expect(pair.near.phase).toBe('reconnecting');
    expect(pair.near.it.snapshot.lines.camera.receiving).toBe(false);
    await pair.pass(DISCONNECTED_GRACE_MS);
    pair.network.heal();
    await pair.idle();
    expect(pair.climbed('near')).toEqual(['restart']);
    expect(pair.near.phases).toEqual(['connecting', 'connected', 'reconnecting', 'connected']);
    expect(pair.network.connections).toHaveLength(2);
    expect(pair.near.count('offer')).toBe(2);
  });

  test('[LAD-2] a path that recovers by itself is left alone', async () => {
    await pair.connect();
    pair.network.cut();
    await pair.pass(DISCONNECTED_GRACE_MS - 500);
    pair.network.heal();
    await pair.pass(60_000, 1_000);
    expect([...pair.climbed('near'), ...pair.climbed('far')]).toEqual([]);
    expect(pair.near.phase).toBe('connected');
  });

  test('[LAD-3] rebuilds where an ICE restart brings nothing', async () => {
    await pair.connect();
    pair.network.fail();
    await pair.pass(ICE_RESTART_MS);
    pair.network.heal();
    await pair.idle();
    expect(pair.climbed('near')).toEqual(['restart', 'rebuild']);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.connections).toHaveLength(4);
    expect(pair.network.open).toHaveLength(2);
    const links = pair.near.said.flatMap(({ kind, link }) => (kind === 'offer' ? [link] : []));
    expect(new Set(links).size).toBe(2);
  });

  test('[LAD-3] is not connected by a path that comes back just as the rebuild closes it', async () => {
    await pair.connect();
    pair.far.it.setReachable(false);
    pair.cut = true;
    pair.network.cut();
    let rebuilds = 0;
    pair.trace.subscribe(({ kind, ...event }) => {
      if (kind !== 'link' || !('reason' in event) || event.reason !== 'rebuild' || rebuilds++ > 0) return;
      // While the fresh connection is being made.
      queueMicrotask(() => {
        pair.network.heal();
        expect(pair.near.phase).toBe('connected');
      });
    });
    await pair.pass(DISCONNECTED_GRACE_MS + ICE_RESTART_MS);
    const near = pair.steps.filter((step) => step.startsWith('near'));
    expect(near.slice(-3)).toEqual(['near rebuild', 'near healthy', 'near rebuild']);
    expect(pair.near.phase).toBe('reconnecting');
    pair.mend();
    await pair.idle();
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.open).toHaveLength(2);
  });

  test('[LAD-4] gives up after two rebuilds; retry connects when there is a path again', async () => {
    await pair.connect();
    pair.network.fail();
    await pair.pass(ICE_RESTART_MS + 2 * REBUILD_MS);
    expect(pair.near.phase).toBe('failed');
    expect(pair.climbed('near')).toEqual(['restart', 'rebuild', 'rebuild', 'give-up']);
    pair.network.heal();
    pair.near.it.retry();
    await pair.idle();
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
  });

  test('[LAD-5] does nothing while the other end cannot be reached', async () => {
    await pair.connect();
    for (const { it } of [pair.near, pair.far]) it.setReachable(false);
    pair.cut = true;
    pair.network.fail();
    await pair.pass(120_000, 5_000);
    expect([...pair.climbed('near'), ...pair.climbed('far')]).toEqual([]);
    expect([pair.near.it.snapshot.step, pair.far.it.snapshot.step]).toEqual(['signalling', 'signalling']);
    expect([pair.near.phase, pair.far.phase]).toEqual(['reconnecting', 'reconnecting']);
    pair.cut = false;
    pair.network.heal();
    for (const { it } of [pair.near, pair.far]) it.setReachable(true);
    await pair.pass(250);
    expect(pair.climbed('near')).toEqual(['restart']);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
  });

  test('[LAD-6] the polite end climbs when nothing comes from the other', async () => {
    await pair.connect();
    pair.near.it.setReachable(false);
    pair.network.fail();
    await pair.pass(ASK_MS);
    expect(pair.climbed('far')).toEqual(['ask', 'rebuild']);
  });

  test('[LAD-6, NEG-11] the polite end that notices first has the other one restart, on the same connection', async () => {
    await pair.connect();
    pair.network.lose();
    pair.far.it.hint();
    await pair.pass(PROBE_MS);
    pair.network.heal();
    await pair.idle();
    expect(pair.climbed('far').slice(0, 1)).toEqual(['ask']);
    expect(pair.far.count('restart')).toBe(1);
    expect(pair.near.count('offer')).toBe(2);
    expect(pair.network.connections).toHaveLength(2);
    await pair.pass(60_000, 1_000);
    expect([pair.near.it.snapshot.step, pair.far.it.snapshot.step]).toEqual(['healthy', 'healthy']);
    expect(pair.network.connections).toHaveLength(2);
  });

  test('[NEG-3] a fresh connection of the polite end outdoes a restart that crosses it', async () => {
    await pair.connect();
    pair.network.cut();
    // What the impolite end does is not heard, until the polite one has lost its patience.
    pair.loses = ({ kind }) => kind === 'restart' || kind === 'offer';
    await pair.pass(2 * DISCONNECTED_GRACE_MS + ASK_MS);
    expect(pair.climbed('far')).toEqual(['ask', 'rebuild']);
    pair.loses = () => false;
    pair.network.heal();
    pair.mend();
    await pair.pass(60_000, 1_000);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.open).toHaveLength(2);
  });

  test('[LAD-6] told to retry at both ends, only the impolite one restarts ICE', async () => {
    await pair.connect();
    pair.near.it.retry();
    pair.far.it.retry();
    await pair.idle();
    expect(pair.climbed('near')).toEqual(['restart']);
    expect(pair.near.count('offer')).toBe(2);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.connections).toHaveLength(2);
  });

  test('[LAD-3] goes over relays alone where an ICE restart brings nothing and there is a relay', async () => {
    pair.servers = [{ urls: ['turns:turn.example:443?transport=tcp'], username: 'u', credential: 'c' }];
    await pair.connect();
    pair.network.fail();
    await pair.pass(ICE_RESTART_MS);
    const fresh = pair.network.open.find(({ name }) => name === 'pc2');
    expect(fresh?.getConfiguration().iceTransportPolicy).toBe('relay');
    pair.network.heal();
    await pair.pass(1_000);
    expect(pair.climbed('near')).toEqual(['restart', 'relay']);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    // On the next network a better path may be found.
    pair.near.it.retry();
    await pair.idle();
    expect(fresh?.getConfiguration().iceTransportPolicy).toBe('all');
  });

  test('[LAD-4] a network that comes back after it was given up ends it, without anyone’s help', async () => {
    await pair.connect();
    pair.network.fail();
    await pair.pass(ICE_RESTART_MS + 2 * REBUILD_MS);
    expect(pair.near.phase).toBe('failed');
    pair.network.heal();
    await pair.pass(QUIET_MS);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.near.it.snapshot.reason).toBeNull();
  });

  test('[LAD-7] a path that is dead is restarted within a second of a hint, before the browser has noticed', async () => {
    await pair.connect(camera(), camera());
    await pair.pass(3_000);
    pair.network.lose();
    pair.near.it.hint();
    await pair.pass(PROBE_MS);
    expect(pair.near.phase).toBe('connected');
    expect(pair.climbed('near')).toEqual(['restart']);
  });

  test('[LAD-7] one that lives is left alone, even where nothing is sent', async () => {
    await pair.connect();
    pair.near.it.hint();
    pair.far.it.hint();
    await pair.pass(60_000, 1_000);
    expect(pair.steps.slice(-4).sort()).toEqual([
      'far healthy',
      'far suspect',
      'near healthy',
      'near suspect',
    ]);
    expect([...pair.climbed('near'), ...pair.climbed('far')]).toEqual([]);
    expect(pair.near.messages).toEqual([]);
  });

  test('[LAD-9] a first connection that does not come says why while it goes on being tried', async () => {
    pair.network.cut();
    await pair.connect();
    await pair.pass(FIRST_CONNECTION_MS);
    for (const { it } of [pair.near, pair.far]) {
      expect(it.snapshot).toMatchObject({ phase: 'connecting', reason: 'no-relay' });
    }
    pair.network.heal();
    await pair.pass(1_000);
    expect(pair.near.it.snapshot).toMatchObject({ phase: 'connected', reason: null });
    expect(pair.events('link').filter(({ step }) => step === 'no-path')).toHaveLength(2);
  });

  test('[REP-1] a relay that is silent until then is told of, though the browser has not given it up', async () => {
    const silent = 'turn:turn.example?transport=tcp';
    pair.servers = [{ urls: ['stun:stun.example', silent], username: 'u', credential: 'c' }];
    pair.network.relays = false;
    pair.network.cut();
    await pair.connect();
    await pair.pass(FIRST_CONNECTION_MS);
    expect(pair.near.it.snapshot.reason).toBe('relay-unreachable');
    expect(new Set(pair.reports)).toEqual(new Set([`unreachable ${silent}`]));
  });

  test('an offer that the browser cannot make leaves what works, and the ladder goes on', async () => {
    await pair.connect();
    pair.network.failNextLocal = true;
    pair.near.it.retry();
    await pair.idle();
    expect(pair.errors[0]).toContain('offer: OperationError');
    expect(pair.near.phase).toBe('connected');
    pair.near.it.retry();
    await pair.idle();
    expect(pair.far.count('answer')).toBe(2);
  });
});

describe('the end', () => {
  test('close is said once, and nothing is done or told after it', async () => {
    await pair.connect(camera(), camera());
    const link = pair.near.it;
    link.close();
    link.close();
    const { length } = pair.near.said;
    link.offer();
    link.retry();
    link.resync();
    link.setTrack('camera', null);
    link.setReachable(false);
    link.receive(JSON.stringify(pair.far.said[0]));
    expect(link.send({ type: 'bye' })).toBe(false);
    expect(link.level()).toBe(0);
    await pair.pass(60_000, 5_000);
    expect(pair.near.phases).toEqual(['connecting', 'connected', 'closed']);
    expect(pair.near.said).toHaveLength(length);
    expect(pair.near.it.snapshot).toMatchObject({ phase: 'closed', dataOpen: false, stats: null });
  });

  test('close frees the connection that is being made', async () => {
    pair.create('far');
    pair.create('near').offer();
    expect(pair.network.open).toHaveLength(1);
    pair.near.it.close();
    await pair.idle();
    expect(pair.network.open).toEqual([]);
    expect(pair.near.said).toEqual([]);
    expect(pair.errors).toEqual([]);
  });

  test('the other end notices at once that a connection was closed', async () => {
    await pair.connect(camera(), camera());
    pair.near.it.close();
    expect(pair.far.phase).toBe('reconnecting');
    expect(pair.far.it.snapshot.dataOpen).toBe(false);
  });
});
