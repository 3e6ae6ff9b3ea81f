// How the page is built: hashed files, no inline script or style, @maru/* compiled from source.

import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // The server's Content-Security-Policy allows no inline script and no data: font or style.
    assetsInlineLimit: 0,
    // One stylesheet, there before any lazy part: Vite never asks again for a part's own one that failed to load.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    sourcemap: true,
  },
  server: { proxy: { '/ws': { target: 'ws://localhost:8080', ws: true } } },
  preview: { proxy: { '/ws': { target: 'ws://localhost:8080', ws: true } } },
});
