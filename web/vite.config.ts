import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// Where `npm run dev` and `npm run preview` find a running server.
const server = process.env.CREDVAULT_URL ?? 'http://127.0.0.1:8080';
const proxied = ['/v1', '/metrics', '/healthz', '/readyz'];
const proxy = Object.fromEntries(proxied.map((prefix) => [prefix, { target: server, changeOrigin: true }]));

export default defineConfig({
    resolve: { alias: { '@credvault/client': path('../clients/typescript/src/index.ts') } },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    server: { proxy, fs: { allow: [path('..')] } },
    preview: { proxy },
    build: {
        target: 'es2022',
        // The Content-Security-Policy allows no inline script, style or data: font.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rollupOptions: {
            input: { dashboard: path('index.html'), explorer: path('api-docs/index.html') },
        },
    },
});
