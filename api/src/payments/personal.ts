import { defineErasing } from '../communities/erasure.ts';
import { defineExported } from '../communities/export.ts';
import { prisma } from '../db.ts';
import { eraseMemos } from '../ledger/personal.ts';

const ROWS_MOST = 10_000;
const AT_ONCE = 1000;

const sides = (memberId: string) => [{ payeeId: memberId }, { payerId: memberId }, { actorId: memberId }];

// Who asks writes what for, also where it became the memo of a payment; who declines writes why.
defineErasing(async (tx, { communityId, memberId }) => {
  for (let after = ''; ;) {
    const requests = await tx.paymentRequest.findMany({
      where: { communityId, OR: sides(memberId), ...(after && { id: { gt: after } }) },
      select: { id: true, payeeId: true, actorId: true, entryId: true },
      orderBy: { id: 'asc' },
      take: AT_ONCE,
    });
    const written = requests.filter(({ payeeId, actorId }) => payeeId === memberId || actorId === memberId);
    await eraseMemos(
      tx,
      written.flatMap(({ entryId }) => entryId ?? []),
    );
    const ids = requests.map(({ id }) => id);
    await tx.notification.deleteMany({ where: { communityId, subjectType: 'PaymentRequest', subjectId: { in: ids } } });
    if (requests.length < AT_ONCE) break;
    after = ids.at(-1)!;
  }
  await tx.paymentRequest.updateMany({
    where: { communityId, OR: [{ payeeId: memberId }, { actorId: memberId }] },
    data: { memo: '' },
  });
  await tx.paymentRequest.updateMany({
    where: { communityId, payerId: memberId, reason: { not: null } },
    data: { reason: null },
  });
  await tx.paymentRule.deleteMany({ where: { communityId, payerId: memberId } });
});

defineExported(async ({ communityId, memberId }, money) => {
  const [requests, rules] = await Promise.all([
    prisma.paymentRequest.findMany({
      where: { communityId, OR: [{ payeeId: memberId }, { payerId: memberId }] },
      omit: { actorId: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: ROWS_MOST,
    }),
    prisma.paymentRule.findMany({ where: { communityId, payerId: memberId }, take: ROWS_MOST }),
  ]);
  return {
    paymentRequests: requests.map(({ amount, acceptAt, ...request }) => ({
      ...{ ...request, amount: money(amount) },
      // When a rule of the payer accepts it is theirs to know.
      ...(request.payerId === memberId && { acceptAt }),
    })),
    paymentRules: rules.map(({ amountMost, ...rule }) => ({ ...rule, amountMost: money(amountMost) })),
  };
});
