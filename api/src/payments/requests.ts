import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { policiesOf } from '../communities/policies.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { publish } from '../events.ts';
import { newId } from '../ids.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import { payIn } from './calls.ts';
import { noticesOf, type Telling } from './notices.ts';
import { actFor, actingFor, requireOther, requireSubject, subjectOf } from './payments.ts';
import { PayerUnavailable, PaymentToSelf, RequestClosed, RequestIdReused, TooManyRequests } from './refusals.ts';
import { ruleFor } from './rules.ts';

export interface RequestInput {
  /** Made by the client: the same id is the same request. */
  id: string;
  payerId: string;
  /** In units of the local currency. */
  amount: string;
  memo: string;
  listingId?: string | undefined;
  tradeId?: string | undefined;
  /** For whom a broker asks; the viewer when left out. */
  payeeId?: string | undefined;
}
type Request = NonNullable<Awaited<ReturnType<Tx['paymentRequest']['findUnique']>>>;

const OPEN_MOST = 500;
const DAY_MS = 86_400_000;

/** Asks a member to pay. A rule of theirs may accept it at once or later; it expires after the days of the policy. */
export async function requestPayment(viewer: Member, input: RequestInput): Promise<void> {
  const { communityId } = viewer;
  const { id, payerId, memo } = input;
  const payeeId = actingFor(viewer, input.payeeId);
  if (payerId === payeeId) throw new PaymentToSelf();
  const amount = amountAbove0(input.amount, (await localCurrencyOf(communityId)).scale);
  const about = subjectOf(input);
  const subject = { subjectType: about?.type ?? null, subjectId: about?.id ?? null };
  const actorId = payeeId === viewer.memberId ? null : viewer.memberId;
  const content = { payeeId, payerId, amount, memo, actorId, ...subject };
  // What was asked is answered again, whatever holds now.
  const known = await prisma.paymentRequest.findFirst({ where: { communityId, id } });
  if (known) return requireSame(known, content);
  if (about) await requireSubject(communityId, about, [payerId, payeeId]);
  await inCommunity(viewer, async (tx) => {
    const community = await tx.community.findUniqueOrThrow({ where: { id: communityId }, select: { policies: true } });
    const payer = await tx.member.count({ where: { communityId, id: payerId, state: 'ACTIVE' } });
    if (!payer) throw new PayerUnavailable();
    const open = await tx.paymentRequest.count({ where: { communityId, payeeId, state: 'OPEN' } });
    if (open >= OPEN_MOST) throw new TooManyRequests(OPEN_MOST);
    const now = clock.now().getTime();
    const rule = await ruleFor(tx, { communityId, payerId, payeeId, amount });
    const acceptAt = rule ? new Date(now + rule.afterDays * DAY_MS) : null;
    const expiresAt = new Date(now + policiesOf(community).requestDays * DAY_MS);
    const { count } = await tx.paymentRequest.createMany({
      data: [{ communityId, id, ...content, acceptAt, expiresAt, createdAt: new Date(now) }],
      skipDuplicates: true,
    });
    if (!count) return requireSame(await requestRow(tx, communityId, id), content);
    const payload = { communityId, requestId: id };
    await enqueue(tx, 'paymentRequest.expire', payload, { runAt: expiresAt });
    if (acceptAt) await enqueue(tx, 'paymentRequest.accept', payload, rule!.afterDays ? { runAt: acceptAt } : {});
    await tellRequest(tx, { communityId, id, ...content }, 'requested');
    await asBroker(tx, viewer, { request: { communityId, id, ...content }, memberId: payeeId, did: 'requested' });
  });
}

function requireSame(known: Request, content: object) {
  const differs = Object.entries(content).some(([field, value]) => known[field as keyof Request] !== value);
  if (differs) throw new RequestIdReused();
}

async function requestRow(tx: Tx, communityId: string, id: string): Promise<Request> {
  const request = await tx.paymentRequest.findUnique({ where: { communityId_id: { communityId, id } } });
  if (!request) throw notFound('payment request');
  return request;
}

type Decided = 'ACCEPTED' | 'DECLINED' | 'CANCELLED' | 'EXPIRED';
/** Takes an open request to its end, once; whoever comes second is told what it was. The row is held until the transaction ends. */
async function decide(
  tx: Tx,
  { communityId, id }: Request,
  state: Decided,
  data: { entryId?: string; reason?: string } = {},
) {
  const { count } = await tx.paymentRequest.updateMany({
    where: { communityId, id, state: 'OPEN' },
    data: { ...data, state, decidedAt: clock.now(), acceptAt: null },
  });
  return count === 1;
}

/** Pays a request: the viewer's own, or one of a member a broker acts for. Accepted again it answers the same. */
export async function acceptRequest(viewer: Member, id: string): Promise<void> {
  await inCommunity(viewer, async (tx) => {
    const request = await requestRow(tx, viewer.communityId, id);
    requireSide(viewer, request, request.payerId);
    requireOther(viewer, request);
    if (await accept(tx, request, viewer.memberId)) {
      const subject = { type: 'PaymentRequest', id };
      await actFor(tx, viewer, { action: 'paymentRequest.accept', memberId: request.payerId, subject });
    } else {
      const { state } = await requestRow(tx, viewer.communityId, id);
      if (state !== 'ACCEPTED') throw new RequestClosed(state);
    }
  });
}

/** Posts the payment of an open request; false when it was decided already. Throws what keeps the payment from being made. */
async function accept(tx: Tx, request: Request, actorId: string): Promise<boolean> {
  const { communityId, payerId, payeeId, amount, memo, subjectType, subjectId } = request;
  // Its time is over, also before the job has said so.
  if (request.state === 'OPEN' && request.expiresAt <= clock.now()) throw new RequestClosed('EXPIRED');
  const entryId = newId();
  if (!(await decide(tx, request, 'ACCEPTED', { entryId }))) return false;
  const subject = subjectType && subjectId ? { type: subjectType, id: subjectId } : undefined;
  const [paid] = await payIn(tx, [
    {
      ...{ id: entryId, payerId, payeeId, amount, memo, actorId, subject },
      ...(actorId !== payerId && { onBehalfOfId: payerId }),
    },
  ]);
  if (paid instanceof Error) throw paid;
  await publish(tx, 'paymentRequest.changed', { requestId: request.id }, { memberId: payeeId });
  await publish(tx, 'paymentRequest.changed', { requestId: request.id }, { memberId: payerId });
  await tell(tx, communityId, [{ ...aboutOf(request), kind: 'accepted', memberId: payeeId, aboutId: payerId }]);
  return true;
}

/** Someone else's request is not there, for anybody but a broker. */
function requireSide(viewer: Member, { payerId, payeeId }: Request, side: string) {
  if (side === viewer.memberId) return;
  try {
    actingFor(viewer, side);
  } catch (error) {
    if (![payerId, payeeId].includes(viewer.memberId)) throw notFound('payment request');
    throw error;
  }
}

/** The payer says no; the payee is told why. */
export const declineRequest = (viewer: Member, { id, reason }: { id: string; reason: string }): Promise<void> =>
  close(viewer, { id, state: 'DECLINED', reason });
/** The payee takes it back. */
export const cancelRequest = (viewer: Member, id: string): Promise<void> => close(viewer, { id, state: 'CANCELLED' });

async function close(
  viewer: Member,
  { id, state, reason }: { id: string; state: 'DECLINED' | 'CANCELLED'; reason?: string },
): Promise<void> {
  const { communityId } = viewer;
  await inCommunity(viewer, async (tx) => {
    const request = await requestRow(tx, communityId, id);
    const [memberId, did] =
      state === 'DECLINED' ? [request.payerId, 'declined' as const] : [request.payeeId, 'cancelled' as const];
    requireSide(viewer, request, memberId);
    if (await decide(tx, request, state, { ...(reason !== undefined && { reason }) })) {
      await tellRequest(tx, request, did, reason);
      await asBroker(tx, viewer, { request, memberId, did });
    } else {
      const { state: found } = await requestRow(tx, communityId, id);
      if (found !== state) throw new RequestClosed(found);
    }
  });
}

/** Where somebody acted for a member: with their leave, on the record, and they are told too. */
async function asBroker(
  tx: Tx,
  viewer: Member,
  { request, memberId, did }: { request: Told; memberId: string; did: 'requested' | 'declined' | 'cancelled' },
) {
  if (memberId === viewer.memberId) return;
  const action = { requested: 'make', declined: 'decline', cancelled: 'cancel' }[did];
  const subject = { type: 'PaymentRequest', id: request.id };
  await actFor(tx, viewer, { action: `paymentRequest.${action}`, memberId, subject });
  const kind = `${did}For` as const;
  await tell(tx, request.communityId, [{ ...aboutOf(request), kind, memberId, aboutId: viewer.memberId }]);
}

type Told = Pick<Request, 'communityId' | 'id' | 'payeeId' | 'payerId' | 'amount' | 'memo'>;
const aboutOf = ({ id, amount, memo }: Told) => ({ amount, memo, subject: { type: 'PaymentRequest', id } });

/** Events for both, and a notice for the one who has not acted. */
async function tellRequest(
  tx: Tx,
  request: Told,
  kind: 'requested' | 'declined' | 'cancelled' | 'expired',
  memo?: string,
) {
  const { communityId, id, payeeId, payerId } = request;
  for (const memberId of [payeeId, payerId])
    await publish(tx, 'paymentRequest.changed', { requestId: id }, { memberId });
  const [memberId, aboutId] = kind === 'requested' || kind === 'cancelled' ? [payerId, payeeId] : [payeeId, payerId];
  await tell(tx, communityId, [{ ...aboutOf(request), ...(memo && { memo }), kind, memberId, aboutId }]);
}
const tell = async (tx: Tx, communityId: string, tellings: Telling[]) =>
  enqueue(tx, 'notify', { communityId, notices: await noticesOf(tx, communityId, tellings) });

defineJob<{ communityId: string; requestId: string }>('paymentRequest.expire', async ({ communityId, requestId }) => {
  await inCommunity(communityId, async (tx) => {
    const request = await tx.paymentRequest.findFirst({
      where: { communityId, id: requestId, state: 'OPEN', expiresAt: { lte: clock.now() } },
    });
    if (request && (await decide(tx, request, 'EXPIRED'))) await tellRequest(tx, request, 'expired');
  });
});

// A rule that cannot pay leaves the request to the payer, and says so once.
defineJob<{ communityId: string; requestId: string }>('paymentRequest.accept', async ({ communityId, requestId }) => {
  const where = { communityId, id: requestId, state: 'OPEN' as const, acceptAt: { lte: clock.now() } };
  try {
    await inCommunity(communityId, async (tx) => {
      const request = await tx.paymentRequest.findFirst({ where });
      if (!request || !(await ruleFor(tx, request))) return;
      if (!(await accept(tx, request, request.payerId))) return;
      const { payerId, payeeId } = request;
      await tell(tx, communityId, [{ ...aboutOf(request), kind: 'paidByRule', memberId: payerId, aboutId: payeeId }]);
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await inCommunity(communityId, async (tx) => {
      const request = await tx.paymentRequest.findFirst({ where });
      if (!request) return;
      const { count } = await tx.paymentRequest.updateMany({ where, data: { acceptAt: null } });
      if (!count) return;
      const { payerId, payeeId } = request;
      await tell(tx, communityId, [{ ...aboutOf(request), kind: 'unpaid', memberId: payerId, aboutId: payeeId }]);
    });
  }
});

export interface RequestFilter {
  states?: Request['state'][] | null | undefined;
  side?: 'PAYER' | 'PAYEE' | null | undefined;
}
/** A page of the requests a member is a side of, newest first, and how many there are. */
export async function requestPage(
  { communityId, memberId }: Member,
  { skip, take, states, side }: { skip: number; take: number } & RequestFilter,
) {
  const sides = { PAYER: [{ payerId: memberId }], PAYEE: [{ payeeId: memberId }] };
  const where = {
    communityId,
    OR: side ? sides[side] : [...sides.PAYER, ...sides.PAYEE],
    ...(states?.length && { state: { in: states } }),
  };
  const [items, total] = await Promise.all([
    prisma.paymentRequest.findMany({ where, skip, take, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    prisma.paymentRequest.count({ where }),
  ]);
  return { items, total };
}
