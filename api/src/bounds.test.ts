import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../test/kit.ts';
import { openSocket } from '../../test/socket.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const times = (count: number, field: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => field(i)).join(' ');
const codeOf = async (query: string) => (await kith.gql(query)).errors?.[0]?.extensions.code;

test('the whole schema may be read once, with all there is to know', async () => {
  const all = { descriptions: true, inputValueDeprecation: true, specifiedByUrl: true, directiveIsRepeatable: true };
  const { data, errors } = await kith.gql(getIntrospectionQuery(all));
  expect(errors).toBeUndefined();
  expect(data.__schema.types.length).toBeGreaterThan(100);
});

test.each([
  ['by aliases', `{ ${times(100, (i) => `a${i}: __schema { types { fields { name args { name } } } }`)} }`],
  ['by aliases within it', `{ __schema { ${times(100, (i) => `a${i}: types { fields { name args { name } } }`)} } }`],
  ['leaf by leaf', `{ __schema { types { fields { ${times(500, (i) => `a${i}: name`)} } } } }`],
  [
    'by a fragment',
    `{ ${times(100, (i) => `a${i}: __schema { ...All }`)} } fragment All on __Schema { types { fields { name args { name } } } }`,
  ],
])('the schema is not read many times in one request, %s', async (_way, query) => {
  expect(await codeOf(query)).toBe('QUERY_TOO_COMPLEX');
});

test('a document does not carry hundreds of operations under aliases, and none of them is done', async () => {
  const signUp = (i: number) =>
    `a${i}: signUp(input: { email: "crowd${i}@example.org", password: "apples and pears" }) { __typename }`;
  expect(await codeOf(`mutation { ${times(51, signUp)} }`)).toBe('QUERY_TOO_COMPLEX');
  expect(await codeOf(`mutation { ...F } fragment F on Mutation { ${times(51, signUp)} }`)).toBe('QUERY_TOO_COMPLEX');
  expect(await kith.sql('select count(*)::int from users')).toEqual([{ count: 0 }]);
  expect(await codeOf(`{ ${times(251, (i) => `a${i}: me { id }`)} }`)).toBe('QUERY_TOO_COMPLEX');
  expect(await codeOf(`{ ${times(250, (i) => `a${i}: me { id }`)} }`)).toBeUndefined();
});

test('a document has an end, however large a body may be', async () => {
  expect(await codeOf(`{ me { ${times(20_000, () => 'id')} } }`)).toBe('GRAPHQL_PARSE_FAILED');
});

test('a hidden community answers a stranger as one that does not exist', async () => {
  const [place, stranger] = [await kith.community(), await kith.user()];
  await kith.sql("update communities set visibility = 'HIDDEN' where id = $1", [place.id]);
  const ask = async (community: string) => kith.gql('{ members { totalCount } }', {}, { ...stranger, community });
  expect(await ask(place.slug)).toEqual(await ask('there-is-none'));
});

test.each([
  ['fields of the root', `{ ${times(251, (i) => `a${i}: me { id }`)} }`, 'QUERY_TOO_COMPLEX'],
  ['the schema', `{ ${times(100, (i) => `a${i}: __schema { types { fields { name } } }`)} }`, 'QUERY_TOO_COMPLEX'],
  ['depth', `{ categories { ${'children { '.repeat(15)} id ${'} '.repeat(15)} } }`, 'QUERY_TOO_COMPLEX'],
  [
    'complexity',
    `{ ${times(60, (i) => `a${i}: listings(first: 100) { edges { node { title } } }`)} }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['a field there is not', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['no document', '{ ', 'GRAPHQL_PARSE_FAILED'],
])('too much of %s has one code, over HTTP and WebSocket', async (_what, query, expected) => {
  const anna = await kith.member(await kith.community());
  const socket = await openSocket(kith.url, anna);
  await socket.next();
  socket.subscribe('1', query);
  const { type, payload } = await socket.next();
  socket.close();
  const [refused] = type === 'error' ? payload : payload.errors;
  const overHttp = (await kith.gql(query, {}, anna)).errors![0]!.extensions.code;
  expect([refused.extensions.code, overHttp]).toEqual([expected, expected]);
});
