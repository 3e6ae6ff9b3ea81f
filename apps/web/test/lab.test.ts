// The lab: milestones read from a trace, and words for every kind of step.

import type { TraceEvent, TraceStep } from '@maru/client';
import { describe, expect, test } from 'vitest';
import { milestoneTimes } from '../src/lab/milestones.js';
import { detail, meaning, stepName } from '../src/lab/trace-words.js';

const NEAR = { peer: 'local', link: 'aaaaaaaaaaaa' };

const STEPS: readonly TraceStep[] = [
  { kind: 'link', step: 'created', ...NEAR },
  { kind: 'description', step: 'created', type: 'offer', sdp: 'v=0\r\n', ...NEAR },
  { kind: 'description', step: 'set-local', type: 'offer', sdp: 'v=0\r\n', ...NEAR },
  {
    kind: 'candidate',
    direction: 'local',
    candidate: 'candidate:1 1 udp 1 x.local 9 typ host',
    candidateType: 'host',
    protocol: 'udp',
    ...NEAR,
  },
  { kind: 'description', step: 'set-remote', type: 'answer', sdp: 'v=0\r\n', ...NEAR },
  { kind: 'signaling-state', state: 'stable', ...NEAR },
  { kind: 'ice-gathering-state', state: 'complete', ...NEAR },
  { kind: 'ice-connection-state', state: 'checking', ...NEAR },
  { kind: 'ice-connection-state', state: 'connected', ...NEAR },
  { kind: 'dtls-state', state: 'connecting', ...NEAR },
  { kind: 'dtls-state', state: 'connected', ...NEAR },
  { kind: 'candidate-error', url: 'stun:192.0.2.9', errorCode: 701, errorText: 'timed out', ...NEAR },
  { kind: 'candidate-pair', local: 'host', remote: 'host', relayed: false, ...NEAR },
  { kind: 'connection-state', state: 'connected', ...NEAR },
  { kind: 'data-channel', state: 'open', ...NEAR },
  { kind: 'track', step: 'sending', line: 'camera', ...NEAR },
  { kind: 'track', step: 'first-frame', line: 'camera', ...NEAR },
  { kind: 'link', step: 'ladder', reason: 'ice-restart', ...NEAR },
  { kind: 'link', step: 'dropped', reason: 'stale', ...NEAR },
  { kind: 'link', step: 'closed', ...NEAR },
  { kind: 'socket', state: 'open' },
  { kind: 'message', direction: 'sent', type: 'hello', bytes: 60 },
  { kind: 'room', step: 'joined' },
];
const EVENTS: readonly TraceEvent[] = STEPS.map((step, seq) => ({ ...step, at: 1_000 + seq * 10, seq }));

describe('milestones', () => {
  test('are counted from the press of Call, each at its first time', () => {
    expect(milestoneTimes(EVENTS, 1_000, 1_300)).toEqual({
      Offer: 10,
      Candidate: 30,
      Answer: 40,
      Ice: 80,
      Dtls: 100,
      Channel: 140,
      Frame: 300,
    });
  });

  test('are null until they happen', () => {
    expect(Object.values(milestoneTimes([], 0, null)).every((time) => time === null)).toBe(true);
    expect(milestoneTimes(EVENTS.slice(0, 8), 1_000, null)).toMatchObject({
      Offer: 10,
      Ice: null,
      Frame: null,
    });
  });
});

test('every step has a name and a meaning without holes', () => {
  for (const event of EVENTS) {
    expect(stepName(event)).not.toBe('');
    expect(meaning(event)).not.toMatch(/\{|undefined/);
  }
});

test('descriptions and candidates can be unfolded, other steps are all there is to see', () => {
  expect(EVENTS.filter((event) => detail(event) !== null).map((event) => event.kind)).toEqual([
    'description',
    'description',
    'candidate',
    'description',
  ]);
});
