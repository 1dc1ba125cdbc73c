import type { Installation } from './installation.ts';

/** A member who is signed in, with money. */
export interface Person {
  token: string;
  community: string;
  memberId: string;
}
export interface Community {
  id: string;
  people: Person[];
  /** What each member has at first, in minor units. */
  funds: bigint;
}
const SLUG = 'crash';

/** A community whose members have money each, made in the tables: it is not what is tried here. */
export async function foundCommunity({ sql }: Installation, members: number, funds: bigint): Promise<Community> {
  const [community] = await sql<{ id: string }>(
    `insert into communities (id, slug, name, currency_code, currency_name)
     values (gen_random_uuid(), $1, 'Crash', 'CRASH', 'Crashes') returning id`,
    [SLUG],
  );
  const { id } = community!;
  const people = await sql<Person & { userId: string }>(
    `with person as (
       insert into users (id, email, name, email_verified_at)
       select gen_random_uuid(), 'person-' || n || '@example.org', 'Person ' || n, now() from generate_series(1, $2::int) n returning id, name)
     insert into members (community_id, id, user_id, state, display_name, admitted_at)
     select $1, gen_random_uuid(), p.id, 'ACTIVE', p.name, now() from person p
     returning id as "memberId", user_id as "userId", md5(id::text) || md5(user_id::text) as token, $3 as community`,
    [id, members, SLUG],
  );
  await sql(
    `insert into sessions (id, user_id, token_hash, expires_at)
     select gen_random_uuid(), s.user_id, sha256(s.token::bytea), now() + interval '1 day' from unnest($1::uuid[], $2::text[]) as s (user_id, token)`,
    [people.map(({ userId }) => userId), people.map(({ token }) => token)],
  );
  await sql(
    `with here as materialized (select set_config('app.community_id', $1, true)),
     held as materialized (select ledger.open_account('MEMBER', m.id) as id from here, members m where m.community_id = $1::uuid)
     select ledger.post(jsonb_build_object('id', gen_random_uuid(), 'kind', 'MINT', 'postings',
       jsonb_build_array(jsonb_build_object('accountId', ledger.open_account('ISSUANCE'), 'amount', (-count(*) * $2::bigint)::text))
       || jsonb_agg(jsonb_build_object('accountId', held.id, 'amount', $2::text))), now(), true) from held`,
    [id, String(funds)],
  );
  return { id, people, funds };
}
