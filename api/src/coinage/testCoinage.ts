import type { Person, TestKith } from '../../../test/kit.ts';
import { accountOf, issuanceOf } from '../ledger/accounts.ts';
import { credit, debit, post } from '../ledger/entries.ts';
import { inCommunity } from '../db.ts';
import { newId } from '../ids.ts';
import { mintFor, recordMint } from './coinage.ts';

export interface TestSale {
  communityId: string;
  buyerId: string;
  providerId: string;
  price: bigint;
  tradeId?: string;
  buyerActorId?: string;
  providerActorId?: string;
}

/** Sells as a trade does when it completes: one entry pays, part of it minted. Answers what was minted. */
export const sell = ({ tradeId = newId(), ...sale }: TestSale): Promise<bigint> =>
  inCommunity(sale.communityId, async (tx) => {
    const { communityId, buyerId, providerId, price } = sale;
    const amount = await mintFor(tx, { ...sale, tradeId });
    const [buyer, provider] = [await accountOf(tx, buyerId), await accountOf(tx, providerId)];
    // One trade, one entry.
    const entryId = tradeId;
    const paid = price > amount ? [debit(buyer, price - amount)] : [];
    const minted = amount > 0n ? [debit(await issuanceOf(tx), amount)] : [];
    const postings = [...paid, ...minted, credit(provider, price)];
    await post(tx, { id: entryId, kind: 'TRADE', subject: { type: 'Trade', id: tradeId }, postings });
    await recordMint(tx, { communityId, tradeId, entryId, buyerId, providerId, amount });
    return amount;
  });

/** Makes a member an established buyer: long admitted, of good reputation, with money. */
export async function establish(kith: TestKith, communityId: string, { memberId }: Person, points = 5) {
  await kith.sql("update members set admitted_at = now() - interval '400 days' where id = $1", [memberId]);
  await kith.sql(
    `insert into reputations (community_id, member_id, score_milli, computed_at) values ($1, $2, $3, now())
     on conflict (community_id, member_id) do update set score_milli = excluded.score_milli`,
    [communityId, memberId, points * 1000],
  );
}

/** Everything coinage stores of a community, and the money: to see that a refusal moved nothing. */
export const coinageState = (kith: TestKith, communityId: string): Promise<unknown> =>
  Promise.all(
    [
      'coinage_grants',
      'coinage_standings',
      'coinage_mints',
      'coinage_founders',
      'accounts',
      'postings',
      'audit_log',
    ].map((table) => kith.sql(`select t::text from ${table} t where community_id = $1 order by 1`, [communityId])),
  );

/** granted, minted and expired of a member, in minor units. */
export async function standingOf(kith: TestKith, memberId: string): Promise<string[] | undefined> {
  const [row] = await kith.sql<{ granted: string; minted: string; expired: string }>(
    'select granted, minted, expired from coinage_standings where member_id = $1',
    [memberId],
  );
  return row && [row.granted, row.minted, row.expired];
}
