// What reports of getStats come to, in the shapes that Chromium and Firefox give them.

import { describe, expect, test } from 'vitest';
import { type StatsEntry, summarize } from '../src/link/care/stats-summary.js';

const candidates: StatsEntry[] = [
  {
    id: 'L',
    type: 'local-candidate',
    timestamp: 1,
    candidateType: 'host',
    protocol: 'udp',
    address: '192.0.2.1',
    port: 5,
  },
  { id: 'R', type: 'remote-candidate', timestamp: 1, candidateType: 'srflx', protocol: 'udp' },
  { id: 'T', type: 'remote-candidate', timestamp: 1, candidateType: 'relay', protocol: 'udp' },
];
const pair = (id: string, remote: string, more: object = {}): StatsEntry => ({
  id,
  type: 'candidate-pair',
  timestamp: 1,
  localCandidateId: 'L',
  remoteCandidateId: remote,
  currentRoundTripTime: 0.042,
  ...more,
});
const inbound = (
  timestamp: number,
  packetsReceived: number,
  packetsLost: number,
  bytesReceived: number,
): StatsEntry => ({
  id: 'in',
  type: 'inbound-rtp',
  timestamp,
  mid: '1',
  packetsReceived,
  packetsLost,
  bytesReceived,
  frameWidth: 640,
  frameHeight: 480,
  framesPerSecond: 30,
});

describe('summary of statistics', () => {
  test('the pair that the transport names, as Chromium does', () => {
    const transport = { id: 'X', type: 'transport', timestamp: 1, selectedCandidatePairId: 'p1' };
    const summary = summarize([transport, pair('p0', 'T'), pair('p1', 'R'), ...candidates], '1', null);
    expect(summary.pair).toEqual({
      id: 'p1',
      local: 'host udp 192.0.2.1:5',
      remote: 'srflx udp',
      relayed: false,
    });
    expect(summary.stats).toMatchObject({ rttMs: 42, relayed: false });
  });

  test('the pair that says so itself, as in Firefox; a relay at either end is a relay', () => {
    const summary = summarize(
      [pair('p0', 'R'), pair('p1', 'T', { selected: true }), ...candidates],
      '1',
      null,
    );
    expect(summary.pair?.id).toBe('p1');
    expect(summary.stats.relayed).toBe(true);
  });

  test('rates and loss are of the time in between', () => {
    const first = summarize([inbound(1_000, 100, 0, 50_000)], '1', null);
    expect(first.stats).toMatchObject({ lossIn: null, bitrateIn: null, bitrateOut: null });
    const sent = { id: 'out', type: 'outbound-rtp', timestamp: 3_000, bytesSent: 25_000 };
    const second = summarize([inbound(3_000, 190, 10, 75_000), sent], '1', first.totals);
    expect(second.stats).toMatchObject({ lossIn: 0.1, bitrateIn: 100_000, bitrateOut: 100_000 });
    expect(second.stats).toMatchObject({ width: 640, height: 480, framesPerSecond: 30 });
    expect(second.received.get('1')).toMatchObject({ packets: 190 });
  });

  test('what the browser does not say is null, and counters that fall give no rate', () => {
    const empty = summarize([], null, null);
    expect(empty.pair).toBeNull();
    expect(Object.values(empty.stats)).toEqual(Object.values(empty.stats).map(() => null));
    const first = summarize([inbound(1_000, 100, 5, 50_000)], '1', null);
    const second = summarize([inbound(3_000, 10, 0, 500)], '0', first.totals);
    expect(second.stats).toMatchObject({ lossIn: null, bitrateIn: null, width: null });
  });
});
