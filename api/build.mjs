// Bundles the API and its command-line programs: workspaces inside, npm packages outside.
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const programs = ['src/main.ts', 'src/import.ts', 'src/search-rebuild.ts'].filter((file) => existsSync(file));
await build({
  entryPoints: programs,
  outdir: 'dist',
  bundle: true,
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
