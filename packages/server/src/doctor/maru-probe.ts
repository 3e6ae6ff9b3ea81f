// Asks a Maru server what any visitor may ask it: is it there, what does it call itself, which ICE servers it hands out.

import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { TLSSocket } from 'node:tls';
import { type IceServer, PROTOCOL_VERSION, parseServerMessage, type ServerMessage } from '@maru/protocol';
import { WebSocket } from 'ws';
import { NetworkFailure, socketFailure } from './network-failure.js';

export interface ProbeOptions {
  readonly timeoutMs: number;
  readonly ca?: string | undefined;
  /** False to look past a certificate that nobody vouches for, as when asking this very machine. */
  readonly verify: boolean;
}

export interface MaruProbe {
  /** What it calls itself, such as `maru/0.1.0`. */
  readonly server: string;
  readonly iceServers: readonly IceServer[];
  /** The server's clock by its Date header, in milliseconds of Unix time; null without one. */
  readonly dateMs: number | null;
  /** When its certificate runs out, in milliseconds of Unix time; null over plain HTTP. */
  readonly certificateEndsMs: number | null;
}

/** A room that nobody is in: asking about a room makes none (ROOM-3). */
const ROOM = 'maru-doctor';

/** Probes the server at an origin such as `https://meet.example.org`. Rejects with a `NetworkFailure`. */
export async function probeMaru(origin: string, options: ProbeOptions): Promise<MaruProbe> {
  const response = await get(`${origin}/healthz`, options);
  const date = Date.parse(response.headers.date ?? '');
  const { socket } = response;
  const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : null;
  const status = response.statusCode ?? 0;
  response.destroy();
  if (status !== 200) {
    throw new NetworkFailure('not-maru', `/healthz answered with HTTP status ${status}`, { status });
  }
  return {
    ...(await converse(origin, options)),
    dateMs: Number.isNaN(date) ? null : date,
    certificateEndsMs: certificate?.valid_to ? Date.parse(certificate.valid_to) : null,
  };
}

function get(url: string, { timeoutMs, ca, verify }: ProbeOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const common = { signal, agent: false } as const;
    const request = url.startsWith('https:')
      ? requestHttps(
          url,
          { ...common, rejectUnauthorized: verify, ...(ca === undefined ? {} : { ca }) },
          resolve,
        )
      : requestHttp(url, common, resolve);
    request.once('error', (error) => {
      reject(
        signal.aborted ? new NetworkFailure('timeout', 'no answer', { cause: error }) : failureOf(error),
      );
    });
    request.end();
  });
}

/** Of several addresses of one name each has failed in its own way (Node's AggregateError): the first one counts. */
function failureOf(error: Error): NetworkFailure {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return socketFailure(first instanceof Error ? first : error);
}

/** `hello` and `peek` over a WebSocket that says it comes from the server's own page. */
function converse(
  origin: string,
  { timeoutMs, ca, verify }: ProbeOptions,
): Promise<Pick<MaruProbe, 'server' | 'iceServers'>> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/ws`, {
      origin,
      handshakeTimeout: timeoutMs,
      rejectUnauthorized: verify,
      ...(ca === undefined ? {} : { ca }),
    });
    let server = '';
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      // A socket that is ended while it connects says so as an error, which nobody needs any more.
      socket.removeAllListeners().on('error', () => undefined);
      socket.terminate();
      settle();
    };
    const fail = (message: string, status?: number): void =>
      finish(() =>
        reject(new NetworkFailure('no-websocket', message, status === undefined ? {} : { status })),
      );
    const timer = setTimeout(() => fail('the WebSocket does not answer'), timeoutMs);
    socket.once('error', (error) => fail(error.message));
    socket.once('close', (code) => fail(`the WebSocket was closed with ${code}`));
    socket.once('unexpected-response', (_request, { statusCode = 0 }) =>
      fail(`HTTP status ${statusCode}`, statusCode),
    );
    socket.once('open', () => {
      socket.send(JSON.stringify({ type: 'hello', id: 1, protocol: PROTOCOL_VERSION, agent: 'maru-doctor' }));
      socket.send(JSON.stringify({ type: 'peek', id: 2, room: ROOM }));
    });
    socket.on('message', (data) => {
      const message = read(String(data));
      if (message?.type === 'welcome') server = message.server;
      else if (message?.type === 'peeked') finish(() => resolve({ server, iceServers: message.iceServers }));
      else if (message?.type === 'refused') fail(`the server refuses with ${message.code}`);
      else if (message === null) fail('the WebSocket does not speak the protocol of this version');
    });
  });
}

function read(text: string): ServerMessage | null {
  const parsed = parseServerMessage(text);
  return parsed.ok ? parsed.message : null;
}
