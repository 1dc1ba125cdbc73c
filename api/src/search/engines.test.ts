import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { inner, listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { searchIndex } from '../searchIndex.ts';

const SEARCH = `query ($text: String!) { search(input: { text: $text, facets: [KIND] }) {
  total engine degraded notice facets { kinds { kind count } }
  items { titleParts { text marked } listing { title } } } }`;
const TOKEN = '{ searchToken { ... on SearchToken { url indexUid token expiresAt } ... on Error { code message } } }';
const STATUS = '{ searchStatus { engine degraded notice changesWaiting waitingSince documents published } }';

let kith: TestKith;
afterEach(() => kith.stop());

async function open(settings: Record<string, string> = {}) {
  kith = await testKith({ settings });
  const place = await kith.community();
  return { operator: await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] }), member: await kith.member(place) };
}
const ask = async (text: string, as: Person) => (await kith.gql(SEARCH, { text }, as)).data.search;
const ready = async () => {
  const response = await fetch(`${kith.url}/ready`);
  return { status: response.status, search: ((await response.json()) as { search: object }).search };
};

/** An address of this machine at which nobody answers. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

test('without Meilisearch the embedded engine serves, and says why', async () => {
  const { operator, member } = await open();
  await listing(kith, operator, { title: 'Bread baking' });
  await kith.jobs();
  expect(await ask('bread', member)).toMatchObject({ total: 1, engine: 'POSTGRESQL', degraded: false, notice: null });
  expect((await kith.gql(STATUS, {}, operator)).data.searchStatus).toEqual({
    engine: 'POSTGRESQL',
    degraded: false,
    notice: 'Search runs on PostgreSQL, as SEARCH_ENGINE says.',
    changesWaiting: 0,
    waitingSince: null,
    documents: 1,
    published: 1,
  });
  expect((await kith.gql(STATUS, {}, member)).errors![0]!.extensions.code).toBe('FORBIDDEN');
  expect((await kith.gql(TOKEN, {}, member)).data.searchToken.code).toBe('SEARCH_TOKEN_UNAVAILABLE');
  expect(await ready()).toMatchObject({ status: 200, search: { ok: true, engine: 'postgresql', degraded: false } });
});

test('while Meilisearch does not answer, PostgreSQL does, jobs go on, and members and operators are told', async () => {
  const { operator, member } = await open({ SEARCH_ENGINE: 'meilisearch', MEILI_URL: await nobody(), MEILI_KEY: 'x' });
  await searchIndex.settled();
  await listing(kith, operator, { title: 'Bread baking' });
  await kith.jobs();
  const notice = 'Search runs on PostgreSQL, because Meilisearch does not answer.';
  const answer = await ask('bread', member);
  expect(answer).toMatchObject({ total: 1, engine: 'POSTGRESQL', degraded: true, notice });
  expect(answer.items[0].titleParts).toEqual([
    { text: 'Bread', marked: true },
    { text: ' baking', marked: false },
  ]);
  const status = (await kith.gql(STATUS, {}, operator)).data.searchStatus;
  expect(status).toMatchObject({ degraded: true, notice, changesWaiting: 1, documents: 1, published: 1 });
  expect(Date.parse(status.waitingSince)).toBeLessThanOrEqual(Date.now());
  expect(await ready()).toMatchObject({ status: 200, search: { ok: true, degraded: true, waiting: 1, notice } });
  expect((await kith.gql(TOKEN, {}, member)).data.searchToken.code).toBe('SEARCH_TOKEN_UNAVAILABLE');
});

test('asking for Meilisearch where there is none is told as a wrong setting', async () => {
  await open();
  const { openSearchIndex } = await import('../searchIndex.ts');
  const path = process.env.PATH;
  process.env.PATH = '';
  try {
    await expect(openSearchIndex({ ...kith.config, SEARCH_ENGINE: 'meilisearch' })).rejects.toThrow(
      'SEARCH_ENGINE is "meilisearch", but there is none',
    );
  } finally {
    process.env.PATH = path;
  }
});

const url = process.env.MEILI_URL;
describe.runIf(url)('with a Meilisearch at MEILI_URL', () => {
  const settings = () => ({
    SEARCH_ENGINE: 'meilisearch',
    MEILI_URL: url!,
    MEILI_KEY: process.env.MEILI_KEY ?? '',
    MEILI_INDEX: `test_${Date.now()}_${Math.floor(Math.random() * 1e6)}`,
  });
  async function openMeilisearch() {
    const people = await open(settings());
    await searchIndex.settled();
    return people;
  }
  const ownIndex = async (token: string, index: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/indexes/${index}/search`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as { hits?: { title: string }[]; code?: string };
  };

  test('it finds what is published, marks it, forgives mistakes, and forgets what is paused', async () => {
    const { operator, member } = await openMeilisearch();
    const id = await listing(kith, operator, { title: 'Haircuts at home' });
    await kith.jobs();
    for (const text of ['haircutt', 'hairc', 'haircut ']) {
      const answer = await ask(text, member);
      expect(answer, text).toMatchObject({ engine: 'MEILISEARCH', degraded: false, total: 1 });
      expect(answer.items[0].titleParts[0], text).toEqual({ text: 'Haircuts', marked: true });
    }
    await kith.sql("update listings set state = 'HIDDEN' where id = $1", [inner(id)]);
    expect((await ask('haircut', member)).items).toEqual([]);
    expect((await kith.gql(STATUS, {}, operator)).data.searchStatus).toMatchObject({
      engine: 'MEILISEARCH',
      degraded: false,
      notice: null,
      documents: 1,
      published: 0,
    });
  });

  test('a token searches its own community at the engine itself and nothing else', async () => {
    const { operator, member } = await openMeilisearch();
    const other = await kith.community();
    const stranger = await kith.member(other);
    await listing(kith, operator, { title: 'Pottery here' });
    await listing(kith, stranger, { title: 'Pottery elsewhere' });
    await kith.jobs();
    const { url: address, indexUid, token, expiresAt } = (await kith.gql(TOKEN, {}, member)).data.searchToken;
    expect(address).toBe(url);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    const titles = async (body: object) => (await ownIndex(token, indexUid, body)).hits?.map(({ title }) => title);
    expect(await titles({ q: 'pottery' })).toEqual(['Pottery here']);
    expect(await titles({ q: 'pottery', filter: `communityId = "${other.id}"` })).toEqual([]);
    expect((await ownIndex(token, 'kith_other', { q: '' })).code).toBe('invalid_api_key');
  });
});
