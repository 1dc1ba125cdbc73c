import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const api = process.env.KITH_URL ?? 'http://127.0.0.1:4000';

// Two pages: the operators' console and GraphiQL. In development the API is another process; built, it serves both.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The console is one bundle by choice; GraphiQL's editor comes in its own workers.
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      input: { index: page('index.html'), graphiql: page('graphiql.html') },
      // Libraries mark their modules ("use client", "use no memo") for tools that are not used here.
      onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
    },
  },
  // Imports its workers in Vite's own way (?worker), which the bundler of dependencies does not know.
  optimizeDeps: { exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'] },
  server: {
    port: 5173,
    proxy: {
      '/graphql': { target: api, ws: true, changeOrigin: true },
      '/uploads': { target: api },
      '/exports': { target: api },
    },
  },
});
