import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Control puts a fresh one in its place with each answer.
  html: { cspNonce: '__FLOTILLA_NONCE__' },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // A data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Libraries mark their parts for servers that render; here is none.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  // `npx vite services/control/dashboard`, beside `npm run dev`: pages change as their source is saved.
  server: { proxy: { '/rpc': 'http://127.0.0.1:4101', '/session': 'http://127.0.0.1:4101' } },
});
