// The built page: its files, its one HTML document for every address that it knows, and the same with 404 for others.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

const DOCUMENT = 'index.html';
/** Vite puts a hash of the content into the name of every file in this folder: such a file never changes. */
const HASHED_FOLDER = '/assets/';

/** Serves the page from `webRoot`, an absolute path. Without a built page its addresses say so with 503. */
export async function servePage(app: FastifyInstance, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    index: false,
    cacheControl: false,
    dotfiles: 'ignore',
    // Read at each request, so that a page that is built anew is served at once.
    wildcard: true,
    setHeaders(reply, path) {
      const hashed = path.startsWith(join(webRoot, HASHED_FOLDER));
      reply.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const document = (reply: FastifyReply, status: number): FastifyReply => {
    if (existsSync(join(webRoot, DOCUMENT))) return reply.code(status).sendFile(DOCUMENT);
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send(
        'The page of this server has not been built: start the server with "npm start", which builds it.\n',
      );
  };
  for (const url of ['/', '/lab', '/doctor', '/r/*']) app.get(url, (_request, reply) => document(reply, 200));
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (wantsPage) return document(reply, 404);
    return reply.code(404).type('text/plain; charset=utf-8').send('Not found.\n');
  });
}
