import { withCommunity } from '@kith/db';
import { clock } from '../../api/src/clock.ts';
import { ownerPool, prisma } from '../../api/src/db.ts';
import { auditLedger } from '../../api/src/ledger/audit.ts';
import { figuresOf } from '../../api/src/treasury/figures.ts';
import type { Person, World } from './world.ts';

/** The economy at the end of one day. Amounts in minor units. */
export interface DayFigures {
  day: number;
  members: number;
  supply: bigint;
  treasury: bigint;
  /** Of the last 30 days, or of all days while there are fewer. */
  velocity: string | null;
  gini: string | null;
  /** Smallest, a quarter, half, three quarters and all of the members' balances lie at or below these. */
  balances: [bigint, bigint, bigint, bigint, bigint];
}
const DAY_MS = 86_400_000;
const WINDOW_DAYS = 30;

export async function figuresOfDay(world: World): Promise<DayFigures> {
  const { communityId, day } = world;
  const to = new Date(clock.now().getTime() + 1);
  const from = new Date(to.getTime() - Math.min(day + 1, WINDOW_DAYS) * DAY_MS);
  const { supply, treasury, velocity, gini, members } = await figuresOf(communityId, { from, to });
  const rows = await withCommunity(communityId, () =>
    prisma.account.findMany({
      where: { communityId, kind: 'MEMBER' },
      select: { balance: true },
      orderBy: { balance: 'asc' },
    }),
  );
  const at = (share: number) => rows[Math.floor((rows.length - 1) * share)]?.balance ?? 0n;
  return { day, members, supply, treasury, velocity, gini, balances: [at(0), at(0.25), at(0.5), at(0.75), at(1)] };
}

/** What somebody holds above zero and may spend, without credit. */
export async function availableOf({ communityId, memberId }: Person): Promise<bigint> {
  const account = await withCommunity(communityId, () =>
    prisma.account.findFirst({ where: { communityId, memberId, isLocal: true } }),
  );
  return account ? account.balance - account.reserved : 0n;
}

/** What must hold whatever happens; every line that does not is told. */
export async function brokenInvariants({ communityId, slug }: World): Promise<string[]> {
  const { differences } = await auditLedger(slug);
  const { rows } = await ownerPool.query<{ rule: string; found: string; expected: string }>(INVARIANTS, [communityId]);
  return [
    ...differences.map(
      ({ rule, subject_id, expected, found }) => `${rule}: ${subject_id} is ${found}, not ${expected}`,
    ),
    ...rows.map(({ rule, found, expected }) => `${rule}: ${found}, not ${expected}`),
  ];
}

const INVARIANTS = `
  with issued as (
    select coalesce(-sum(p.amount) filter (where e.kind = 'TRADE' or e.kind = 'MINT'), 0) as minted, coalesce(-sum(p.amount), 0) as posted, coalesce(-max(a.balance), 0) as supply
    from accounts a join postings p on p.community_id = a.community_id and p.account_id = a.id
    join journal_entries e on e.community_id = p.community_id and e.id = p.entry_id
    where a.community_id = $1 and a.kind = 'ISSUANCE'),
  facts (rule, found, expected) as (
    select 'supply = minted − burned', supply::text, posted::text from issued
    union all
    select 'what coinage minted is what was issued to trades', (select coalesce(sum(amount), 0)::text from coinage_mints where community_id = $1), minted::text from issued
    union all
    select 'members and treasury hold the supply', (select coalesce(sum(balance), 0)::text from accounts where community_id = $1 and kind in ('MEMBER', 'TREASURY')), supply::text from issued
    union all
    select 'a run of demurrage took what its entry says', r.charged::text, coalesce(sum(p.amount), 0)::text
    from demurrage_runs r left join postings p on p.community_id = r.community_id and p.entry_id = r.id and p.amount > 0
    where r.community_id = $1 group by r.community_id, r.id
    union all
    select 'no period is charged twice', count(*)::text, count(distinct ends_on)::text from demurrage_runs where community_id = $1
    union all
    select 'money is held only for what is open', r.amount::text, '0' from reservations r
    where r.community_id = $1 and r.amount > 0 and r.subject_type = 'Trade'
      and not exists (select from trades t where t.community_id = $1 and t.id = r.subject_id and t.state in ('AGREED', 'DELIVERED', 'DISPUTED')))
  select rule, found, expected from facts where found is distinct from expected and found is not null`;
