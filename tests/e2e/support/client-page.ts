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
  const scripts = await bundle(fileURLToPath(new URL(entry, import.meta.url)));
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    if (script !== undefined) {
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

/** Every chunk under its path: the page's own is `/page.js`, and asks for the others when it needs them. */
async function bundle(entry: string): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
    build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunks = outputs
    .flatMap((result) => ('output' in result ? result.output : []))
    .filter((part) => part.type === 'chunk');
  if (!chunks.some(({ isEntry }) => isEntry)) throw new Error(`Nothing was built from ${entry}.`);
  return new Map(chunks.map(({ fileName, isEntry, code }) => [isEntry ? '/page.js' : `/${fileName}`, code]));
}
