import { announce } from '../announce.ts';
import { clock } from '../clock.ts';
import { audit } from '../communities/audit.ts';
import type { Member } from '../context.ts';
import { afterCommit, inCommunity, type Tx } from '../db.ts';
import { notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { throwRefusal } from '../ledger/refusals.ts';
import { fromMinor } from '../money.ts';
import { phrase } from '../texts/text.ts';

/**
 * Undoes a mint, once: the provider's coins go back to issuance, also where they were spent, and the grant is theirs again. What the
 * buyer paid stays paid, and buyer and provider have used their one time. The audit log keeps why.
 */
export async function voidMint(
  moderator: Member,
  { mintId, reason }: { mintId: string; reason: string },
): Promise<void> {
  const { communityId } = moderator;
  const { scale, currencyCode } = await localCurrencyOf(communityId);
  await inCommunity(moderator, async (tx) => {
    const mint = await tx.coinageMint.findUnique({ where: { communityId_id: { communityId, id: mintId } } });
    if (!mint) throw notFound('mint');
    if (!(await undo(tx, { mintId, reason, actorId: moderator.memberId }))) return;
    await audit(tx, moderator, {
      action: 'coinage.void',
      ...{ subjectType: 'CoinageMint', subjectId: mintId, reason, detail: { amount: String(mint.amount) } },
    });
    const title = phrase('coinage.voided', { amount: `${fromMinor(mint.amount, scale)} ${currencyCode}` });
    const subject = { type: 'CoinageMint', id: mintId };
    const notice = { kind: 'coinage.voided', key: `coinage.voided:${mintId}`, title, body: reason, subject };
    await enqueue(tx, 'notify', { communityId, notices: [{ memberId: mint.providerId, ...notice }] });
  });
}

/** Undoes what was minted for a trade, if something was and is not undone: for who undoes a trade. Said twice it changes nothing. */
export async function voidMintOf(
  tx: Tx,
  { communityId, tradeId, ...why }: { communityId: string; tradeId: string; reason: string; actorId?: string },
): Promise<void> {
  const mint = await tx.coinageMint.findFirst({ where: { communityId, tradeId }, select: { id: true } });
  if (mint) await undo(tx, { mintId: mint.id, ...why });
}

/** Answers whether it was undone now. */
async function undo(tx: Tx, { mintId, reason, actorId }: { mintId: string; reason: string; actorId?: string }) {
  const content = JSON.stringify({ id: newId(), memo: reason, ...(actorId && { actorId }) });
  const rows = await tx.$queryRaw<{ undone: boolean }[]>`
    select coinage.void_mint(${mintId}::uuid, ${content}::jsonb, ${clock.now()}::timestamptz) as undone`.catch(
    throwRefusal,
  );
  afterCommit(tx, () => announce('kith_events'));
  return rows[0]!.undone;
}
