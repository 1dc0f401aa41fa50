import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';

// In development the page comes from Vite and the answers from a running `vigie serve`, or from the recorded answers of
// `npm run fixtures`, which listens on the same default port.
const kServer = process.env['VIGIE_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), precompress()],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  server: { proxy: { '/api': kServer, '/healthz': kServer } },
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // Nothing is inlined as a data: address: the content security policy allows files of this server only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
