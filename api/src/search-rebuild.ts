import { parseArgs } from 'node:util';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { ConfigurationError, readConfig } from './config.ts';
import { closeDatabase, prisma } from './db.ts';
import { startDatabase } from './kith.ts';
import { log } from './log.ts';
import { rebuildCommunity, type Progress } from './search/rebuild.ts';
import { openSearchIndex, searchIndex, whyEmbedded } from './searchIndex.ts';

const USAGE = `Builds the search index anew while searches go on.

  npm run search:rebuild                          of every community
  npm run search:rebuild -- --community <slug>    of one
`;

/** What cannot be done, in a sentence. */
class Refusal extends Error {}

async function main() {
  const { values } = parseArgs({ options: { community: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) return say(USAGE);
  const config = readConfig(process.env);
  log.level = 'warn';
  const database = await startDatabase(config);
  const search = await openSearchIndex(config);
  try {
    await rebuild(values.community);
  } finally {
    await search.close();
    await closeDatabase();
    await database.stop();
  }
}

async function rebuild(slug: string | undefined) {
  await searchIndex.settled();
  const { notice } = await searchIndex.health();
  say(`${notice ?? whyEmbedded ?? `Search runs on Meilisearch.`}\n`);
  const began = Date.now();
  if (slug) {
    const community = await withCommunity(NO_COMMUNITY, () => prisma.community.findUnique({ where: { slug } }));
    if (!community) throw new Refusal(`There is no community with the slug "${slug}".`);
    await rebuildCommunity(community.id, told);
  } else {
    const isDone = await searchIndex.rebuild(told).catch(async (error) => {
      const { degraded, notice } = await searchIndex.health();
      throw degraded ? new Refusal(`The index was not rebuilt. ${notice}`) : error;
    });
    if (!isDone) throw new Refusal('Another process is building the index at the moment: wait until it is done.');
  }
  say(`Done in ${((Date.now() - began) / 1000).toFixed(1)} s.\n`);
}

let toldAt = 0;
const told: Progress = ({ done, total }) => {
  if (done < total && Date.now() - toldAt < 500) return;
  toldAt = Date.now();
  // On a terminal the line is written over itself.
  say(`${process.stderr.isTTY ? '\r' : ''}${done} of ${total} listings${process.stderr.isTTY ? ' ' : '\n'}`);
};

function say(text: string) {
  process.stderr.write(text);
}

try {
  await main();
} catch (error) {
  const isTold = error instanceof Refusal || error instanceof ConfigurationError || isArgumentError(error);
  say(`\n${isTold ? `${(error as Error).message}\n` : (error as Error).stack}\n`);
  process.exitCode = 1;
}

function isArgumentError(error: unknown): boolean {
  return ((error as { code?: string }).code ?? '').startsWith('ERR_PARSE_ARGS');
}
