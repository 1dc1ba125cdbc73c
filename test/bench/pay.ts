import { globalId } from '../listing.ts';
import { startApi } from '../process.ts';
import { interleaved, median, type BenchOptions, type BenchResult } from './bench.ts';
import { benchCluster, fillCommunities, type Cluster } from './cluster.ts';
import { startGenerator } from './generator.ts';
import { graphqlRequest } from './http.ts';
import { FRESH_ID, type Pair } from './payLoad.ts';

const PAY = `mutation ($i: PayInput!) { pay(input: $i) { __typename ... on JournalEntry { id postedAt } ... on Error { code } } }`;
const CLIENTS = [64, 256];
const POOL = 20;

/** Payments over HTTP, beside one function call and a hand-written transaction each, through bare pg; on many accounts and on one. */
export async function run({ say, quick }: BenchOptions): Promise<BenchResult> {
  const size = { communities: quick ? 50 : 1000, members: 10, listings: 0, sessions: 1000 };
  const many = quick ? 1000 : 10_000;
  const [rounds, milliseconds] = quick ? [2, 1500] : [5, 4000];
  const cluster = await benchCluster();
  say(`filling ${size.communities} communities, the first with ${many} members`);
  const everywhere = await fillCommunities(cluster, { ...size, sessions: size.communities });
  const people = await crowd(cluster, many);
  const pairs = await pairsOf(cluster);
  await cluster.sql('vacuum analyze');
  const settings = { WORKER: 'off', DATABASE_POOL: String(POOL) };
  const api = await startApi({ databaseUrl: cluster.ownerUrl, bundle: true, settings });
  const generator = startGenerator();

  const request = (payer: { token: string; community: string }, payeeId: string) =>
    graphqlRequest(PAY, payer, {
      i: { id: FRESH_ID, payeeId: globalId('Member', payeeId), amount: '0.01', memo: 'Bread' },
    });
  const latencies: Record<string, { p50: number; p99: number }[]> = {};
  const http = (name: string, requests: string[], connections: number) => async () => {
    const { perSecond, ...times } = await generator.do('pay', { url: api.url, requests, connections, milliseconds });
    (latencies[name] ??= []).push(times);
    return perSecond;
  };
  const sql = (url: string, how: 'transaction' | 'post' | 'pay', of: Pair[]) => () =>
    generator.do('paySql', { url, how, pairs: of, connections: CLIENTS[0]!, milliseconds });

  const spread = people.map((payer, at) => {
    const near = [0, 1].map((more) => pairs[(at * 7 + 500 + more) % pairs.length]!.payeeId);
    return request(
      payer,
      near.find((id) => id !== payer.memberId)!,
    );
  });
  const hot = pairs
    .map((pair) => ({ ...pair, payeeId: pairs[0]!.payeeId, to: pairs[0]!.to }))
    .filter(({ from, to }) => from !== to);
  const toOne = people
    .filter(({ memberId }) => memberId !== pairs[0]!.payeeId)
    .map((payer) => request(payer, pairs[0]!.payeeId));
  const acrossCommunities = await abroad(cluster, everywhere, request);
  const subjects = {
    pay64: http('pay64', spread, CLIENTS[0]!),
    pay256: http('pay256', spread, CLIENTS[1]!),
    post: sql(cluster.appUrl, 'post', pairs),
    call: sql(cluster.appUrl, 'pay', pairs),
    transaction: sql(cluster.ownerUrl, 'transaction', pairs),
    hot64: http('hot64', toOne, CLIENTS[0]!),
    hot256: http('hot256', toOne, CLIENTS[1]!),
    hotPost: sql(cluster.appUrl, 'post', hot),
    hotCall: sql(cluster.appUrl, 'pay', hot),
    across64: http('across64', acrossCommunities, CLIENTS[0]!),
  };
  say('warming up');
  await interleaved(1, subjects);
  for (const name of Object.keys(latencies)) latencies[name] = [];
  say(`${rounds} rounds of ${milliseconds} ms each`);
  const rate = await interleaved(rounds, subjects);
  generator.stop();
  await api.stop();
  // What the hand-written transaction does not keep is left out of what is looked at.
  const wrong = await cluster.sql(
    "select rule, count(*)::int from ledger.audit() where rule <> ALL ('{balance_after = running sum,available >= 0}') group by rule",
  );
  if (wrong.length) throw new Error(`The ledger does not add up: ${JSON.stringify(wrong)}`);
  await cluster.stop();

  const unit = 'payments/s';
  const took = (name: string, of: 'p50' | 'p99') => median(latencies[name]!.map((times) => times[of]));
  return {
    name: 'pay',
    conditions: [
      `fsync on; ${many} members in one community, ${size.communities} communities with ${size.members} beside it; pool of ${POOL}; no worker on the notices`,
      `medians of ${rounds} interleaved rounds of ${milliseconds} ms; the load generator shares the machine`,
      `times of answers, p50 / p99 ms: ${Object.keys(latencies)
        .map((name) => `${name} ${took(name, 'p50').toFixed(1)} / ${took(name, 'p99').toFixed(1)}`)
        .join('; ')}`,
    ],
    figures: [
      {
        ...{ name: 'pay over HTTP, 64 clients', value: rate.pay64, unit },
        ...{ limit: { name: 'ledger.post by bare pg', value: rate.post }, goal: { of: 'ratio', atLeast: 0.7 } },
      },
      {
        ...{ name: 'pay over HTTP, 256 clients', value: rate.pay256, unit },
        ...{ limit: { name: 'ledger.post by bare pg', value: rate.post }, goal: { of: 'ratio', atLeast: 0.7 } },
      },
      {
        ...{ name: 'pay over HTTP, 64 clients', value: rate.pay64, unit },
        limit: { name: 'one call each, with events and job', value: rate.call },
      },
      {
        ...{ name: 'pay over HTTP, 64 clients', value: rate.pay64, unit },
        limit: { name: 'a hand-written transaction, no rules', value: rate.transaction },
      },
      {
        ...{ name: 'one hot payee, 64 clients', value: rate.hot64, unit },
        ...{
          limit: { name: 'one call each, with events and job', value: rate.hotCall },
          goal: { of: 'ratio', atLeast: 4 },
        },
      },
      {
        ...{ name: 'one hot payee, 256 clients', value: rate.hot256, unit },
        limit: { name: 'ledger.post by bare pg', value: rate.hotPost },
      },
      {
        ...{ name: `payers in ${size.communities} communities, 64 clients`, value: rate.across64, unit },
        limit: { name: 'all in one', value: rate.pay64 },
      },
    ],
  };
}

/** Fills the first community, gives everybody an account with money, and signs in a thousand of the crowd. */
async function crowd({ sql }: Cluster, members: number) {
  await sql(
    `insert into users (id, email, name, email_verified_at)
     select gen_random_uuid(), 'crowd-' || m || '@example.org', 'Crowd ' || m, now() from generate_series(1, $1::int) m`,
    [members],
  );
  await sql(
    `insert into members (community_id, id, user_id, state, display_name, admitted_at)
     select c.id, gen_random_uuid(), u.id, 'ACTIVE', u.name, now() from users u, communities c where c.slug = 'c-1' and u.email like 'crowd-%'`,
  );
  await sql(`do $$
    declare c uuid;
    begin
      for c in select id from communities loop
        perform set_config('app.community_id', c::text, true);
        perform ledger.open_account('MEMBER', id) from members where community_id = c;
        perform ledger.post((
          select jsonb_build_object('id', gen_random_uuid(), 'kind', 'MINT', 'postings',
                   jsonb_build_array(jsonb_build_object('accountId', ledger.open_account('ISSUANCE'), 'amount', (-count(*) * 1000000000)::text))
                   || jsonb_agg(jsonb_build_object('accountId', id, 'amount', '1000000000')))
          from accounts where community_id = c and kind = 'MEMBER'), now(), true);
      end loop;
    end $$`);
  const rows = await sql(
    `with chosen as (
       select m.user_id, m.id as member_id, md5(m.id::text) || md5(m.user_id::text) as token from members m join communities c on c.id = m.community_id
       where c.slug = 'c-1' and m.display_name like 'Crowd %' order by m.id limit 1000)
     , made as (insert into sessions (id, user_id, token_hash, expires_at)
       select gen_random_uuid(), user_id, sha256(token::bytea), now() + interval '1 day' from chosen)
     select token, 'c-1' as community, member_id as "memberId" from chosen order by member_id`,
  );
  return rows as { token: string; community: string; memberId: string }[];
}

/** Members of the crowd in pairs, with their accounts. */
async function pairsOf({ sql }: Cluster): Promise<Pair[]> {
  return (await sql(
    `select a.community_id as "communityId", a.member_id as "payerId", b.member_id as "payeeId", a.id as "from", b.id as "to" from (
       select *, lead(id) over w as next from accounts where kind = 'MEMBER' and community_id = (select id from communities where slug = 'c-1') window w as (order by member_id)) a
     join accounts b on b.community_id = a.community_id and b.id = a.next order by md5(a.id::text)`,
  )) as Pair[];
}

/** Payments within each of many communities. */
async function abroad(
  { sql }: Cluster,
  people: { token: string; community: string; communityId: string; memberId: string }[],
  request: (payer: { token: string; community: string }, payeeId: string) => string,
) {
  const rows = await sql(
    'select community_id as "communityId", array_agg(id) as ids from members group by community_id',
  );
  const ids = new Map(rows.map(({ communityId, ids }) => [communityId as string, ids as string[]]));
  return people.map((payer) =>
    request(
      payer,
      ids.get(payer.communityId)!.find((id) => id !== payer.memberId)!,
    ),
  );
}
