import { inCommunity, type Tx } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { fromMinor } from '../money.ts';

type Told = (about: { name: string; amount: string }) => string;
type Kind =
  | 'received'
  | 'refunded'
  | 'sentFor'
  | 'requested'
  | 'requestedFor'
  | 'accepted'
  | 'declined'
  | 'declinedFor'
  | 'cancelled'
  | 'cancelledFor'
  | 'expired'
  | 'unpaid'
  | 'paidByRule';

const texts: Record<string, Record<Kind, Told>> = {
  en: {
    received: ({ name, amount }) => `${name} paid you ${amount}`,
    refunded: ({ name, amount }) => `${name} sent ${amount} back to you`,
    sentFor: ({ name, amount }) => `${name} paid ${amount} on your behalf`,
    requested: ({ name, amount }) => `${name} asks you to pay ${amount}`,
    requestedFor: ({ name, amount }) => `${name} asked for ${amount} on your behalf`,
    accepted: ({ name, amount }) => `${name} accepted your request and paid ${amount}`,
    declined: ({ name, amount }) => `${name} declined your request for ${amount}`,
    declinedFor: ({ name, amount }) => `${name} declined a request for ${amount} on your behalf`,
    cancelled: ({ name, amount }) => `${name} took back the request for ${amount}`,
    cancelledFor: ({ name, amount }) => `${name} took back a request for ${amount} on your behalf`,
    expired: ({ name, amount }) => `The request to ${name} for ${amount} has expired`,
    unpaid: ({ name, amount }) =>
      `The request of ${name} for ${amount} could not be paid by your rule: please look at it`,
    paidByRule: ({ name, amount }) => `Your rule paid ${amount} to ${name}`,
  },
  ru: {
    received: ({ name, amount }) => `${name}: вам заплатили ${amount}`,
    refunded: ({ name, amount }) => `${name}: вам вернули ${amount}`,
    sentFor: ({ name, amount }) => `${name}: за вас заплачено ${amount}`,
    requested: ({ name, amount }) => `${name}: вас просят заплатить ${amount}`,
    requestedFor: ({ name, amount }) => `${name}: от вашего имени запрошено ${amount}`,
    accepted: ({ name, amount }) => `${name}: ваш запрос принят, заплачено ${amount}`,
    declined: ({ name, amount }) => `${name}: ваш запрос на ${amount} отклонён`,
    declinedFor: ({ name, amount }) => `${name}: от вашего имени отклонён запрос на ${amount}`,
    cancelled: ({ name, amount }) => `${name}: запрос на ${amount} отозван`,
    cancelledFor: ({ name, amount }) => `${name}: от вашего имени отозван запрос на ${amount}`,
    expired: ({ name, amount }) => `Срок запроса на ${amount} истёк (${name})`,
    unpaid: ({ name, amount }) => `${name}: запрос на ${amount} не удалось оплатить по вашему правилу, посмотрите его`,
    paidByRule: ({ name, amount }) => `${name}: по вашему правилу заплачено ${amount}`,
  },
  de: {
    received: ({ name, amount }) => `${name} hat Ihnen ${amount} gezahlt`,
    refunded: ({ name, amount }) => `${name} hat Ihnen ${amount} zurückgezahlt`,
    sentFor: ({ name, amount }) => `${name} hat für Sie ${amount} gezahlt`,
    requested: ({ name, amount }) => `${name} bittet Sie um ${amount}`,
    requestedFor: ({ name, amount }) => `${name} hat für Sie um ${amount} gebeten`,
    accepted: ({ name, amount }) => `${name} hat Ihre Anfrage angenommen und ${amount} gezahlt`,
    declined: ({ name, amount }) => `${name} hat Ihre Anfrage über ${amount} abgelehnt`,
    declinedFor: ({ name, amount }) => `${name} hat für Sie eine Anfrage über ${amount} abgelehnt`,
    cancelled: ({ name, amount }) => `${name} hat die Anfrage über ${amount} zurückgezogen`,
    cancelledFor: ({ name, amount }) => `${name} hat für Sie eine Anfrage über ${amount} zurückgezogen`,
    expired: ({ name, amount }) => `Die Anfrage an ${name} über ${amount} ist abgelaufen`,
    unpaid: ({ name, amount }) =>
      `Die Anfrage von ${name} über ${amount} ließ sich nach Ihrer Regel nicht zahlen: bitte sehen Sie nach`,
    paidByRule: ({ name, amount }) => `Nach Ihrer Regel wurden ${amount} an ${name} gezahlt`,
  },
  es: {
    received: ({ name, amount }) => `${name} le ha pagado ${amount}`,
    refunded: ({ name, amount }) => `${name} le ha devuelto ${amount}`,
    sentFor: ({ name, amount }) => `${name} ha pagado ${amount} por usted`,
    requested: ({ name, amount }) => `${name} le pide ${amount}`,
    requestedFor: ({ name, amount }) => `${name} ha pedido ${amount} por usted`,
    accepted: ({ name, amount }) => `${name} ha aceptado su solicitud y ha pagado ${amount}`,
    declined: ({ name, amount }) => `${name} ha rechazado su solicitud de ${amount}`,
    declinedFor: ({ name, amount }) => `${name} ha rechazado por usted una solicitud de ${amount}`,
    cancelled: ({ name, amount }) => `${name} ha retirado la solicitud de ${amount}`,
    cancelledFor: ({ name, amount }) => `${name} ha retirado por usted una solicitud de ${amount}`,
    expired: ({ name, amount }) => `La solicitud a ${name} de ${amount} ha caducado`,
    unpaid: ({ name, amount }) => `La solicitud de ${name} de ${amount} no se pudo pagar según su regla: revísela`,
    paidByRule: ({ name, amount }) => `Su regla ha pagado ${amount} a ${name}`,
  },
  fr: {
    received: ({ name, amount }) => `${name} vous a payé ${amount}`,
    refunded: ({ name, amount }) => `${name} vous a remboursé ${amount}`,
    sentFor: ({ name, amount }) => `${name} a payé ${amount} pour vous`,
    requested: ({ name, amount }) => `${name} vous demande ${amount}`,
    requestedFor: ({ name, amount }) => `${name} a demandé ${amount} pour vous`,
    accepted: ({ name, amount }) => `${name} a accepté votre demande et payé ${amount}`,
    declined: ({ name, amount }) => `${name} a refusé votre demande de ${amount}`,
    declinedFor: ({ name, amount }) => `${name} a refusé pour vous une demande de ${amount}`,
    cancelled: ({ name, amount }) => `${name} a retiré la demande de ${amount}`,
    cancelledFor: ({ name, amount }) => `${name} a retiré pour vous une demande de ${amount}`,
    expired: ({ name, amount }) => `La demande à ${name} de ${amount} a expiré`,
    unpaid: ({ name, amount }) =>
      `La demande de ${name} de ${amount} n’a pas pu être payée selon votre règle : regardez-la`,
    paidByRule: ({ name, amount }) => `Votre règle a payé ${amount} à ${name}`,
  },
  zh: {
    received: ({ name, amount }) => `${name} 向您支付了 ${amount}`,
    refunded: ({ name, amount }) => `${name} 退还给您 ${amount}`,
    sentFor: ({ name, amount }) => `${name} 代您支付了 ${amount}`,
    requested: ({ name, amount }) => `${name} 请您支付 ${amount}`,
    requestedFor: ({ name, amount }) => `${name} 代您请求 ${amount}`,
    accepted: ({ name, amount }) => `${name} 接受了您的请求并支付了 ${amount}`,
    declined: ({ name, amount }) => `${name} 拒绝了您 ${amount} 的请求`,
    declinedFor: ({ name, amount }) => `${name} 代您拒绝了一项 ${amount} 的请求`,
    cancelled: ({ name, amount }) => `${name} 撤回了 ${amount} 的请求`,
    cancelledFor: ({ name, amount }) => `${name} 代您撤回了一项 ${amount} 的请求`,
    expired: ({ name, amount }) => `向 ${name} 发出的 ${amount} 请求已过期`,
    unpaid: ({ name, amount }) => `${name} 的 ${amount} 请求未能按您的规则支付，请查看`,
    paidByRule: ({ name, amount }) => `已按您的规则向 ${name} 支付 ${amount}`,
  },
};

/** One thing to tell one member about money and another member. */
export interface Telling {
  kind: Kind;
  memberId: string;
  aboutId: string;
  /** Minor units of the local currency. */
  amount: bigint;
  memo: string;
  subject: { type: string; id: string };
}

/** What the inboxes say, each in the language of its reader. */
export async function noticesOf(tx: Tx, communityId: string, tellings: Telling[]) {
  const ids = [...new Set(tellings.flatMap(({ memberId, aboutId }) => [memberId, aboutId]))];
  const [community, members] = await Promise.all([
    tx.community.findUniqueOrThrow({ where: { id: communityId }, select: { currencyCode: true, currencyScale: true } }),
    tx.member.findMany({
      where: { communityId, id: { in: ids } },
      select: { id: true, displayName: true, locale: true },
      take: ids.length,
    }),
  ]);
  const known = new Map(members.map((member) => [member.id, member]));
  return tellings.map(({ kind, memberId, aboutId, amount, memo, subject }) => {
    const words = texts[known.get(memberId)!.locale.split('-')[0]!] ?? texts.en!;
    const shown = `${fromMinor(amount, community.currencyScale)} ${community.currencyCode}`;
    return {
      ...{ memberId, kind: `payment.${kind}`, key: `payment.${kind}:${subject.id}`, body: memo, subject },
      title: words[kind]({ name: known.get(aboutId)!.displayName, amount: shown }),
    };
  });
}

// Payments are written with one job for a whole group; what each inbox says is put into words here.
defineJob<{ communityId: string; entryIds: string[] }>('payment.made', async ({ communityId, entryIds }) => {
  await inCommunity(communityId, async (tx) => {
    const entries = await tx.journalEntry.findMany({
      where: { communityId, id: { in: entryIds } },
      include: { postings: { include: { account: { select: { memberId: true } } } } },
      take: entryIds.length,
    });
    const tellings = entries.flatMap(({ id, kind, memo, postings, actorId, onBehalfOfId }): Telling[] => {
      const from = postings.find(({ amount }) => amount < 0n)?.account.memberId;
      const to = postings.find(({ amount }) => amount > 0n);
      if (!from || !to?.account.memberId) return [];
      const about = { amount: to.amount, memo, subject: { type: 'JournalEntry', id } };
      const received = kind === 'REFUND' ? ('refunded' as const) : ('received' as const);
      const told: Telling[] = [{ ...about, kind: received, memberId: to.account.memberId, aboutId: from }];
      if (onBehalfOfId && actorId) told.push({ ...about, kind: 'sentFor', memberId: onBehalfOfId, aboutId: actorId });
      return told;
    });
    if (tellings.length)
      await enqueue(tx, 'notify', { communityId, notices: await noticesOf(tx, communityId, tellings) });
  });
});
