import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const get = (path: string, { token, community }: Person) =>
  fetch(kith.url + path, { headers: { authorization: `Bearer ${token}`, 'x-kith-community': community } });

async function importFile(csv: string, kind: string, operator: Person) {
  const { data } = await kith.gql(
    'mutation ($input: CreateImportInput!) { createImport(input: $input) { id uploadUrl } }',
    { input: { kind, fileName: 'file.csv' } },
    operator,
  );
  const { id, uploadUrl } = data.createImport;
  const headers = { authorization: `Bearer ${operator.token}`, 'x-kith-community': operator.community };
  await fetch(kith.url + uploadUrl, { method: 'PUT', body: csv, headers });
  await kith.jobs();
  const LOOK = '{ state problem rowsTotal rowsCreated rowsUpdated rowsUnchanged rowsRefused }';
  return (
    await kith.gql(
      `query ($id: ID!) { import(id: $id) ${LOOK} importRows(importId: $id, take: 100) { items { reason } } }`,
      { id },
      operator,
    )
  ).data;
}

/** A community with one of everything that is hard to write into a cell. */
async function fullPlace() {
  const community = await kith.community({ currencyScale: 3 });
  const operator = await kith.member(community, { name: '=Olga, "the" operator', roles: ['MEMBER', 'OPERATOR'] });
  await kith.sql(
    "update members set bio = $2, contact_email = 'olga@example.org', phone = '+47 55', latitude = -36.848, longitude = 174.76 where id = $1",
    [operator.memberId, 'Two\nlines; and a "quote"'],
  );
  const [root, leaf, archived] = [newId(), newId(), newId()];
  for (const [id, parent, key] of [
    [root, null, 'home'],
    [leaf, root, 'garden'],
    [archived, null, 'old'],
  ])
    await kith.sql('insert into categories (community_id, id, parent_id, key, name) values ($1, $2, $3, $4, $4)', [
      community.id,
      id,
      parent,
      key,
    ]);
  await kith.sql('update categories set archived_at = now() where id = $1', [archived]);
  const listing = newId();
  await kith.sql(
    `insert into listings (community_id, id, member_id, kind, state, title, description, category_id, tags, photo_urls, terms, price, global_price, global_currency, unit, quantity,
       latitude, longitude, radius_km, availability, availability_note, language, expires_at, published_at)
     values ($1, $2, $3, 'OFFER', 'PUBLISHED', '@Home: bread & more', E'-1 € off\\n"quoted", with; and \\'apostrophe', $4, '{"a|b","c\\\\d"}', '{https://example.org/a.png}', 'SPLIT', 12500, 320, 'EUR', 'hour', 7,
       -36.848, 174.76, 2.5, '{MONDAY_MORNING,FRIDAY_EVENING}', 'by appointment', 'de', now() + interval '5 days 3 hours', now())`,
    [community.id, listing, operator.memberId, root],
  );
  for (const category of [root, leaf, archived])
    await kith.sql('insert into listing_categories values ($1, $2, $3)', [community.id, listing, category]);
  for (const [index, state] of ['DRAFT', 'PAUSED', 'EXPIRED', 'HIDDEN', 'WITHDRAWN'].entries())
    await kith.sql(
      "insert into listings (community_id, id, member_id, kind, state, title, external_id, expires_at) values ($1, $2, $3, 'WANT', $4::listing_state, $5, $6, $7)",
      [
        community.id,
        newId(),
        operator.memberId,
        state,
        "'=SUM(A1) " + state,
        `=x${index}`,
        state === 'DRAFT' ? null : new Date('2026-01-01T10:00:00.123Z'),
      ],
    );
  return { community, operator };
}

test('what is exported comes in again unchanged', async () => {
  const { operator } = await fullPlace();
  for (const [kind, lines] of [
    ['listings', 6],
    ['members', 1],
  ] as const) {
    const response = await get(`/exports/${kind}.csv`, operator);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const csv = await response.text();
    const { import: found, importRows } = await importFile(csv, kind.toUpperCase(), operator);
    expect(importRows.items.map(({ reason }: { reason: string | null }) => reason)).toEqual(Array(lines).fill(null));
    expect(found).toEqual({
      state: 'CHECKED',
      problem: null,
      rowsTotal: lines,
      rowsCreated: 0,
      rowsUpdated: 0,
      rowsUnchanged: lines,
      rowsRefused: 0,
    });
  }
});

test('no cell begins as a formula does, and numbers stay numbers', async () => {
  const { operator } = await fullPlace();
  const csv =
    (await (await get('/exports/listings.csv', operator)).text()) +
    (await (await get('/exports/members.csv', operator)).text());
  expect(csv).toContain("'@Home: bread & more");
  expect(csv).toContain(',-36.848,174.76,');
  expect(csv).toContain("''=SUM(A1) DRAFT");
  const cells = csv
    .split('\r\n')
    .flatMap((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
    .map((cell) => cell.replace(/^"/, ''));
  expect(cells.filter((cell) => /^[=+\-@]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell))).toEqual([]);
});

test('an export is for operators, of their own community only, and is on the record', async () => {
  const { community, operator } = await fullPlace();
  const member = await kith.member(community, { name: 'Mia', roles: ['MEMBER', 'MODERATOR'] });
  expect((await get('/exports/members.csv', member)).status).toBe(403);
  expect((await get('/exports/members.csv', { ...operator, token: 'x'.repeat(43) })).status).toBe(401);
  expect((await get('/exports/nothing.csv', operator)).status).toBe(404);
  const other = await kith.community();
  expect((await get('/exports/members.csv', { ...operator, community: other.slug })).status).toBe(403);
  expect(await kith.sql('select 1 from audit_log where community_id = $1', [community.id])).toEqual([]);
  const csv = await (await get('/exports/members.csv?bom=1', operator)).arrayBuffer();
  expect([...new Uint8Array(csv).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(await kith.sql('select action from audit_log where community_id = $1', [community.id])).toEqual([
    { action: 'export.members' },
  ]);
});
