// Bundles the API and its command-line programs: workspaces inside, npm packages outside.
import { existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const programs = [
  'src/main.ts',
  'src/worker.ts',
  'src/import.ts',
  'src/search-rebuild.ts',
  'src/administrator.ts',
  'src/audit.ts',
].filter((file) => existsSync(file));
// Shared files are named by their content: those of the last build would stay for ever.
rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: programs,
  outdir: 'dist',
  bundle: true,
  // What main.ts loads later stays a file of its own, and what the programs share is there once.
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: 'linked',
  logLevel: 'warning',
  plugins: [
    {
      name: 'npm packages stay outside',
      setup: ({ onResolve }) =>
        onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
          kind === 'entry-point' || path.startsWith('@kith/') ? undefined : { path, external: true },
        ),
    },
  ],
});
