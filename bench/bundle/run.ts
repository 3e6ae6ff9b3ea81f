// The script that a browser downloads: before our lobby can be used, and of the headless client beside others.

import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { type Bench, figure } from '../figure.js';
import { installPeers, PROJECT } from '../peers.js';
import { buildChunks, gzippedKilobytes, needed } from './script-size.js';

const ENTRY = 'virtual:entry';

/** Each library by what its own documentation imports for a call. */
const OURS = `export { createLocalMedia, MaruError, openRoom } from '@maru/client';`;
const PEERS = {
  peerjs: `export { Peer } from 'peerjs';`,
  'livekit-client': `export * from 'livekit-client';`,
  // Its sources need Node's streams; this is the build that it publishes for browsers.
  'simple-peer': `import peer from 'simple-peer/simplepeer.min.js'; export default peer;`,
} as const;

const bundle: Bench = async (report) => {
  const folder = await installPeers();
  const beside: Record<string, number> = {};
  for (const [name, code] of Object.entries(PEERS)) beside[name] = (await library(code, folder)).atOnce;
  const ours = await library(OURS, `${PROJECT}apps/web/`);
  report(figure({ figure: 'bundle.client', unit: 'kB', ours: ours.atOnce, beside, runs: 1 }));
  // What is loaded once inside, and is all there before anyone needs it, counts here.
  report(figure({ figure: 'bundle.client_in_call', unit: 'kB', ours: ours.inAll, beside, runs: 1 }));
  report(figure({ figure: 'bundle.lobby', unit: 'kB', ours: await lobby(), beside: alone(beside), runs: 1 }));
};

export default bundle;

/**
 * What stands beside our lobby: the least that a lobby made with another library must load, its library without a line
 * of a page. None of them comes with a lobby that could be built the same way, so their whole pages are larger.
 */
function alone(libraries: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(libraries).map(([name, size]) => [`${name}_alone`, size]));
}

/** The real production build: what index.html loads, and the chunk that draws the lobby, where that is another. */
async function lobby(): Promise<number> {
  const root = `${PROJECT}apps/web`;
  const chunks = await buildChunks({ root, configFile: `${root}/vite.config.ts` });
  const entries = chunks.filter((chunk) => chunk.isEntry);
  const drawn = chunks.filter((chunk) => chunk.moduleIds.some((id) => id.includes('/src/lobby/')));
  if (entries.length === 0 || drawn.length === 0)
    throw new Error('The build has no entry, or no lobby in it.');
  const atOnce = needed(chunks, entries);
  // Parts of the lobby may be left for when they are asked for: only the screen itself must be there.
  const screen = drawn.some((chunk) => atOnce.includes(chunk)) ? [] : drawn;
  return gzippedKilobytes(needed(chunks, [...entries, ...screen]));
}

/** How large a library is: what its import needs, and with all that it loads by itself later. */
interface LibrarySize {
  readonly atOnce: number;
  readonly inAll: number;
}

/** A library alone, by the bundler and the minifier of the page, its imports resolved from a folder. */
async function library(code: string, folder: string): Promise<LibrarySize> {
  const importer = `${folder}package.json`;
  await readFile(importer);
  const chunks = await buildChunks({
    root: folder,
    configFile: false,
    plugins: [virtualEntry(code, importer)],
    build: {
      target: 'es2022',
      minify: true,
      // As a library, so that nothing of Vite's for pages is added; of its formats the one that is minified wholly.
      lib: { entry: ENTRY, formats: ['cjs'], fileName: 'library' },
      rolldownOptions: { input: ENTRY },
    },
  });
  const entries = chunks.filter((chunk) => chunk.isEntry);
  return { atOnce: gzippedKilobytes(needed(chunks, entries)), inAll: gzippedKilobytes(chunks) };
}

function virtualEntry(code: string, importer: string): Plugin {
  return {
    name: 'virtual-entry',
    enforce: 'pre',
    async resolveId(id, from) {
      if (id === ENTRY) return `\0${ENTRY}`;
      // The entry lies nowhere: what it imports is looked for as if from the folder.
      return from === `\0${ENTRY}` ? await this.resolve(id, importer, { skipSelf: true }) : null;
    },
    load: (id) => (id === `\0${ENTRY}` ? code : null),
  };
}
