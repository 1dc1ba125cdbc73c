// Generates the Prisma client and Pothos' types. The CLI would fetch a schema engine at first use; generating needs none,
// so any existing executable is named in its place.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const prisma = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js');
const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'generate', '--schema', 'schema'], {
  cwd: import.meta.dirname ?? dirname(new URL(import.meta.url).pathname),
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
  encoding: 'utf8',
});
if (status !== 0) console.error(stdout + stderr);
process.exit(status ?? 1);
