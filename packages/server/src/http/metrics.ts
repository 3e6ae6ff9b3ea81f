// Figures for Prometheus: read when they are asked for, so that counting costs a plain addition.

import type { Registry } from 'prom-client';
import type { SfuPool } from '../sfu/sfu-pool.js';
import type { Signalling } from '../signalling/signalling.js';
import { addSfuMetrics } from './sfu-metrics.js';

/** A registry over one server's figures. */
export async function metricsOf(signalling: Signalling, pool: SfuPool | null = null): Promise<Registry> {
  // Loaded only where figures are wanted.
  const { Counter, collectDefaultMetrics, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (
    name: string,
    help: string,
    label: string,
    read: () => ReadonlyMap<string, number>,
  ): void => {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [key, count] of read()) this.inc({ [label]: key }, count);
      },
    });
  };
  gauge('maru_connections', 'Open signalling connections.', () => signalling.connectionCount);
  gauge('maru_rooms', 'Rooms with someone inside.', () => signalling.rooms.roomCount);
  gauge('maru_peers_present', 'Peers inside with a connection.', () => signalling.rooms.presentCount);
  gauge('maru_peers_away', 'Peers whose place is kept.', () => signalling.rooms.awayCount);
  counter('maru_messages_total', 'Messages received, by type.', 'type', () => signalling.counts.messages);
  counter(
    'maru_ice_server_failures_total',
    'STUN and TURN servers that gave a browser nothing, as browsers report, by failure.',
    'failure',
    () => signalling.iceReports.counts,
  );
  counter('maru_refused_total', 'Requests refused, by code.', 'code', () => signalling.counts.refused);
  if (pool) await addSfuMetrics(registry, pool);
  return registry;
}
