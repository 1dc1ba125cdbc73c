import { clock } from '../clock.ts';
import { inCommunity, outsideCommunities, type Tx } from '../db.ts';
import { defineJob } from '../jobs.ts';
import { expire, grantOnAdmission } from './grants.ts';
import { voidMintOf } from './voiding.ts';

const BATCH = 200;
const ADMITTED_WITHIN_MS = 2 * 86_400_000;

// Said where somebody is admitted; whoever came in by an import, or was missed, is found by the upkeep.
defineJob<{ communityId: string; memberId: string }>('member.admitted', ({ communityId, memberId }) =>
  inCommunity(communityId, (tx) => grantOnAdmission(tx, { communityId, memberId })),
);

/** Gives newcomers their grants, takes away what has run out, and returns the grants of mints whose entries were reversed. May run twice, also at once. */
export async function keepCoinage(): Promise<void> {
  const [now, admittedAfter] = [clock.now(), new Date(clock.now().getTime() - ADMITTED_WITHIN_MS)];
  const due = await outsideCommunities(
    (tx) => tx.$queryRaw<{ communityId: string }[]>`
      select community_id as "communityId" from coinage.communities_due(${admittedAfter}::timestamptz, ${now}::timestamptz)`,
  );
  for (const { communityId } of due) {
    await eachOf(communityId, admittedWithoutGrant(communityId, admittedAfter), (tx, memberId) =>
      grantOnAdmission(tx, { communityId, memberId }),
    );
    await eachOf(communityId, runOut(communityId, now), (tx, memberId) => expire(tx, { communityId, memberId }));
    await eachOf(communityId, reversed(communityId), (tx, tradeId) =>
      voidMintOf(tx, { communityId, tradeId, reason: 'The payment of the trade was reversed.' }),
    );
  }
}
defineJob('coinage.keep', keepCoinage, { every: '*/10 * * * *' });

/** Does one thing for each id the query finds, behind the last one each time, each in a transaction of its own. */
async function eachOf(
  communityId: string,
  find: (tx: Tx, after: string) => Promise<{ id: string }[]>,
  act: (tx: Tx, id: string) => Promise<unknown>,
) {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const found = await inCommunity(communityId, (tx) => find(tx, after));
    for (const { id } of found) await inCommunity(communityId, (tx) => act(tx, id));
    if (found.length < BATCH) return;
    after = found.at(-1)!.id;
  }
}

const admittedWithoutGrant = (communityId: string, admittedAfter: Date) => (tx: Tx, after: string) =>
  tx.$queryRaw<{ id: string }[]>`
    select m.id from members m where m.community_id = ${communityId}::uuid and m.id > ${after}::uuid and m.state = 'ACTIVE'
      and m.admitted_at > ${admittedAfter}::timestamptz
      and not exists (select from coinage_grants g where g.community_id = m.community_id and g.member_id = m.id and g.cause = 'ADMISSION')
    order by m.id limit ${BATCH}`;
const runOut = (communityId: string, now: Date) => (tx: Tx, after: string) =>
  tx.$queryRaw<{ id: string }[]>`
    select s.member_id as id from coinage_standings s where s.community_id = ${communityId}::uuid and s.member_id > ${after}::uuid
      and s.expires_at <= ${now}::timestamptz and s.granted > s.minted + s.expired order by s.member_id limit ${BATCH}`;
const reversed = (communityId: string) => (tx: Tx, after: string) =>
  tx.$queryRaw<{ id: string }[]>`
    select m.trade_id as id from coinage_mints m join entry_reversals r on r.community_id = m.community_id and r.entry_id = m.entry_id
    where m.community_id = ${communityId}::uuid and m.trade_id > ${after}::uuid and m.voided_at is null order by m.trade_id limit ${BATCH}`;
