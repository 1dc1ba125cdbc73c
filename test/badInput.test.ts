import fc from 'fast-check';
import { getNullableType, isEnumType, isInputObjectType, isListType, type GraphQLInputType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../api/src/ids.ts';
import { testKith, type Answer, type Person, type TestKith } from './kit.ts';
import { documentOf, fieldsOf, variablesOf, type Field } from './requests.ts';
import { openSocket } from './socket.ts';

import { wholeCommunity, wholeFingerprint, type WholeCommunity } from './wholeCommunity.ts';

let kith: TestKith;
let world: WholeCommunity;
let elsewhere: WholeCommunity;
beforeAll(async () => {
  kith = await testKith({ settings: { MAX_BODY_BYTES: '8000000' } });
  world = await wholeCommunity(kith);
  elsewhere = await wholeCommunity(kith);
  // Whoever asks may do everything, so that nothing but the input stands in the way.
  await kith.sql("update members set roles = '{MEMBER,BROKER,MODERATOR,TREASURER,OPERATOR}' where id = $1", [
    world.owner.memberId,
  ]);
  await kith.sql('update users set platform_administrator = true where id = $1', [world.owner.userId]);
});
afterAll(() => kith.stop());

const ask = (field: Field, variables: Record<string, unknown>, as: Person = world.owner): Promise<Answer> =>
  kith.gql(documentOf('Mutation', field, { depth: 1 }), variables, as);
const valid = (field: Field): Record<string, unknown> =>
  variablesOf(field, { optional: 'all', id: (type) => world.ids[type]![0]! });

/** A place in the input of a mutation: where it is and what it takes. */
interface Place {
  path: (string | number)[];
  type: GraphQLInputType;
  /** Nothing may be left out here. */
  required: boolean;
}
/** Every place of a mutation's input, those inside of lists and objects too. */
function placesOf(field: Field): Place[] {
  const walk = (type: GraphQLInputType, path: (string | number)[], hasDefault: boolean): Place[] => {
    const inner = getNullableType(type) as GraphQLInputType;
    const own = { path, type: inner, required: inner !== type && !hasDefault };
    if (isListType(inner)) return [own, ...walk(inner.ofType as GraphQLInputType, [...path, 0], false)];
    if (!isInputObjectType(inner)) return [own];
    const fields = Object.values(inner.getFields());
    return [own, ...fields.flatMap((each) => walk(each.type, [...path, each.name], each.defaultValue !== undefined))];
  };
  return field.args.flatMap(({ name, type, defaultValue }) => walk(type, [name], defaultValue !== undefined));
}
/** The same input with something else in one place; undefined leaves it out. */
function changed(input: unknown, [key, ...rest]: (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(input) ? [...input] : { ...(input as object) }) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, value);
  return copy;
}

const within = (input: unknown, [key, ...rest]: (string | number)[]): unknown =>
  key === undefined ? input : within((input as Record<string | number, unknown>)[key], rest);

const takes =
  (...names: string[]) =>
  ({ type }: Place) =>
    names.includes(String(type));
const isNamed =
  (pattern: RegExp) =>
  ({ path }: Place) =>
    pattern.test(String(path.findLast((part) => typeof part === 'string')));
const isAddress = isNamed(/url/i);

/** Ways to be wrong, where each applies, and what is sent then. Each has to be refused, and nothing may change. */
const WRONG: Record<string, { at: (place: Place) => boolean; send: (place: Place, field: Field) => unknown[] }> = {
  'left out': { at: ({ required, path }) => required && typeof path.at(-1) === 'string', send: () => [undefined] },
  null: { at: ({ required }) => required, send: () => [null] },
  'of another type': {
    at: () => true,
    send: ({ type }) =>
      isListType(type)
        ? [{ a: 1 }]
        : String(type) === 'JSON'
          ? []
          : isInputObjectType(type)
            ? ['text', 5]
            : String(type) === 'ID'
              ? [true, { a: 1 }]
              : [{ a: 1 }, ['a', 'b']],
  },
  'far too long': { at: takes('String', 'ID', 'Decimal', 'DateTime'), send: () => ['a'.repeat(300_000)] },
  'not among the values': { at: ({ type }) => isEnumType(type), send: () => ['NOWHERE', 'offer', ''] },
  'a list without end': {
    at: ({ type }) => isListType(type),
    send: ({ path }, field) => [Array(5000).fill(within(valid(field), [...path, 0]))],
  },
  'beyond every range': {
    at: takes('Int', 'Float'),
    send: ({ type }) => (String(type) === 'Int' ? [2 ** 31, -(2 ** 31) - 1, 1.5] : [1e308, -1e308]),
  },
  'with what nobody asked for': {
    at: ({ type }) => isInputObjectType(type),
    send: ({ path }, field) => [{ ...(within(valid(field), path) as object), isPlatformAdministrator: true }],
  },
  negative: { at: takes('Int'), send: () => [-1] },
  'a malformed id': {
    at: takes('ID'),
    send: () => ['nonsense', '', 'TGlzdGluZzo=', world.owner.memberId.slice(1), "' or 1=1 --"],
  },
  'an id of another type, or of another community': {
    at: takes('ID'),
    send: () => [
      world.ids.User![0],
      Buffer.from(`Listing:${world.owner.memberId.toUpperCase()}`).toString('base64'),
      elsewhere.ids.Session![0],
    ],
  },
  'no decimal number': {
    at: takes('Decimal'),
    send: () => ['1e5', 'NaN', '0x10', '١٢', '1,5', '-0.00001', ' 1', '9'.repeat(16), ''],
  },
  'no moment': {
    at: takes('DateTime'),
    send: () => [
      'tomorrow',
      '2026-13-45T00:00:00Z',
      '',
      '0000',
      '+275760-09-14T00:00:00Z',
      '2026-02-31T00:00:00Z',
      '1',
    ],
  },
  'no web address': {
    at: isAddress,
    send: () => [
      'javascript:alert(1)',
      'data:text/html,x',
      'https://',
      'ftp://example.org/a',
      'nonsense',
      ' https://example.org\u0007',
    ],
  },
  'a NUL character': { at: takes('String', 'ID', 'Decimal', 'DateTime', 'JSON'), send: () => ['a\u0000b', '\u0000'] },
  'half a character': { at: takes('String', 'ID', 'JSON'), send: () => ['a\ud800b', '\udc00'] },
  'a control character in one line': {
    at: isNamed(
      /^(name|title|displayName|slug|email|newEmail|key|fileName|unit|label|currency\w+|locale|timeZone|phone)$/,
    ),
    send: () => ['some\u0007thing', 'two\nlines', '\u001b[31mred'],
  },
};
const FAMILIES: Record<string, RegExp> = {
  identity: /sign|session|password|email|user|account/i,
  community: /community|policies|charter/i,
  categories: /categor/i,
  membership: /member|invitation|application|profile/i,
  listings: /listing|draft/i,
  search: /savedSearch|synonyms/i,
  suggestions: /suggestion/i,
  imports: /import$/i,
  ledger: /creditLimit|reverse/i,
  treasury: /treasury/i,
  coinage: /coinage|mint$|founder/i,
  karma: /karma/i,
  payments: /^pay$|^payBatch$|payment/i,
  trades: /trade|markDelivered|confirmGlobalPart|dispute|evidence|review/i,
  notifications: /notification/i,
};
const familyOf = ({ name }: Field) => Object.keys(FAMILIES).find((family) => FAMILIES[family]!.test(name));
const WITH_INPUT = fieldsOf('Mutation').filter(({ args }) => args.length);

test.each(Object.keys(FAMILIES))('%s meets ten ways to be wrong or more', (family) => {
  const places = WITH_INPUT.filter((field) => familyOf(field) === family).flatMap(placesOf);
  const met = Object.entries(WRONG).filter(([, { at }]) => places.some(at));
  expect(met.length, met.map(([kind]) => kind).join()).toBeGreaterThanOrEqual(10);
});
test('every mutation belongs to a family', () => {
  expect(WITH_INPUT.filter((field) => !familyOf(field)).map(({ name }) => name)).toEqual([]);
});

describe('bad input is refused with a code and a sentence, and nothing changes', () => {
  for (const field of WITH_INPUT)
    test(field.name, async () => {
      const before = await wholeFingerprint(kith);
      const wrong: string[] = [];
      const cases = Object.entries(WRONG).flatMap(([kind, { at, send }]) =>
        placesOf(field)
          .filter(at)
          .flatMap((place) => send(place, field).map((value) => ({ kind, place, value }))),
      );
      for (const { kind, place, value } of cases) {
        const answer = await ask(field, changed(valid(field), place.path, value) as Record<string, unknown>);
        const [error] = answer.errors ?? [];
        const code = error?.extensions.code ?? (isRefusal(field, answer) ? 'refusal' : 'ACCEPTED');
        const isClear = !error || (error.message.length > 10 && error.message.length <= 1000);
        if (code === 'INTERNAL' || code === 'ACCEPTED' || !isClear)
          wrong.push(
            `${place.path.join('.')} ${kind} (${JSON.stringify(value)?.slice(0, 40)}): ${error?.message.slice(0, 200) ?? code}`,
          );
      }
      expect(wrong).toEqual([]);
      expect(await wholeFingerprint(kith)).toEqual(before);
    });
});
const isRefusal = ({ name }: Field, { data }: Answer) =>
  Object.keys(data?.[name] ?? {}).some((key) => key.endsWith('_code'));

describe("a query with bad input is answered and is nobody's fault but its own", () => {
  for (const field of fieldsOf('Query').filter(({ args }) => args.length))
    test(field.name, async () => {
      const faults: string[] = [];
      for (const [kind, { at, send }] of Object.entries(WRONG))
        for (const place of placesOf(field).filter(at))
          for (const value of [...send(place, field), ...(String(place.type) === 'ID' ? MALFORMED_NODES : [])]) {
            const input = changed(valid(field), place.path, value) as Record<string, unknown>;
            const { errors } = await kith.gql(documentOf('Query', field, { depth: 1 }), input, world.owner);
            if (errors?.some(({ extensions }) => extensions.code === 'INTERNAL'))
              faults.push(`${place.path.join('.')} ${kind}: ${JSON.stringify(value)?.slice(0, 60)}`);
          }
      expect(faults).toEqual([]);
    });
});
const encoded = (text: string) => Buffer.from(text).toString('base64');
const MALFORMED_NODES = [
  'Listing:nonsense',
  'Nothing:1',
  'Listing:',
  ':',
  'User:\u0000',
  'Query:1',
  `Session:${'9'.repeat(500)}`,
  'Listing:1:2',
].map(encoded);

describe('a text that cannot be stored is refused before any field runs', () => {
  const sentence = expect.stringContaining('cannot be stored');
  test('in variables, wherever it stands in them', async () => {
    const document = 'query ($search: String) { members(search: $search) { totalCount } }';
    for (const search of ['a\u0000', '\ud83d', 'x\udc00y'])
      expect(await kith.gql(document, { search }, world.owner)).toMatchObject({
        errors: [{ message: sentence, extensions: { code: 'BAD_USER_INPUT', field: 'search' } }],
      });
    const unused = await kith.gql(
      'query ($i: ListingsFilter) { listings(filter: $i) { totalCount } }',
      { i: { 'a\u0000': 1 } },
      world.owner,
    );
    expect(unused.errors?.[0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect((await kith.gql(document, { search: '\u{1f600}' }, world.owner)).errors).toBeUndefined();
  });
  test('in the document', async () => {
    const { errors } = await kith.gql('{ members(search: "a\\u0000b") { totalCount } }', {}, world.owner);
    expect(errors).toMatchObject([{ message: sentence }]);
    expect((await kith.gql('{ members(search: "\\ud800") { totalCount } }', {}, world.owner)).errors).toHaveLength(1);
  });
  test('in an address', async () => {
    const query = new URLSearchParams({
      query: 'query ($s: String) { members(search: $s) { totalCount } }',
      variables: '{"s":"\\u0000"}',
    });
    const headers = {
      authorization: `Bearer ${world.owner.token}`,
      'x-kith-community': world.slug,
      'apollo-require-preflight': '1',
    };
    const answer = await fetch(`${kith.url}/graphql?${query}`, { headers });
    expect(await answer.json()).toMatchObject({
      errors: [{ message: sentence, extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
  test('over a socket, and in what opens it', async () => {
    const socket = await openSocket(kith.url, world.owner);
    await socket.next();
    socket.subscribe('one', 'query ($s: String) { members(search: $s) { totalCount } }', { s: '\u0000' });
    expect(await socket.next()).toMatchObject({
      type: 'error',
      payload: [{ message: sentence, extensions: { code: 'BAD_USER_INPUT' } }],
    });
    socket.subscribe('two', '{ members(search: "\\u0000") { totalCount } }');
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ message: sentence }] });
    socket.close();
    const nowhere = await openSocket(kith.url, { ...world.owner, community: 'a\u0000b' });
    expect(await nowhere.next()).toMatchObject({ type: 'connection_ack' });
    nowhere.close();
  });
});

test('a wrong value is not repeated in full, however large it is', async () => {
  const answer = await kith.gql(
    'query ($take: Int) { memberList(take: $take) { total } }',
    { take: 'a'.repeat(1_000_000) },
    world.owner,
  );
  expect(JSON.stringify(answer).length).toBeLessThan(2000);
});

test('markup is a text like any other: it comes back as it was sent', async () => {
  const text = '<script>alert(1)</script> & <b>bold</b> \u202e "quoted"';
  const { data } = await kith.gql(
    'mutation ($i: CreateListingInput!) { createListing(input: $i) { ... on Listing { title description } } }',
    { i: { kind: 'OFFER', title: text, description: text } },
    world.operator,
  );
  expect(data.createListing).toEqual({ title: text, description: text });
});

test('an id made by the client stands for one content', async () => {
  const document = 'mutation ($i: CreateListingInput!) { createListing(input: $i) { __typename } }';
  const i = { id: newId(), kind: 'OFFER', title: 'Bicycle repair' };
  const made = async (change: object) =>
    (await kith.gql(document, { i: { ...i, ...change } }, world.operator)).data.createListing;
  expect(await made({})).toEqual({ __typename: 'Listing' });
  expect(await made({})).toEqual({ __typename: 'Listing' });
  const before = await wholeFingerprint(kith);
  expect(await made({ title: 'Piano lessons' })).toEqual({ __typename: 'ListingIdReused' });
  expect(await wholeFingerprint(kith)).toEqual(before);
});

const SEED = 20261122;
const RUNS = 12;
const ANSWERED_WITHIN_MS = 10_000;
describe(`whatever is sent (seed ${SEED}), the server answers and is not at fault`, () => {
  for (const field of WITH_INPUT)
    test(field.name, async () => {
      const person = await kith.member(world, { roles: ['MEMBER', 'OPERATOR'] });
      await kith.sql('update users set platform_administrator = true where id = $1', [person.userId]);
      const anything = fc.record(Object.fromEntries(field.args.map(({ name, type }) => [name, arbitraryOf(type)])), {
        requiredKeys: [],
      });
      const property = fc.asyncProperty(anything, async (variables) => {
        const late = new Promise<never>((_, reject) => {
          setTimeout(() => reject(new Error('no answer')), ANSWERED_WITHIN_MS).unref();
        });
        const { errors } = await Promise.race([ask(field, variables, person), late]);
        expect(errors?.map(({ extensions }) => extensions.code) ?? []).not.toContain('INTERNAL');
      });
      await fc.assert(property, { seed: SEED, numRuns: RUNS });
    });
  test('and the server lives', async () => {
    expect(await (await fetch(`${kith.url}/health`)).json()).toEqual({ status: 'live' });
  });
});

/** Mostly what fits the type, sometimes anything. */
function arbitraryOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  return fc.oneof(
    { weight: 6, arbitrary: fittingOf(getNullableType(type) as GraphQLInputType) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, '', 0, -1, 2 ** 31, [], {}, '\u0000', '\ud800') },
  );
}
function fittingOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isListType(type)) return fc.array(arbitraryOf(type.ofType as GraphQLInputType), { maxLength: 4 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, arbitraryOf(type)])), {
      requiredKeys: fields
        .filter(({ type, defaultValue }) => getNullableType(type) !== type && defaultValue === undefined)
        .map(({ name }) => name),
    });
  }
  const plain: Record<string, fc.Arbitrary<unknown>> = {
    ID: fc.oneof(fc.constantFrom(...Object.values(world?.ids ?? { none: ['x'] }).flat()), fc.uuid(), fc.base64String()),
    Int: fc.oneof(fc.integer(), fc.integer({ min: 0, max: 5 })),
    Float: fc.double({ noNaN: true, noDefaultInfinity: true }),
    Boolean: fc.boolean(),
    Decimal: fc.stringMatching(/^-?\d{1,15}(\.\d{1,4})?$/),
    DateTime: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  };
  return (
    plain[String(type)] ??
    fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.webUrl(),
      fc.emailAddress(),
    )
  );
}
