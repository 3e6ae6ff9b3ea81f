// The trace itself, and how it reads candidates.

import { expect, test } from 'vitest';
import { fakeEnv } from '../src/testing/fake-env.js';
import { candidatesIn, readCandidate } from '../src/trace/candidate-text.js';
import { createTrace } from '../src/trace/trace.js';

test('events carry their time and count from 0', async () => {
  const env = fakeEnv();
  const trace = createTrace(env);
  trace.record({ kind: 'socket', state: 'connecting' });
  await env.clock.advance(40);
  trace.record({ kind: 'socket', state: 'open' });
  expect(trace.events).toEqual([
    { kind: 'socket', state: 'connecting', at: 0, seq: 0 },
    { kind: 'socket', state: 'open', at: 40, seq: 1 },
  ]);
});

test('the oldest events make room', () => {
  const trace = createTrace(fakeEnv(), 3);
  for (let i = 0; i < 5; i++) trace.record({ kind: 'socket', state: 'open' });
  expect(trace.events.map(({ seq }) => seq)).toEqual([2, 3, 4]);
});

test('listeners hear each event until their own signal aborts', () => {
  const trace = createTrace(fakeEnv());
  const heard: number[] = [];
  const listener = ({ seq }: { seq: number }) => heard.push(seq);
  const first = new AbortController();
  trace.subscribe(listener, { signal: first.signal });
  trace.subscribe(listener);
  trace.subscribe(listener, { signal: AbortSignal.abort() });
  trace.record({ kind: 'socket', state: 'open' });
  first.abort();
  trace.record({ kind: 'socket', state: 'lost' });
  expect(heard).toEqual([0, 0, 1]);
});

test('a candidate is read by its words, whatever browser wrote it', () => {
  const chromium =
    'candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0 ufrag abcd network-id 1';
  const firefox =
    'candidate:3 1 TCP 1685987327 198.51.100.7 9 typ srflx raddr 192.0.2.1 rport 9 tcptype active';
  expect(readCandidate(chromium)).toEqual({ candidateType: 'host', protocol: 'udp' });
  expect(readCandidate(firefox)).toEqual({ candidateType: 'srflx', protocol: 'tcp' });
  expect(readCandidate('')).toEqual({ candidateType: '', protocol: '' });
  expect(candidatesIn(`v=0\r\na=${chromium}\r\na=mid:0\r\na=${firefox}\r\n`)).toEqual([chromium, firefox]);
});
