import { interleaved, type BenchOptions, type BenchResult } from './bench.ts';
import { benchCluster, type Cluster } from './cluster.ts';

const ACCOUNTS = { quick: 10_000, standard: 200_000 };
const COMMUNITIES = 20;

/**
 * One period charged in many communities, each by its one statement, beside the bare statements that write the same rows: the
 * balances, the postings, nothing judged and nothing locked in order.
 */
export async function run({ say, quick, size }: BenchOptions): Promise<BenchResult> {
  const accounts = size ?? (quick ? ACCOUNTS.quick : ACCOUNTS.standard);
  const rounds = quick ? 2 : 3;
  const cluster = await benchCluster();
  say(`filling ${COMMUNITIES} communities and a large one with ${accounts} accounts together, twice`);
  await fill(cluster, accounts);
  let period = 0;
  const charge = (of: string) => async () => {
    period++;
    const communities = await cluster.sql(`select id from communities where slug like $1 order by slug`, [of]);
    const begun = performance.now();
    let charged = 0;
    for (const { id } of communities) {
      const [row] = await cluster.sql(CHARGE, [id, `${period} days`]);
      charged += Number(row!.charged);
    }
    return charged / ((performance.now() - begun) / 1000);
  };
  const bare = (of: string, text: string) => async () => {
    const communities = await cluster.sql(`select id from communities where slug like $1 order by slug`, [of]);
    const begun = performance.now();
    let written = 0;
    for (const { id } of communities) written += Number((await cluster.sql(text, [id]))[0]!.written);
    return written / ((performance.now() - begun) / 1000);
  };
  // Each on communities of its own: the postings of one must not slow down the other.
  const subjects = {
    one: charge('a-one'),
    oneBare: bare('b-one', SAME_ROWS),
    many: charge('a-many-%'),
    manyBare: bare('b-many-%', SAME_ROWS),
    postings: bare('c-one', POSTINGS),
  };
  say('warming up');
  await interleaved(1, subjects);
  say(`${rounds} rounds`);
  const rate = await interleaved(rounds, subjects);
  const wrong = await cluster.sql(
    "select rule, count(*)::int from ledger.audit() a join communities c on c.id = a.community_id where c.slug like 'a-%' group by rule",
  );
  if (wrong.length) throw new Error(`The ledger does not add up: ${JSON.stringify(wrong)}`);
  await cluster.stop();

  const unit = 'accounts/s';
  const goal = { of: 'ratio' as const, atLeast: 0.5 };
  return {
    name: 'demurrage',
    conditions: [
      `fsync on; ${accounts / 2} accounts in one community, ${accounts / 2} in ${COMMUNITIES} others; one transaction for each community`,
      `medians of ${rounds} interleaved rounds; "the same rows" is UPDATE of the balances and INSERT … SELECT of the postings, nothing judged`,
    ],
    figures: [
      {
        name: 'one large community',
        value: rate.one,
        unit,
        limit: { name: 'bare, the same rows', value: rate.oneBare },
        goal,
      },
      {
        name: `${COMMUNITIES} communities`,
        value: rate.many,
        unit,
        limit: { name: 'bare, the same rows', value: rate.manyBare },
        goal,
      },
      {
        name: 'one large community',
        value: rate.one,
        unit,
        limit: { name: 'bare INSERT … SELECT of the postings alone', value: rate.postings },
      },
    ],
  };
}

const CHARGE = `
  with put as materialized (select set_config('app.community_id', $1, true)),
  begun as materialized (select demurrage.begin_run(jsonb_build_object('id', gen_random_uuid(), 'endsOn', (now() + $2::interval)::date,
    'endsAt', clock_timestamp(), 'period', 'DAY', 'ratePpm', 10000, 'allowance', 0, 'graceDays', 0), clock_timestamp()) as id from put)
  select (select count(*) from accounts a where a.community_id = $1::uuid and a.kind = 'MEMBER') as charged, demurrage.charge(id, clock_timestamp()) from begun`;

/** What a charge writes, by hand. */
const SAME_ROWS = `
  with entry as (
    insert into journal_entries (community_id, id, content_hash, kind, posted_at)
    values ($1::uuid, gen_random_uuid(), '', 'DEMURRAGE', clock_timestamp()) returning id, posted_at),
  changed as (
    update accounts a set balance = a.balance - a.balance / 100, last_posted_at = e.posted_at from entry e
    where a.community_id = $1::uuid and a.kind = 'MEMBER' returning a.id, a.balance, a.balance / 100 as charge),
  written as (
    insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after)
    select $1::uuid, c.id, e.posted_at, e.id, -c.charge, c.balance from changed c, entry e returning 1)
  select count(*) as written from written`;
const POSTINGS = `
  with written as (
    insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after)
    select a.community_id, a.id, clock_timestamp(), e.id, -a.balance / 100, a.balance
    from accounts a, (select gen_random_uuid() as id) e where a.community_id = $1::uuid and a.kind = 'MEMBER' returning 1)
  select count(*) as written from written`;

/** Three equal worlds (a: charged, b: by hand, c: postings alone), each with one large community and many small ones. */
async function fill({ sql }: Cluster, accounts: number) {
  await sql(
    `insert into communities (id, slug, name, currency_code, currency_name)
     select gen_random_uuid(), w || '-' || c, 'Community', 'ABC', 'Abc'
     from unnest(array['a', 'b', 'c']) w, (select 'one' union all select 'many-' || n from generate_series(1, $1::int) n) k (c)`,
    [COMMUNITIES],
  );
  await sql(
    `insert into members (community_id, id, state, display_name, admitted_at, created_at)
     select c.id, gen_random_uuid(), 'ACTIVE', 'Member', '2020-01-01', '2020-01-01' from communities c,
       generate_series(1, case when c.slug like '%-one' then $1::int / 2 else $1::int / 2 / $2::int end)`,
    [accounts, COMMUNITIES],
  );
  // As minting for everybody would have left it.
  await sql(
    `insert into accounts (community_id, id, kind, member_id, is_local, currency_code, scale, balance, last_posted_at)
     select community_id, gen_random_uuid(), 'MEMBER', id, true, 'ABC', 2, 1000000, '2026-01-01' from members`,
  );
  await sql(
    `insert into accounts (community_id, id, kind, is_local, currency_code, scale, balance, last_posted_at)
     select community_id, gen_random_uuid(), 'ISSUANCE', true, 'ABC', 2, -1000000 * count(*), '2026-01-01' from members group by 1`,
  );
  await sql(
    `insert into journal_entries (community_id, id, content_hash, kind, posted_at)
     select community_id, id, '', 'MINT', '2026-01-01' from accounts where kind = 'ISSUANCE'`,
  );
  await sql(
    `insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after)
     select a.community_id, a.id, '2026-01-01', i.id, a.balance, a.balance
     from accounts a join accounts i on i.community_id = a.community_id and i.kind = 'ISSUANCE'`,
  );
  await sql('vacuum analyze');
}
