// A bare page with the client's own source in it, bundled as an application would: for tests of the client alone.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export interface ClientPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Bundles a module of this folder and serves it to an empty page on a free port. */
export async function serveClientPage(entry: string): Promise<ClientPage> {
  const script = await bundle(fileURLToPath(new URL(entry, import.meta.url)));
  const server = createServer((request, response) => {
    if (request.url === '/page.js') {
      response.setHeader('content-type', 'text/javascript').end(script);
    } else if (request.url === '/') {
      const page = '<!doctype html><meta charset="utf-8"><title>client</title>';
      response
        .setHeader('content-type', 'text/html')
        .end(`${page}<script type="module" src="/page.js"></script>`);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
    build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const outputs = Array.isArray(built) ? built : [built];
  for (const result of outputs) {
    if (!('output' in result)) continue;
    for (const chunk of result.output) if (chunk.type === 'chunk' && chunk.isEntry) return chunk.code;
  }
  throw new Error(`Nothing was built from ${entry}.`);
}
