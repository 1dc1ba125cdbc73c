import type { ListingKind, ListingState, MemberState } from '@kith/db';
import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { prisma } from '../db.ts';

type Counts<State extends string> = Partial<Record<State, number>>;

/** A community at a glance. */
export interface Dashboard {
  members: Counts<MemberState>;
  listings: Partial<Record<ListingKind, Counts<ListingState>>>;
  newMembers: number;
  newListings: number;
  membersWithoutOffers: number;
  openSuggestions: number;
  runningImports: number;
  undecidedDisputes: number;
  checkedImports: number;
  accountsInArrears: number;
}

const NEW_WITHIN_DAYS = 7;
const DAY_MS = 86_400_000;

/** Counts the viewer's community in one statement. A member without offers is an active one who has no published offer. */
export async function dashboard({ communityId }: Pick<Member, 'communityId'>): Promise<Dashboard> {
  const since = new Date(clock.now().getTime() - NEW_WITHIN_DAYS * DAY_MS);
  const [counted] = await prisma.$queryRaw<[Dashboard]>`
    with m as (
      select state, count(*) as members, count(*) filter (where admitted_at >= ${since}) as admitted
      from members where community_id = ${communityId}::uuid group by state
    ), l as (
      select kind, state, count(*) as listings, count(*) filter (where state = 'PUBLISHED' and published_at >= ${since}) as published
      from listings where community_id = ${communityId}::uuid group by kind, state
    )
    select
      (select coalesce(jsonb_object_agg(state, members), '{}') from m) as members,
      (select coalesce(jsonb_object_agg(kind, states), '{}')
         from (select kind, jsonb_object_agg(state, listings) as states from l group by kind) kinds) as listings,
      (select coalesce(sum(admitted), 0)::int from m where state = 'ACTIVE') as "newMembers",
      (select coalesce(sum(published), 0)::int from l) as "newListings",
      (select count(*)::int from members a
        where a.community_id = ${communityId}::uuid and a.state = 'ACTIVE' and not exists (
          select from listings o where o.community_id = a.community_id and o.member_id = a.id
            and o.kind = 'OFFER' and o.state = 'PUBLISHED')) as "membersWithoutOffers",
      (select count(*)::int from suggestions
        where community_id = ${communityId}::uuid and withdrawn_at is null
          and wanter_state = 'OPEN' and provider_state = 'OPEN') as "openSuggestions",
      (select count(*)::int from imports
        where community_id = ${communityId}::uuid and state in ('CHECKING', 'APPLYING')) as "runningImports",
      (select count(*)::int from disputes
        where community_id = ${communityId}::uuid and state in ('OPEN', 'APPEALED')) as "undecidedDisputes",
      (select count(*)::int from imports
        where community_id = ${communityId}::uuid and state = 'CHECKED') as "checkedImports",
      (select count(*)::int from accounts
        where community_id = ${communityId}::uuid and kind in ('MEMBER', 'TREASURY')
          and balance - reserved + credit_limit < 0) as "accountsInArrears"`;
  return counted;
}
