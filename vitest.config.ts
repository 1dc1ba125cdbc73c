import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Without the alias vitest loads graphql twice (ESM and CommonJS) and every schema check fails with "another module or realm".
const graphql = createRequire(import.meta.url).resolve('graphql');
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const project = (name: string, folder: string) => ({
  extends: true as const,
  test: {
    name,
    root: here(folder),
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**'],
  },
});

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: {
    projects: ['prisma', 'search', 'api', 'admin', 'test'].map((folder) => project(folder, folder)),
    globalSetup: [here('test/global-setup.ts')],
    reporters: ['default', here('test/summary-reporter.ts')],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    pool: 'forks',
  },
});
