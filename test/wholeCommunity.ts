import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObjectType } from 'graphql';
import { schema } from '../api/src/schema.ts';
import { newId } from '../api/src/ids.ts';
import type { Person, TestKith } from './kit.ts';
import { globalId } from './listing.ts';
import { fillLedger } from './wholeLedger.ts';
import { fillCoinage } from './wholeCoinage.ts';
import { fillTrades } from './wholeTrades.ts';

/** The table behind each type that has a global id. A type without a line here stops the tests that ask for foreign ids. */
const TABLES: Record<string, string> = {
  Account: 'accounts',
  Category: 'categories',
  CoinageMint: 'coinage_mints',
  Community: 'communities',
  DemurrageRun: 'demurrage_runs',
  Dispute: 'disputes',
  Import: 'imports',
  Invitation: 'invitations',
  JournalEntry: 'journal_entries',
  KarmaAward: 'karma_awards',
  Listing: 'listings',
  Member: 'members',
  Notification: 'notifications',
  PaymentRequest: 'payment_requests',
  PaymentRule: 'payment_rules',
  Review: 'reviews',
  SavedSearch: 'saved_searches',
  Session: 'sessions',
  Suggestion: 'suggestions',
  SynonymSet: 'synonyms',
  Trade: 'trades',
  User: 'users',
};

/** The types that `node(id:)` answers. */
export const nodeTypes = (): string[] =>
  schema
    .getPossibleTypes(schema.getType('Node') as never)
    .filter(isObjectType)
    .map(({ name }) => name);

export interface WholeCommunity {
  id: string;
  slug: string;
  /** A word that stands in every text of this community and nowhere else. */
  mark: string;
  /** Everything of this community belongs to the owner, an ordinary member. */
  owner: Person;
  operator: Person;
  /** Global ids by type; the first of each is the one most mutations are tried on. */
  ids: Record<string, string[]>;
  /** The local ids of the owner's listings by state. */
  listings: Record<string, string>;
  /** The token of its open invitation. */
  invitationToken: string;
}

const LISTING_STATES = ['PUBLISHED', 'DRAFT', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN', 'HIDDEN'] as const;

/** A community with at least one row in every table of communities, each text of it marked. */
export async function wholeCommunity(
  kith: TestKith,
  { visibility = 'HIDDEN', policies = {} }: { visibility?: 'LISTED' | 'HIDDEN'; policies?: object } = {},
): Promise<WholeCommunity> {
  const mark = `Zq${randomBytes(5).toString('hex')}`;
  const { id, slug } = await kith.community({ slug: mark.toLowerCase(), name: `${mark} community` });
  const put = (table: string, row: Record<string, unknown>) => insert(kith, table, { community_id: id, ...row });
  await kith.sql(
    'update communities set description = $2, currency_name = $2, visibility = $3::community_visibility, policies = $4, charter_version = 1 where id = $1',
    [id, mark, visibility, JSON.stringify(policies)],
  );
  await put('charters', { version: 1, text: `${mark} charter` });

  const owner = await kith.member({ id, slug }, { name: `${mark} owner` });
  const operator = await kith.member({ id, slug }, { name: `${mark} operator`, roles: ['MEMBER', 'OPERATOR'] });
  const neighbour = await kith.member({ id, slug }, { name: `${mark} neighbour` });
  await kith.sql(
    `update members set bio = $2, photo_url = 'https://' || $2 || '.example', contact_email = $2 || '@example.org', phone = $2, application = $2,
       decision_reason = $2, external_id = display_name, charter_version = 1, latitude = 51, longitude = 7 where community_id = $1`,
    [id, mark],
  );
  const people = [owner, operator, neighbour].map(({ userId }) => userId);
  await kith.sql('update sessions set label = $2 where user_id = any($1)', [people, mark]);
  const states = ['APPLIED', 'SUSPENDED', 'LEAVING', 'LEFT', 'REJECTED', 'ACTIVE'];
  const placeholders = states.map(() => newId());
  for (const [at, state] of states.entries())
    await put('members', { id: placeholders[at], state, display_name: `${mark} ${state}`, invited_by: owner.memberId });

  const categories = [newId(), newId(), newId()];
  for (const [at, category] of categories.entries())
    await put('categories', {
      id: category,
      key: `${slug}-${at}`,
      name: `${mark} category ${at}`,
      parent_id: at === 2 ? categories[1] : null,
    });

  const listings: Record<string, string> = {};
  for (const state of LISTING_STATES)
    for (const kind of ['OFFER', 'WANT']) {
      const listing = newId();
      // A suggestion needs two people.
      const author = kind === 'WANT' && state === 'PUBLISHED' ? neighbour.memberId : owner.memberId;
      if (kind === 'OFFER') listings[state] = listing;
      else listings[`${state}_WANT`] = listing;
      await put('listings', {
        ...{ id: listing, kind, state, member_id: author, category_id: categories[0] },
        ...{ title: `${mark} ${kind} ${state}`, description: mark, tags: [mark], unit: mark, availability_note: mark },
        ...{
          photo_urls: [`https://${slug}.example/photo.png`],
          terms: 'FIXED',
          price: 1000,
          latitude: 51,
          longitude: 7,
        },
        ...{ external_id: `${mark}${kind}${state}`, expires_at: future(30) },
        ...(!['DRAFT', 'WITHDRAWN'].includes(state) && { published_at: new Date() }),
        ...(state === 'HIDDEN' && { hidden_reason: mark, state_before_hidden: 'PUBLISHED' }),
      });
      await put('listing_categories', { listing_id: listing, category_id: categories[0] });
    }
  const suggestion = newId();
  await put('suggestions', {
    ...{ id: suggestion, want_id: listings.PUBLISHED_WANT, offer_id: listings.PUBLISHED },
    ...{
      wanter_id: neighbour.memberId,
      provider_id: owner.memberId,
      score: 0.5,
      parts: '{}',
      reasons: JSON.stringify([]),
    },
    dismissal_note: mark,
  });

  const invitationToken = randomBytes(32).toString('base64url');
  const { rows: invitation } = await open(put, { id, owner, token: invitationToken, mark });
  const [savedSearch, synonyms, notification, imported] = [newId(), newId(), newId(), newId()];
  const query = JSON.stringify({ text: mark, categoryIds: [categories[0]] });
  await put('saved_searches', { id: savedSearch, member_id: owner.memberId, name: mark, query });
  await put('synonyms', { id: synonyms, terms: [mark, `${mark}s`] });
  await put('notifications', {
    ...{ id: notification, member_id: owner.memberId, kind: 'listing.expiring', key: mark, title: mark, body: mark },
    ...{ subject_type: 'Listing', subject_id: listings.PUBLISHED },
  });
  await put('audit_log', {
    ...{ id: newId(), actor_user_id: operator.userId, actor_member_id: operator.memberId, action: 'member.suspended' },
    ...{ subject_type: 'Member', subject_id: neighbour.memberId, reason: mark, detail: JSON.stringify({ note: mark }) },
  });
  await put('policy_changes', {
    ...{
      name: 'listingDays',
      before: '90',
      after: '80',
      effective_at: new Date(),
      applied: true,
      created_at: new Date(),
    },
    ...{ changed_by: operator.memberId, reason: mark },
  });
  const row = JSON.stringify({ title: mark });
  await put('imports', {
    ...{ id: imported, kind: 'LISTINGS', state: 'CHECKED', file_name: `${mark}.csv`, started_by: operator.memberId },
    ...{ rows_total: 1, problem: mark, ignored_columns: [mark] },
    options: JSON.stringify({ createMissingCategories: false, placeholderMembers: 'NONE', invite: false }),
  });
  await put('import_rows', { import_id: imported, line: 2, row, reason: mark, external_id: mark });
  await fillSearch(put, { mark, owner, listing: listings.PUBLISHED!, category: categories[0]! });

  const money = await fillLedger({ put, mark, ownerId: owner.memberId, neighbourId: neighbour.memberId });
  const trades = await fillTrades({
    ...{ put, mark, ownerId: owner.memberId, neighbourId: neighbour.memberId, operatorId: operator.memberId },
    offerId: listings.PUBLISHED!,
  });
  const coinage = await fillCoinage({
    ...{ put, mark, ownerId: owner.memberId, neighbourId: neighbour.memberId, operatorId: operator.memberId },
    ...{ tradeId: trades.Trade![1]!, entryId: money.JournalEntry[2]! },
  });

  const ids: Record<string, string[]> = {
    ...money,
    ...trades,
    ...coinage,
    Category: categories,
    Community: [id],
    Import: [imported],
    Invitation: invitation,
    Listing: Object.values(listings),
    Member: [neighbour.memberId, owner.memberId, operator.memberId, ...placeholders],
    Notification: [notification],
    SavedSearch: [savedSearch],
    Session: (
      await kith.sql<{ id: string }>('select id from sessions where user_id = any($1) order by user_id = $2 desc', [
        people,
        owner.userId,
      ])
    ).map((session) => session.id),
    Suggestion: [suggestion],
    SynonymSet: [synonyms],
    User: [neighbour.userId, owner.userId, operator.userId],
  };
  await tell(kith, { id, ids, listings });
  for (const type of nodeTypes())
    if (!TABLES[type] || !ids[type]) throw new Error(`test/wholeCommunity.ts makes no row for the node type ${type}.`);
  const globalIds = Object.fromEntries(
    Object.entries(ids).map(([type, list]) => [type, list.map((local) => globalId(type, local))]),
  );
  return { id, slug, mark, owner, operator, ids: globalIds, listings, invitationToken };
}

const future = (days: number) => new Date(Date.now() + days * 86_400_000);
type Put = (table: string, row: Record<string, unknown>) => Promise<void>;

async function open(
  put: Put,
  { owner, token, mark }: { id: string; owner: Person; token: string; mark: string },
): Promise<{ rows: string[] }> {
  const { hashToken } = await import('../api/src/context.ts');
  const [open, other] = [newId(), newId()];
  const common = { inviter_id: owner.memberId, email: `${mark}@example.org`, expires_at: future(10) };
  await put('invitations', { id: open, token_hash: hashToken(token), ...common });
  await put('invitations', { id: other, token_hash: randomBytes(32), max_uses: 1, uses: 1, ...common });
  await put('invitation_uses', { invitation_id: other, member_id: owner.memberId });
  return { rows: [open, other] };
}

/** The index of the embedded engine, as if the jobs had run. */
async function fillSearch(
  put: Put,
  { mark, owner, listing, category }: { mark: string; owner: Person; listing: string; category: string },
) {
  const word = mark.toLowerCase();
  await put('search_documents', {
    ...{ listing_id: listing, member_id: owner.memberId, kind: 'OFFER', terms: 'FIXED', category_ids: [category] },
    ...{ tags: [mark], language: 'en', remote: false, published_at: new Date(), indexed_at: new Date() },
    words: `'${word}':1A`,
  });
  await put('search_texts', {
    ...{ listing_id: listing, title: `${mark} OFFER PUBLISHED`, description: mark, title_stems: [word] },
    ...{ label_stems: [word], description_stems: [word], synonym_stems: [], dictionary: [`${word} ${word}`] },
  });
  await put('search_words', { word, stem: word, listings: 1 });
  await put('search_totals', { listings: 1 });
  await put('meanings', { model: mark });
  const text = { text_hash: Buffer.from(mark) };
  await put('listing_meanings', {
    ...{ listing_id: listing, member_id: owner.memberId, kind: 'OFFER', published: true, version: 0, ...text },
  });
  await put('text_meanings', { model: mark, ...text });
  await put('matching_weights', { weights: '{}', answers: 1, answered_until: new Date() });
  await put('search_outbox', { target: 'LIVE', listing_id: listing });
}

/** One event of every topic a subscription reads, for everybody and for the owner; its payload names one of everything. */
export async function tell(
  kith: TestKith,
  { id, ids, listings, memberId }: Pick<WholeCommunity, 'id' | 'ids' | 'listings'> & { memberId?: string },
) {
  const local = (given: string) =>
    given.includes('-') ? given : Buffer.from(given, 'base64').toString().split(':')[1]!;
  const named = Object.entries(ids).map(([type, [first]]) => [
    `${type[0]!.toLowerCase()}${type.slice(1)}Id`,
    local(first!),
  ]);
  const payload = { ...Object.fromEntries(named), listingId: listings.PUBLISHED, kind: 'OFFER', state: 'PUBLISHED' };
  Object.assign(payload, { entryId: local(ids.JournalEntry![0]!), requestId: local(ids.PaymentRequest![0]!) });
  const told = memberId ?? local(ids.Member![1]!);
  await kith.sql(
    `insert into events (community_id, topic, member_id, payload)
     select $1, topic, member, $4 from unnest($2::text[]) topic, unnest(array[null, $3]::uuid[]) member`,
    [id, subscriptionTopics(), told, JSON.stringify(payload)],
  );
}

/** Every topic that stands in a subscription of the source. */
function subscriptionTopics(): string[] {
  const root = fileURLToPath(new URL('../api/src', import.meta.url));
  const topics = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql.ts'))
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/topics: \[([^\]]*)\]/g)])
    .flatMap(([, list]) => [...list!.matchAll(/'([^']+)'/g)].map(([, topic]) => topic!));
  return [...new Set(topics)].sort();
}

async function insert(kith: TestKith, table: string, row: Record<string, unknown>) {
  const columns = Object.keys(row);
  const values = columns.map((_, at) => `$${at + 1}`).join(', ');
  await kith.sql(`insert into ${table} (${columns.join(', ')}) values (${values})`, Object.values(row));
}

/** Every table whose rows belong to communities. */
export const communityTables = async (kith: TestKith): Promise<string[]> =>
  (
    await kith.sql<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'community_id' and not a.attisdropped
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`,
    )
  ).map(({ name }) => name);

/** What a community looks like in the database: a checksum for each table, its people and their sessions included. */
export async function fingerprint(kith: TestKith, communityId: string): Promise<Record<string, string>> {
  const people = 'select user_id from members where community_id = $1';
  return checksums(
    kith,
    [
      ...(await communityTables(kith)).map((table) => ({ table, where: 'community_id = $1' })),
      { table: 'communities', where: 'id = $1' },
      { table: 'users', where: `id in (${people})` },
      { table: 'sessions', where: `user_id in (${people})` },
      { table: 'one_time_tokens', where: `user_id in (${people})` },
    ],
    [communityId],
  );
}

// Counters of attempts may move with every request, and the queue forgets what was done.
const RESTLESS = ['rate_limits', '_prisma_migrations'];
/** What the whole database looks like, waiting jobs included. */
export async function wholeFingerprint(kith: TestKith): Promise<Record<string, string>> {
  const tables = await kith.sql<{ name: string }>(
    "select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by 1",
  );
  const counted = tables.map(({ name }) => name).filter((name) => !RESTLESS.includes(name));
  return checksums(
    kith,
    [...counted, 'graphile_worker._private_jobs'].map((table) => ({ table, where: 'true' })),
    [],
  );
}

async function checksums(kith: TestKith, parts: { table: string; where: string }[], values: unknown[]) {
  const sums = parts.map(
    ({ table, where }) =>
      `select '${table}' as name, count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' order by t::text)), '') as sum from ${table} t where ${where}`,
  );
  const rows = await kith.sql<{ name: string; sum: string }>(sums.join(' union all '), values);
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}
