import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getNamedType } from 'graphql';
import { testKith, type Answer, type As, type Person, type TestKith } from './kit.ts';
import { globalId } from './listing.ts';
import { documentOf, fieldsOf, variablesOf, type Field, type Filling, type Root } from './requests.ts';
import { openSocket, type Message } from './socket.ts';
import {
  communityTables,
  fingerprint,
  nodeTypes,
  tell,
  wholeCommunity,
  type WholeCommunity,
} from './wholeCommunity.ts';

let kith: TestKith;
let ours: WholeCommunity;
let theirs: WholeCommunity;
/** Every id that stands in a row of the other community. */
let theirIds: Set<string>;

beforeAll(async () => {
  kith = await testKith({ settings: { MAX_QUERY_COMPLEXITY: '1000000', MAX_QUERY_DEPTH: '50' } });
  [ours, theirs] = [await wholeCommunity(kith), await wholeCommunity(kith)];
  theirIds = await idsIn(theirs);
});
afterAll(() => kith.stop());

// What was asked may have ended the session or the membership of who asked, so everybody asks for one test.
let operator: Person;
beforeEach(async () => {
  operator = await kith.member(ours, { roles: ['MEMBER', 'OPERATOR'] });
});

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
async function idsIn({ id, owner, operator }: WholeCommunity): Promise<Set<string>> {
  const tables = (await communityTables(kith)).map((table) => ({
    table,
    where: 'community_id = $1',
    value: id as unknown,
  }));
  tables.push({ table: 'communities', where: 'id = $1', value: id });
  tables.push({ table: 'sessions', where: 'user_id = any($1)', value: [owner.userId, operator.userId] });
  const rows = await Promise.all(
    tables.map(async ({ table, where, value }) => {
      const found = await kith.sql(`select t::text as text from ${table} t where ${where}`, [value]);
      // What has no row here cannot be looked for: a new table needs one in test/wholeCommunity.ts.
      expect(found.length, `rows of ${table} in test/wholeCommunity.ts`).toBeGreaterThan(0);
      return found;
    }),
  );
  return new Set(rows.flat().flatMap(({ text }) => String(text).match(UUID) ?? []));
}

/** What of the other community an answer shows: its mark or its ids. What was sent may be repeated: whoever asked knew it. */
function shown(answer: unknown, sent: unknown = {}): string[] {
  const known = textsIn(sent).flatMap(spellings);
  const isTheirs = (text: string) =>
    text.includes(theirs.mark.toLowerCase()) || (text.match(UUID) ?? []).some((id) => theirIds.has(id));
  return textsIn(answer).filter((text) =>
    isTheirs(
      known.reduce((rest, word) => (word.length < 8 ? rest : rest.replaceAll(word, '')), spellings(text).join()),
    ),
  );
}
const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
/** A text, and what stands in it when it is a global id or a cursor. */
const spellings = (text: string) =>
  [text, Buffer.from(text, 'base64').toString('latin1')].map((each) => each.toLowerCase());
const FAULTS = ['INTERNAL', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];
const isFault = ({ errors }: Answer) => (errors ?? []).some(({ extensions }) => FAULTS.includes(extensions.code));

/** Variables with the ids of a community: as the field means them, and ids of every type in every place. */
function probesOf(field: Field, of: WholeCommunity, values: Filling['values'] = {}): Record<string, unknown>[] {
  const first = (type: string) => of.ids[type]?.[0] ?? of.ids.Listing![0]!;
  const fitting = nodeTypes().flatMap((idType) =>
    of.ids[idType]!.slice(0, 3).map((_, at) =>
      variablesOf(field, { values, idType, id: (type) => of.ids[type]?.[at] ?? first(type) }),
    ),
  );
  const ofEveryType = nodeTypes().map((type) => variablesOf(field, { values, id: () => first(type) }));
  const further = (['none', 'all'] as const).map((optional) => variablesOf(field, { values, optional, id: first }));
  return [...new Map([...further, ...fitting, ...ofEveryType].map((probe) => [JSON.stringify(probe), probe])).values()];
}
/** The same with words of the other community in each argument that takes text. */
function wordProbesOf(field: Field, words: string[]): Record<string, unknown>[] {
  const names = field.args.flatMap(({ name, type }) => (getNamedType(type).name === 'String' ? [name] : []));
  return names.flatMap((name) => words.flatMap((word) => probesOf(field, ours, { [name]: word }).slice(0, 1)));
}

const documents = new Map<Field, string>();
function ask(root: Root, field: Field, variables: Record<string, unknown>, as: As): Promise<Answer> {
  const document = documents.get(field) ?? documentOf(root, field);
  documents.set(field, document);
  return kith.gql(document, variables, as);
}

// Inside of the other community, as one of ours.
const intruding = ({ token }: Person): As[] => [
  { token, community: theirs.slug },
  { token, community: theirs.id },
];

describe('a query shows nothing of another community', () => {
  // These show nothing of the whole community even to its own people, so that its mark cannot be looked for in them.
  const withoutMark = new Set([
    ...['communities', 'publicListings', 'publicSearch'], // it is closed
    'policiesAt', // rules are no texts
    ...['moneyReport', 'treasuryReport'], // sums
    ...['demurragePreview', 'myDemurrage'], // counts: nobody there is past the days of grace
    ...['understanding', 'understoodListings', 'suggestCategories'], // counts; and nothing understands texts here
    ...['platformUnderstanding', 'learnedCategories'], // of the platform
    ...['dashboard', 'searchStatus', 'trialBalance', 'coinageReport', 'coinageWith', 'myCoinage'], // counts
    ...['obstaclesToLeaving', 'notificationPreferences', 'sessions', 'searchToken'], // of the viewer alone
  ]);
  for (const field of fieldsOf('Query'))
    test(field.name, async () => {
      const uri = `kith:${theirs.slug}/pay/${theirs.owner.memberId}`;
      const values = {
        ...{ community: theirs.slug, token: theirs.invitationToken, uri },
        wantId: globalId('Listing', theirs.listings.PUBLISHED_WANT!),
        offerId: globalId('Listing', theirs.listings.PUBLISHED!),
      };
      const within = [...probesOf(field, theirs, values), ...wordProbesOf(field, [theirs.mark])];
      const own = await Promise.all(
        within.flatMap((variables) => [theirs.operator, theirs.owner].map((as) => ask('Query', field, variables, as))),
      );
      expect(own.filter(isFault)).toEqual([]);
      if (!withoutMark.has(field.name))
        expect(
          own.some(({ data }) => shown(data).length > 0),
          `${field.name} shows something to look for`,
        ).toBe(true);

      const cursors = [...JSON.stringify(own).matchAll(/_(?:start|end)Cursor":"([^"]+)"/g)].map(
        ([, cursor]) => cursor!,
      );
      const words = [theirs.mark, theirs.slug, theirs.id, theirs.owner.email, ...new Set(cursors)];
      const probes = [...probesOf(field, theirs), ...wordProbesOf(field, words)];
      await Promise.all(
        [operator, ...intruding(operator)].flatMap((as) =>
          probes.map(async (variables) => {
            const answer = await ask('Query', field, variables, as);
            const asked = `${JSON.stringify(variables)} to ${as.community}`;
            expect(shown(answer, variables), asked).toEqual([]);
            expect(isFault(answer), asked).toBe(false);
          }),
        ),
      );
    });
});

describe('a mutation changes nothing of another community and shows nothing of it', () => {
  for (const field of fieldsOf('Mutation'))
    test(field.name, async () => {
      const before = await fingerprint(kith, theirs.id);
      const [intruder] = intruding(operator);
      await Promise.all(
        probesOf(field, theirs).flatMap((variables) =>
          [operator, intruder!].map(async (as) => {
            const answer = await ask('Mutation', field, variables, as);
            const asked = `${JSON.stringify(variables)} to ${as.community}`;
            expect(isFault(answer), `${asked}: ${JSON.stringify(answer.errors)}`).toBe(false);
            expect(shown(answer, variables), asked).toEqual([]);
          }),
        ),
      );
      await kith.jobs();
      expect(await fingerprint(kith, theirs.id)).toEqual(before);

      // With ids of one's own the same requests reach the rules: before they failed for the ids and for nothing else.
      const another = await kith.member(ours, { roles: ['MEMBER', 'OPERATOR'] });
      const codes: string[] = [];
      for (const variables of probesOf(field, ours)) {
        const { errors } = await ask('Mutation', field, variables, another);
        codes.push(errors?.[0]!.extensions.code ?? 'answered');
        if (codes.at(-1) !== 'BAD_USER_INPUT') break;
      }
      expect(codes.at(-1), codes.join()).not.toBe('BAD_USER_INPUT');
      expect(codes).not.toContain('INTERNAL');
    });
});

describe('a subscription tells nothing of another community', () => {
  for (const field of fieldsOf('Subscription'))
    test(field.name, async () => {
      const mine = await wholeCommunity(kith);
      const [{ after }] = (await kith.sql<{ after: string }>(
        "select xid || '-' || id as after from events where community_id = $1 order by xid, id limit 1",
        [theirs.id],
      )) as [{ after: string }];
      const own = variablesOf(field, { optional: 'none', id: (type) => mine.ids[type]![0]! });
      const foreign = probesOf(field, theirs).map((variables) => ({ ...variables, after: undefined }));
      const probes = [own, ...foreign, { ...own, after }];
      const open = async (as: As) => {
        const socket = await openSocket(kith.url, as);
        await socket.next();
        const before = kith.subscriptions();
        for (const [at, variables] of probes.entries())
          socket.subscribe(String(at), documentOf('Subscription', field), variables);
        const ended = () => socket.received.filter(({ type }) => type === 'error' || type === 'complete').length;
        while (kith.subscriptions() - before + ended() < probes.length)
          await new Promise((resolve) => setTimeout(resolve, 2));
        return socket;
      };

      let heard = 0;
      for (const as of [mine.owner, mine.operator]) {
        const socket = await open(as);
        const isLive = !socket.received.some(({ id }) => id === '0');
        const { memberId } = as;
        await tell(kith, { ...theirs, memberId });
        await tell(kith, theirs);
        await tell(kith, { ...mine, memberId });
        // A stream hears events in their order: when ours has come, theirs would have come before.
        for (let message: Message | undefined; isLive && message?.id !== '0';) {
          message = await socket.next();
          expect(shown(message)).toEqual([]);
          if (message.id === '0') expect(message.payload.errors).toBeUndefined();
        }
        if (isLive) heard++;
        expect(shown(socket.received)).toEqual([]);
        socket.close();
        while (kith.subscriptions() > 0) await new Promise((resolve) => setTimeout(resolve, 2));
      }
      expect(heard, `somebody hears ${field.name}`).toBeGreaterThan(0);

      for (const as of intruding(mine.operator)) {
        const socket = await open(as);
        expect(kith.subscriptions()).toBe(0);
        expect(shown(socket.received)).toEqual([]);
        socket.close();
      }
    });
});
