// The page of the mesh bench, bundled as an application would bundle the client: one entry, and what it loads later.

import { build } from 'vite';
import { PROJECT } from '../peers.js';

/** Each path of the page with what is served there. */
export async function pageFiles(): Promise<Readonly<Record<string, string>>> {
  const built = await build({
    logLevel: 'error',
    configFile: false,
    root: PROJECT,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: `${PROJECT}bench/mesh/page.ts`,
        output: { entryFileNames: 'assets/page.js' },
      },
    },
  });
  const files: Record<string, string> = {
    '/': '<!doctype html><meta charset="utf-8"><title>mesh</title><script type="module" src="/assets/page.js"></script>',
  };
  for (const output of Array.isArray(built) ? built : [built]) {
    if (!('output' in output)) continue;
    for (const part of output.output) if (part.type === 'chunk') files[`/${part.fileName}`] = part.code;
  }
  return files;
}
