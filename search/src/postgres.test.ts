import { randomUUID } from 'node:crypto';
import { withCommunity } from '@kith/db';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticListings } from '../bench/synthetic.ts';
import { type Database, openDatabase } from '../test/database.ts';
import { postgresEngine } from './postgres.ts';
import { type SearchEngine } from './engine.ts';

/** What is true of the embedded engine alone: its plans, and who may do what with its tables and functions. */
let database: Database;
let engine: SearchEngine;
let community: string;

beforeAll(async () => {
  database = await openDatabase();
  engine = postgresEngine(database.pool);
  community = await database.community();
  for (let batch = 0; batch < 6; batch++)
    await engine.index(syntheticListings(community, 3_000).slice(batch * 500, (batch + 1) * 500));
  await database.owner.query('analyze search_documents; analyze search_words');
});
afterAll(() => database?.close());

describe('the plan of a search under row-level security', () => {
  /** Every plan that runs inside the call, as the application's role has it. */
  async function plansOf(statement: string, values: unknown[]): Promise<string> {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    const plans: string[] = [];
    client.on('notice', ({ message }) => plans.push(message ?? ''));
    await client.connect();
    try {
      await client.query("load 'auto_explain'");
      await client.query(
        'set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set client_min_messages = log',
      );
      await client.query("select set_config('app.community_id', $1, false)", [community]);
      await client.query('set role kith_app');
      await client.query(statement, values);
    } finally {
      await client.end();
    }
    return plans.join('\n');
  }
  const search = (query: object) =>
    plansOf('select kith.search_listings($1)', [
      JSON.stringify({ filter: {}, sort: 'RELEVANCE', facets: ['kind'], texts: true, skip: 0, take: 20, ...query }),
    ]);

  it('takes the full-text index for words', async () => {
    const words = [{ word: 'knitting', stems: ['knit'], isPrefix: true }];
    const plans = await search({ words });
    expect(plans).toMatch(/Bitmap Index Scan on search_documents_words/);
    expect(plans).not.toMatch(/Seq Scan on search_(documents|texts|words)/);
  });
  it('takes the trigram index for a word the community does not know', async () => {
    const plans = await search({ words: [{ word: 'knittinq', stems: ['knittinq'], isPrefix: true }] });
    expect(plans).toMatch(/Bitmap Index Scan on search_words_near/);
    expect(plans).not.toMatch(/Seq Scan on search_words/);
  });
  it('takes the same index for a category, and the order of the newest for everything', async () => {
    const filter = { categoryIds: ['00000003-0000-7000-8000-000000000007'] };
    expect(await search({ words: [], filter })).toMatch(/Bitmap Index Scan on search_documents_words/);
    expect(await search({ words: [], facets: [] })).toMatch(/Index Scan using search_documents_newest/);
  });
});

describe('the dictionary and the functions', () => {
  const rejected = (statement: string, values: unknown[] = []) =>
    expect(withCommunity(community, () => database.pool.query(statement, values))).rejects.toThrow(/permission denied/);

  it('answer nobody but through the functions that name no community', async () => {
    await rejected('select * from kith.search_expand($1, $2, $3, true)', [randomUUID(), 'a', []]);
    await rejected('select * from kith.search_near($1, $2)', [randomUUID(), 'word']);
    await rejected('select kith.search_asked($1, $2)', [randomUUID(), '[]']);
  });
  it('keep every table of the index under the policy', async () => {
    const other = await database.community();
    for (const table of ['search_documents', 'search_texts', 'search_words', 'search_totals', 'search_outbox']) {
      const statement = `select count(*)::integer as rows from ${table}`;
      const { rows } = (await withCommunity(other, () => database.pool.query(statement))) as {
        rows: { rows: number }[];
      };
      expect(rows[0]!.rows, table).toBe(0);
    }
  });
  it('refuse to search for nobody', async () => {
    await expect(
      withCommunity('00000000-0000-0000-0000-000000000000', () => database.pool.query('select 1')),
    ).resolves.toBeDefined();
    expect((await engine.search('00000000-0000-0000-0000-000000000000', { text: 'knitting' })).total).toBe(0);
  });
});

it('a total that is not counted to its end says so', async () => {
  // Of so short a beginning only the commonest words are looked for.
  expect((await engine.search(community, { text: 'k', languages: ['en'] })).totalIsExact).toBe(false);
  expect((await engine.search(community, { text: '' })).total).toBe(3_000);
  expect((await engine.search(community, { text: 'knitting ' })).totalIsExact).toBe(true);
});

it('wide shapes are pages within the bounds', async () => {
  expect((await engine.search(community, { text: '', take: 10_000 })).hits).toHaveLength(100);
  expect((await engine.search(community, { text: '', skip: 995, take: 100 })).hits).toHaveLength(5);
  expect((await engine.search(community, { text: '', skip: -5, take: 1 })).hits).toHaveLength(1);
});
