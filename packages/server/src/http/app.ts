// The HTTP side: headers on everything, health and readiness, figures, and the page.

import type { IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ServerConfig } from '../config/server-config.js';
import type { SfuService } from '../sfu/sfu-service.js';
import type { Signalling } from '../signalling/signalling.js';
import type { Certificate } from './certificate.js';
import { metricsOf } from './metrics.js';
import { servePage } from './page.js';
import { securityHeaders } from './security-headers.js';
import type { TrustedProxies } from './trusted-proxies.js';
import { chooseAlpn } from './turns-upstream.js';

export interface AppParts {
  readonly config: ServerConfig;
  readonly certificate: Certificate | null;
  readonly proxies: TrustedProxies;
  readonly signalling: Signalling;
  readonly sfu: Pick<SfuService, 'pool'>;
  readonly log: Logger;
}

/** No request of ours has a body; whatever comes is refused early. */
const MAX_BODY_BYTES = 1_024;
/** A request whose head is not complete by then is cut off (slow-loris). */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Where an address leads that cannot be decoded, such as `/r/50%`: nowhere. Fastify would answer it by itself, without
 * our headers and without the page, which tells a person that the link is wrong.
 */
const UNKNOWN_PATH = '/not-an-address';

/** Builds the HTTP server without listening yet. */
export async function createApp({
  config,
  certificate,
  proxies,
  signalling,
  sfu,
  log,
}: AppParts): Promise<FastifyInstance> {
  const base = {
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    // Signalling is kept open by upgraded sockets; the rest is files. Its own log lines would name client addresses.
    logger: false,
    rewriteUrl: ({ url = '/' }: IncomingMessage) => (isDecodable(url) ? url : UNKNOWN_PATH),
  };
  const app: FastifyInstance = certificate
    ? Fastify({
        ...base,
        https: { key: certificate.key, cert: certificate.cert, ...alpn(config.turnsUpstream !== null) },
      })
    : Fastify(base);
  const headerOptions = {
    frameAncestors: config.frameAncestors,
    // Behind a trusted proxy the certificate is the proxy's. A self-signed one must stay possible to accept by hand.
    hsts: certificate ? !certificate.selfSigned : true,
  };
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(headerOptions, proxies.originationOf(request.headers, request.raw.socket)));
  });
  app.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status < 500) return reply.code(status).type('text/plain; charset=utf-8').send('Bad request.\n');
    log.error({ err: error }, 'http request failed');
    return reply.code(500).type('text/plain; charset=utf-8').send('The server failed.\n');
  });
  app.get('/healthz', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get('/readyz', async (_request, reply) => {
    const status = signalling.draining ? 'draining' : 'ready';
    return reply
      .code(signalling.draining ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({ status });
  });
  if (config.metrics) {
    const registry = await metricsOf(signalling, sfu.pool);
    app.get('/metrics', async (_request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .type(registry.contentType)
        .send(await registry.metrics()),
    );
  }
  await servePage(app, resolve(config.webRoot));
  return app;
}

/** Only where TURN shares the port is there more than HTTP to agree upon. */
const alpn = (sharesPort: boolean) => (sharesPort ? { ALPNCallback: chooseAlpn } : {});

/** Whether the percent-encoding (RFC 3986, section 2.1) of a request's path is sound and stands for UTF-8. */
function isDecodable(url: string): boolean {
  const [path = ''] = url.split(/[?#]/);
  try {
    decodeURIComponent(path);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
