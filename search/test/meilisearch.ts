import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Meilisearch } from 'meilisearch';
import { findMeilisearch, onPath } from '../src/server.ts';

/** The program tests may start: MEILI_BIN, else `meilisearch` on the PATH. */
export const meilisearchProgram = process.env.MEILI_BIN ?? onPath('meilisearch');

/** What tests of Meilisearch lack here; undefined where they can run. */
export const meilisearchMissing =
  process.env.MEILI_URL || meilisearchProgram
    ? undefined
    : 'not tested, for there is no MEILI_URL, no MEILI_BIN and no program "meilisearch" on the PATH';

/** A server (MEILI_URL's, else one of our own on an empty folder) and a name for an index nobody else uses. */
export async function openMeilisearch() {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-meilisearch-'));
  const { MEILI_URL: url, MEILI_KEY: key } = process.env;
  const server = await findMeilisearch({ url, key, program: meilisearchProgram, dataDir });
  if (!server) throw new Error('No Meilisearch to test.');
  const index = `kith_test_${randomBytes(6).toString('hex')}`;
  return {
    ...server,
    index,
    dataDir,
    async close() {
      // A server that stays keeps nothing of the tests.
      if (url) await new Meilisearch({ host: url, apiKey: key }).deleteIndex(index).waitTask();
      await server.stop();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
