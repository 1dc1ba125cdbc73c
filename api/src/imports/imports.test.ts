import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { forgetRows } from './retention.ts';
import { CREATE, DIRECTORY, LOOK, START, operatedPlace, put, rowsOf, send, start } from './testImport.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const LISTINGS = `community,listing,kind,title,category,labels
PLACE,1,offer,Bread baked on Fridays,Help at Home,Cooking & Sewing
PLACE,2,want,"Somebody who bakes, please",Help at Home,cooking and sewing
PLACE,3,offer,Bicycle repairs,Recreation,Outdoor & Bikes|Lessons
`;

test('a file is checked first and writes nothing, then it is applied, and sent again it changes nothing', async () => {
  const { id: communityId, slug, operator } = await operatedPlace(kith);
  const csv = LISTINGS.replaceAll('PLACE', slug);
  const checked = await send(kith, csv, operator, { placeholderMembers: 'EACH' });
  expect(checked).toMatchObject({
    state: 'CHECKED',
    rowsTotal: 3,
    rowsChecked: 3,
    rowsCreated: 3,
    rowsRefused: 0,
    rowsDone: 0,
  });
  expect(await kith.sql(DIRECTORY, [communityId])).toEqual([]);

  expect(await start(kith, checked.id, operator)).toMatchObject({ state: 'APPLYING' });
  const done = (await kith.gql(LOOK, { id: checked.id }, operator)).data.import;
  expect(done).toMatchObject({
    state: 'DONE',
    rowsDone: 3,
    rowsCreated: 3,
    rowsUpdated: 0,
    rowsUnchanged: 0,
    rowsRefused: 0,
  });
  const directory = await kith.sql(DIRECTORY, [communityId]);
  expect(directory).toEqual([
    {
      external_id: '1',
      kind: 'OFFER',
      title: 'Bread baked on Fridays',
      state: 'PUBLISHED',
      display_name: 'Member of listing 1',
      category: 'help-at-home',
    },
    {
      external_id: '2',
      kind: 'WANT',
      title: 'Somebody who bakes, please',
      state: 'PUBLISHED',
      display_name: 'Member of listing 2',
      category: 'help-at-home',
    },
    {
      external_id: '3',
      kind: 'OFFER',
      title: 'Bicycle repairs',
      state: 'PUBLISHED',
      display_name: 'Member of listing 3',
      category: 'recreation',
    },
  ]);
  const [standing] = await kith.sql(
    "select string_agg(c.key, ' ' order by c.key) as further from listing_categories s join categories c on c.id = s.category_id join listings l on l.id = s.listing_id where l.community_id = $1 and l.external_id = '3'",
    [communityId],
  );
  expect(standing!.further).toBe('lessons outdoor-bikes recreation');

  const again = await send(kith, csv, operator, { placeholderMembers: 'EACH' });
  expect(again).toMatchObject({ state: 'CHECKED', rowsCreated: 0, rowsUnchanged: 3 });
  await start(kith, again.id, operator);
  expect(await kith.sql(DIRECTORY, [communityId])).toEqual(directory);

  const changed = await send(kith, csv.replace('Bicycle repairs', 'Repairs of bicycles'), operator);
  expect(changed).toMatchObject({ rowsUpdated: 1, rowsUnchanged: 2 });
  await start(kith, changed.id, operator);
  expect((await kith.sql(DIRECTORY, [communityId])).map(({ title }) => title)).toContain('Repairs of bicycles');
});

test('refused lines are told with the reason, and nothing is applied until they are accepted', async () => {
  const { id: communityId, slug, operator } = await operatedPlace(kith);
  const csv = `community;external_id;kind;title;category;price;member;expires_at
${slug};1;offer;A good line;home;12,50;Anna;
${slug};2;gift;Wrong kind;home;;Anna;
${slug};3;offer;Unknown category;Zeppelins;;Anna;
${slug};4;offer;Too many decimals;home;1,234;Anna;
elsewhere;5;offer;Another place;home;;Anna;
${slug};1;offer;Said twice;home;;Anna;
${slug};7;offer;Ends in the past;home;;Anna;2001-01-01
${slug};8;offer;X;home;;Anna;
${slug};9;offer;A cell; too many;home;;Anna;
`;
  const checked = await send(kith, '\uFEFF' + csv.replaceAll('\n', '\r\n'), operator, { placeholderMembers: 'EACH' });
  expect(checked).toMatchObject({ state: 'CHECKED', rowsTotal: 9, rowsCreated: 1, rowsRefused: 8 });
  expect(
    (await rowsOf(kith, checked.id, operator, 'REFUSED')).map(
      ({ line, reason }: { line: number; reason: string }) => `${line}: ${reason}`,
    ),
  ).toEqual([
    '3: kind: "gift" is none of offer, offers, want, wants, request, need.',
    '4: The community has no category "Zeppelins". Add it, or ask for missing categories to be made.',
    '5: "1.234" is not an amount with at most 2 decimals.',
    '6: This line is for the community "elsewhere".',
    '7: The external id "1" stands already in line 2.',
    expect.stringMatching(
      /^8: expires_at: lies after now and not after \d{4}-\d\d-\d\d, the longest this community allows/,
    ),
    expect.stringMatching(/^9: title: .* at least 3 characters\.$/),
    '10: This line has 9 cells and the first line 8: a text with a delimiter in it has to stand in quotes.',
  ]);
  expect(await start(kith, checked.id, operator)).toMatchObject({ code: 'IMPORT_HAS_REFUSED_ROWS' });
  expect(await kith.sql(DIRECTORY, [communityId])).toEqual([]);
  expect(await kith.sql('select 1 from members where community_id = $1 and user_id is null', [communityId])).toEqual(
    [],
  );

  expect(await start(kith, checked.id, operator, true)).toMatchObject({ state: 'APPLYING' });
  expect((await kith.gql(LOOK, { id: checked.id }, operator)).data.import).toMatchObject({
    state: 'DONE',
    rowsDone: 9,
    rowsCreated: 1,
    rowsRefused: 8,
  });
  const listings = await kith.sql('select title, price, terms::text from listings where community_id = $1', [
    communityId,
  ]);
  expect(listings).toEqual([{ title: 'A good line', price: '1250', terms: 'FIXED' }]);
});

test.each([
  ['no column it needs', 'external_id,title\n1,Bread\n', /name the column kind\. It has: external_id, title/],
  [
    'two columns of one meaning',
    'id,listing,kind,title\n1,1,offer,Bread\n',
    /"id" and "listing" both mean external_id/,
  ],
  ['no lines', 'kind,title\n', /no lines below/],
  ['another encoding', Buffer.from('kind,title\noffer,Caf\xe9 au lait\n', 'latin1'), /Line 2 is not UTF-8/],
  ['a quote that is not closed', 'kind,title\noffer,"Bread\noffer,Cake\n', /Line 3: .*never closed/],
])('a file with %s is refused as a whole', async (_what, csv, message) => {
  const { operator } = await operatedPlace(kith);
  const { id, state, problem, rowsTotal, response } = await send(kith, csv, operator);
  expect(response.status).toBe(400);
  expect((await response.json()).errors[0].message).toMatch(message);
  expect({ state, rowsTotal }).toEqual({ state: 'REFUSED', rowsTotal: 0 });
  expect(problem).toMatch(message);
  expect(await rowsOf(kith, id, operator)).toEqual([]);
});

test('of two starts one wins', async () => {
  const { slug, operator } = await operatedPlace(kith);
  const { id } = await send(kith, LISTINGS.replaceAll('PLACE', slug), operator, { placeholderMembers: 'ONE' });
  const input = { id, acceptRefused: false };
  const answers = await Promise.all(Array.from({ length: 4 }, () => kith.gql(START, { input }, operator)));
  expect(answers.map(({ data }) => data.startImport.code ?? data.startImport.state).sort()).toEqual([
    'APPLYING',
    'WRONG_IMPORT_STATE',
    'WRONG_IMPORT_STATE',
    'WRONG_IMPORT_STATE',
  ]);
  await kith.jobs();
});

test('two files with the same lines at once make each listing once', async () => {
  const { id: communityId, slug, operator } = await operatedPlace(kith);
  const csv = LISTINGS.replaceAll('PLACE', slug);
  const [one, two] = [
    await send(kith, csv, operator, { placeholderMembers: 'EACH' }),
    await send(kith, csv, operator, { placeholderMembers: 'EACH' }),
  ];
  await Promise.all([one, two].map(({ id }) => kith.gql(START, { input: { id } }, operator)));
  await kith.jobs();
  expect(await kith.sql(DIRECTORY, [communityId])).toHaveLength(3);
  const { data } = await kith.gql(LOOK, { id: two.id }, operator);
  expect(data.import.rowsCreated + (await kith.gql(LOOK, { id: one.id }, operator)).data.import.rowsCreated).toBe(3);
});

test('missing categories are made where asked for, below the category of the line', async () => {
  const { id: communityId, operator } = await operatedPlace(kith);
  const csv =
    'external_id,kind,title,category,labels\n1,offer,Rides in balloons,Aviation,Balloons|Rides\n2,want,A zeppelin,aviation,\n';
  const { id } = await send(kith, csv, operator, { placeholderMembers: 'EACH', createMissingCategories: true });
  await start(kith, id, operator);
  const made = await kith.sql(
    "select c.key, c.name, p.key as parent from categories c left join categories p on p.id = c.parent_id where c.community_id = $1 and c.key in ('aviation', 'balloons') order by 1",
    [communityId],
  );
  expect(made).toEqual([
    { key: 'aviation', name: 'Aviation', parent: null },
    { key: 'balloons', name: 'Balloons', parent: 'aviation' },
  ]);
});

test('a title longer than ours is shortened, and the whole text begins the description', async () => {
  const { id: communityId, operator } = await operatedPlace(kith);
  const title = Array.from({ length: 40 }, (_, number) => `word${number}`).join(' ');
  const { id, rowsCreated } = await send(kith, `external_id,kind,title\n1,offer,${title}\n`, operator, {
    placeholderMembers: 'EACH',
  });
  expect(rowsCreated).toBe(1);
  expect((await rowsOf(kith, id, operator))[0].reason).toMatch(/^The title was longer than 120 characters/);
  await start(kith, id, operator);
  const [listing] = await kith.sql('select title, description from listings where community_id = $1', [communityId]);
  expect(listing!.description).toBe(title);
  expect(listing!.title.length).toBeLessThanOrEqual(120);
  expect(listing!.title).toMatch(/^word0 word1 .*…$/);
});

test('only an operator of the community imports, and sees imports', async () => {
  const { slug, operator } = await operatedPlace(kith);
  const csv = LISTINGS.replaceAll('PLACE', slug);
  const { data } = await kith.gql(CREATE, { input: { kind: 'LISTINGS', fileName: 'file.csv' } }, operator);
  const { id, uploadUrl } = data.createImport;
  const here = { id: (await kith.sql('select id from communities where slug = $1', [slug]))[0]!.id as string, slug };
  const member = await kith.member(here, { name: 'Mia', roles: ['MEMBER', 'BROKER', 'MODERATOR'] });
  const stranger = (await operatedPlace(kith)).operator;
  expect((await put(kith, uploadUrl, csv, member)).status).toBe(403);
  expect((await put(kith, uploadUrl, csv, stranger)).status).toBe(404);
  expect((await put(kith, uploadUrl, csv, { ...operator, token: '' })).status).toBe(401);
  expect((await kith.gql(LOOK, { id }, member)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await kith.gql(LOOK, { id }, stranger)).data.import).toBeNull();
  expect((await kith.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, member)).data.node).toBeNull();
  expect(await kith.sql('select state::text, rows_total from imports where community_id = $1', [here.id])).toEqual([
    { state: 'RECEIVING', rows_total: 0 },
  ]);
});

test('an upload that breaks off can be sent again, and the later one wins', async () => {
  const { operator } = await operatedPlace(kith);
  const { data } = await kith.gql(
    CREATE,
    { input: { kind: 'LISTINGS', fileName: 'file.csv', options: { placeholderMembers: 'ONE' } } },
    operator,
  );
  const { id, uploadUrl } = data.createImport;
  const lines = Array.from({ length: 1200 }, (_, number) => `${number},offer,Offer number ${number}`).join('\n');
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`external_id,kind,title\n${lines}\n`));
    },
    pull: (controller) => new Promise((resolve) => setTimeout(() => resolve(controller.error(new Error('cut'))), 300)),
  });
  await expect(
    put(kith, uploadUrl, broken, operator).catch((error) => Promise.reject(new Error(String(error)))),
  ).rejects.toThrow();
  expect((await kith.gql(LOOK, { id }, operator)).data.import.state).toBe('RECEIVING');
  const response = await put(kith, uploadUrl, `external_id,kind,title\n${lines}\n`, operator);
  expect(await response.json()).toEqual({ id, state: 'CHECKING', rowsTotal: 1200 });
  await kith.jobs();
  expect((await kith.gql(LOOK, { id }, operator)).data.import).toMatchObject({
    state: 'CHECKED',
    rowsTotal: 1200,
    rowsCreated: 1200,
  });
  expect((await put(kith, uploadUrl, 'kind,title\noffer,Bread\n', operator)).status).toBe(400);
});

test('the operator follows an import live, and can cancel it', async () => {
  const { operator } = await operatedPlace(kith);
  const { data } = await kith.gql(
    CREATE,
    { input: { kind: 'LISTINGS', fileName: 'file.csv', options: { placeholderMembers: 'ONE' } } },
    operator,
  );
  const { id, uploadUrl } = data.createImport;
  const live = kith.subscribe(
    'subscription ($id: ID!) { importChanged(id: $id) { id import { state } } }',
    { id },
    operator,
  );
  await live.started;
  await put(kith, uploadUrl, 'kind,title\noffer,Bread\n', operator);
  expect((await live.next()).data.importChanged.import.state).toBe('CHECKING');
  const CANCEL =
    'mutation ($id: ID!) { cancelImport(input: { id: $id }) { ... on Import { state } ... on Error { code } } }';
  expect((await kith.gql(CANCEL, { id }, operator)).data.cancelImport).toEqual({ state: 'CANCELLED' });
  expect((await live.next()).data.importChanged.import.state).toBe('CANCELLED');
  await kith.jobs();
  expect((await kith.gql(CANCEL, { id }, operator)).data.cancelImport).toEqual({ code: 'WRONG_IMPORT_STATE' });
  expect(await start(kith, id, operator)).toMatchObject({ code: 'WRONG_IMPORT_STATE' });
  expect((await kith.gql(LOOK, { id }, operator)).data.import.rowsDone).toBe(0);
});

test('every operator follows an import, also one that somebody else made; who is none does not', async () => {
  const { operator, ...place } = await operatedPlace(kith);
  const colleague = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const { data } = await kith.gql(CREATE, { input: { kind: 'LISTINGS', fileName: 'file.csv' } }, operator);
  const { id, uploadUrl } = data.createImport;
  const follow = 'subscription ($id: ID!) { importChanged(id: $id) { import { id state } } }';
  const live = kith.subscribe(follow, { id }, colleague);
  await live.started;
  const refused = await kith.subscribe(follow, { id }, await kith.member(place)).next();
  expect(refused.errors![0]!.extensions.code).toBe('FORBIDDEN');
  await put(kith, uploadUrl, 'kind,title\noffer,Bread\n', operator);
  expect((await live.next()).data.importChanged.import).toEqual({ id, state: 'CHECKING' });
});

test('staged lines are forgotten a month after the end, and an import nobody goes on with after a week', async () => {
  const { slug, operator } = await operatedPlace(kith);
  const csv = LISTINGS.replaceAll('PLACE', slug);
  const [done, left] = [
    await send(kith, csv, operator, { placeholderMembers: 'ONE' }),
    await send(kith, csv, operator, { placeholderMembers: 'ONE' }),
  ];
  await start(kith, done.id, operator);
  const now = clock.now;
  try {
    clock.now = () => new Date(now().getTime() + 8 * 86_400_000);
    await forgetRows();
    expect((await kith.gql(LOOK, { id: left.id }, operator)).data.import.state).toBe('CANCELLED');
    expect([(await rowsOf(kith, left.id, operator)).length, (await rowsOf(kith, done.id, operator)).length]).toEqual([
      0, 3,
    ]);
    clock.now = () => new Date(now().getTime() + 31 * 86_400_000);
    await forgetRows();
    expect((await rowsOf(kith, done.id, operator)).length).toBe(0);
  } finally {
    clock.now = now;
  }
  expect((await kith.gql(LOOK, { id: done.id }, operator)).data.import).toMatchObject({ state: 'DONE', rowsTotal: 3 });
});

test('imports are listed by their state', async () => {
  const { slug, operator } = await operatedPlace(kith);
  const checked = await send(kith, LISTINGS.replaceAll('PLACE', slug), operator, { placeholderMembers: 'ONE' });
  await kith.gql(CREATE, { input: { kind: 'LISTINGS', fileName: 'waits.csv' } }, operator);
  const list = async (states: string[] | null) =>
    (
      await kith.gql(
        'query ($filter: ImportFilter) { importList(filter: $filter) { total items { id } } }',
        { filter: { states } },
        operator,
      )
    ).data.importList;
  expect(await list(['CHECKED'])).toEqual({ total: 1, items: [{ id: checked.id }] });
  expect((await list(['RECEIVING', 'CHECKED'])).total).toBe(2);
  expect((await list(null)).total).toBe(2);
  expect((await list(['DONE'])).total).toBe(0);
});
