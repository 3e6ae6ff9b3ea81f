// What browsers report of STUN and TURN servers: counted, and one line a minute for each thing that is wrong.

import { expect, test } from 'vitest';
import { LOG_INTERVAL_MS } from '../src/signalling/ice-reports.js';
import { testServer } from './support/server.js';

const TURN = 'turn:turn.example.org:3478?transport=tcp';
const STUN = 'stun:stun.example.org:3478';

const warnings = (log: readonly string[]): string[] =>
  log.flatMap((line) => {
    const { level, msg } = JSON.parse(line);
    return level === 'warn' || level === 40 ? [msg] : [];
  });

test('[REP-2] a report is one warning a minute for each server and failure, and is counted', async () => {
  const server = await testServer({ turn: [TURN], stun: [STUN], metrics: true });
  const [one, other] = [await server.client(), await server.client()];
  for (const client of [one, other, one]) {
    await client.expect('ok', { type: 'report', url: TURN, failure: 'credentials' });
  }
  await one.expect('ok', { type: 'report', url: TURN, failure: 'unreachable' });
  await one.expect('ok', { type: 'report', url: STUN, failure: 'unreachable' });
  expect(warnings(server.log)).toEqual([
    `TURN server ${TURN} refused the credentials: they are wrong or have expired`,
    `TURN server ${TURN} could not be reached from a browser`,
    `STUN server ${STUN} could not be reached from a browser`,
  ]);
  await server.pass(LOG_INTERVAL_MS);
  await other.expect('ok', { type: 'report', url: TURN, failure: 'credentials' });
  expect(warnings(server.log)).toHaveLength(4);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('maru_ice_server_failures_total{failure="credentials"} 4');
  expect(metrics).toContain('maru_ice_server_failures_total{failure="unreachable"} 2');
});

test('[REP-2] one of a server that is not configured means nothing', async () => {
  const server = await testServer({ turn: [TURN] });
  const client = await server.client();
  await client.expect('ok', { type: 'report', url: 'turn:elsewhere.example.org', failure: 'unreachable' });
  expect(warnings(server.log)).toEqual([]);
});

test('[REP-2] no address of a person is in the line', async () => {
  const server = await testServer({ turn: [TURN] });
  const client = await server.client();
  await client.expect('ok', { type: 'report', url: TURN, failure: 'refused' });
  const line = server.log.find((entry) => entry.includes('refused a browser'));
  expect(line).not.toContain('127.0.0.1');
  expect(Object.keys(JSON.parse(line ?? '{}')).sort()).toEqual(['failure', 'level', 'msg', 'time', 'url']);
});
