// How the storefront is built, and served while it is worked on.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { CATALOG_HASH } from '../generated/typescript/src/catalog.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const server = process.env['PRICEBOOK_URL'] ?? 'http://127.0.0.1:3000';

// `pricebook drift` reads here which catalog the prices of the scripts are of.
const saysItsCatalog: Plugin = {
  name: 'says-its-catalog',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'catalog-hash', content: CATALOG_HASH }, injectTo: 'head' }],
};

export default defineConfig({
  plugins: [react(), saysItsCatalog],
  resolve: {
    alias: [
      { find: /^catalog$/, replacement: here('../generated/typescript/src/index.ts') },
      { find: /^catalog\/(.*)$/, replacement: here('../generated/typescript/src/$1.ts') },
      { find: 'tokens.css', replacement: here('../runtime/templates/tokens.css') },
    ],
  },
  // No file is put into the page itself, for the content security policy allows files only.
  build: {
    assetsDir: 'storefront',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // A slow machine is nothing to be warned of.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { proxy: { '/create-payment': server, '/api': server }, fs: { allow: [here('..')] } },
  test: { include: ['tests/unit/**/*.test.ts'] },
});
