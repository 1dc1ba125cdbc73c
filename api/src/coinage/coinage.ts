import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { newId } from '../ids.ts';
import { coinageFacts, holdCoinage, type Parties } from './facts.ts';
import { mintOf } from './qualify.ts';

export interface Sale extends Parties {
  tradeId: string;
  /** The local part, in minor units. */
  price: bigint;
}

/**
 * What of a sale's price is minted, in minor units; 0n when nothing is. Holds the buyer and the provider's grant until the
 * transaction ends, so that what it says can be posted (issuance −mint, buyer −(price − mint), provider +price) and recorded. Call it
 * before any account is held. Asked again for a trade that was recorded, it answers the same.
 */
export async function mintFor(tx: Tx, { tradeId, price, ...parties }: Sale): Promise<bigint> {
  await holdCoinage(tx, parties);
  const { communityId } = parties;
  const known = await tx.coinageMint.findFirst({ where: { communityId, tradeId }, select: { amount: true } });
  return known ? known.amount : mintOf(await coinageFacts(tx, parties), price);
}

export interface Minted {
  communityId: string;
  tradeId: string;
  entryId: string;
  buyerId: string;
  providerId: string;
  /** As `mintFor` answered in this transaction, in minor units. */
  amount: bigint;
}

/** Takes what was minted from the provider's grant and keeps for which trade, once; 0n is nothing to keep. */
export async function recordMint(tx: Tx, { communityId, tradeId, amount, ...mint }: Minted): Promise<void> {
  if (amount === 0n) return;
  const { count } = await tx.coinageMint.createMany({
    data: [{ communityId, id: newId(), tradeId, amount, mintedAt: clock.now(), ...mint }],
    skipDuplicates: true,
  });
  if (!count) return requireSame(tx, { communityId, tradeId, amount, ...mint });
  // The table refuses more than was granted.
  const taken = await tx.coinageStanding.updateMany({
    where: { communityId, memberId: mint.providerId },
    data: { minted: { increment: amount } },
  });
  if (taken.count !== 1) throw new Error('A mint is recorded in the transaction in which mintFor() answered it.');
}

async function requireSame(tx: Tx, { communityId, tradeId, ...mint }: Minted) {
  const known = await tx.coinageMint.count({ where: { communityId, tradeId, ...mint } });
  if (!known) throw new Error(`The trade ${tradeId} or its buyer with its provider has another mint already.`);
}
