import { builder, localId } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { visibleMembers } from '../communities/members.ts';
import type { Member } from '../context.ts';
import { prisma } from '../db.ts';
import { badInput, notFound } from '../errors.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import { MoneyType, type Money } from '../money.ts';
import { FOUNDERS_MOST } from './founders.ts';
import type { CoinageObstacle } from './qualify.ts';
import { coinageOf, outlook, type CoinageSum, type MemberCoinage, type Outlook, type OwnCoinage } from './report.ts';

/** An amount of the community's own currency. */
export const localMoney = async (communityId: string, minor: bigint): Promise<Money> => ({
  minor,
  ...(await localCurrencyOf(communityId)),
});

type Sum = CoinageSum & { communityId: string };
export const CoinageSumInterface = builder.interfaceRef<Sum>('CoinageSum').implement({
  description: 'What coinage came to: granted = minted + expired + remaining.',
  fields: (t) => ({
    granted: t.field({
      type: MoneyType,
      description: 'All that was earmarked.',
      resolve: ({ communityId, granted }) => localMoney(communityId, granted),
    }),
    minted: t.field({
      type: MoneyType,
      description: 'What of it became coins and was not voided.',
      resolve: ({ communityId, minted }) => localMoney(communityId, minted),
    }),
    pending: t.field({
      type: MoneyType,
      description:
        'What trades that are agreed or delivered would mint, at most: whether their buyers qualify is judged when they complete.',
      resolve: ({ communityId, pending }) => localMoney(communityId, pending),
    }),
    voided: t.field({
      type: MoneyType,
      description: 'What was minted and taken back; it is granted again.',
      resolve: ({ communityId, voided }) => localMoney(communityId, voided),
    }),
    expired: t.field({
      type: MoneyType,
      description: 'What was not earned in time.',
      resolve: ({ communityId, expired }) => localMoney(communityId, expired),
    }),
    remaining: t.field({
      type: MoneyType,
      description: 'What can still be earned.',
      resolve: ({ communityId, remaining }) => localMoney(communityId, remaining),
    }),
  }),
});

const MyCoinage = builder.objectRef<OwnCoinage>('MyCoinage').implement({
  interfaces: [CoinageSumInterface],
  description: 'What the viewer can earn in new coins as a provider, and use as a buyer.',
  fields: (t) => ({
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When what remains expires; null: never.',
    }),
    limit: t.field({
      type: MoneyType,
      description: 'The most that is minted in a period where the viewer buys.',
      resolve: ({ communityId, limit }) => localMoney(communityId, limit),
    }),
    limitLeft: t.field({
      type: MoneyType,
      description: 'What of it is left in this period.',
      resolve: ({ communityId, limitLeft }) => localMoney(communityId, limitLeft),
    }),
    limitResetsAt: t.expose('limitResetsAt', { type: 'DateTime', description: 'When the next period begins.' }),
    isFounder: t.exposeBoolean('isFounder', {
      description: 'Appointed to buy with coinage while nobody had the reputation for it.',
    }),
  }),
});
builder.queryField('myCoinage', (t) =>
  t.withAuth({ member: true }).field({
    type: MyCoinage,
    description: 'The viewer’s own coinage.',
    resolve: (_root, _args, { member }) => coinageOf(member),
  }),
);

const sentences: Record<CoinageObstacle, string> = {
  COINAGE_OFF: 'The community mints no new coins at present.',
  NOT_ACTIVE: 'Both have to be active members.',
  NO_GRANT_LEFT: 'The provider has no grant left to earn.',
  USED_WITH_PROVIDER: 'The buyer has bought from this provider with coinage before; it is possible once.',
  INVITED: 'One of the two invited the other.',
  SAME_HAND: 'Both sides are acted for by one person.',
  REPUTATION_TOO_LOW: 'The buyer has not yet the reputation it takes.',
  BUYER_IS_NEWCOMER: 'The buyer is a newcomer still.',
  BUYER_LIMIT_REACHED: 'The buyer has used their limit of this period.',
};
const ObstacleCode = builder.enumType('CoinageObstacleCode', {
  description: 'Why nothing is minted.',
  values: Object.fromEntries(Object.entries(sentences).map(([code, description]) => [code, { description }])),
});
const ObstacleType = builder.objectRef<CoinageObstacle>('CoinageObstacle').implement({
  description: 'Something that keeps a trade from being paid in part with new coins.',
  fields: (t) => ({
    code: t.field({ type: ObstacleCode, description: 'For programs.', resolve: (code) => code as never }),
    message: t.string({ description: 'A sentence in English; for people.', resolve: (code) => sentences[code] }),
  }),
});

type Asked = Outlook & { communityId: string; price: bigint | null };
const OutlookType = builder.objectRef<Asked>('CoinageOutlook').implement({
  description: 'Whether a trade would be paid in part with new coins if it completed now.',
  fields: (t) => ({
    isPossible: t.boolean({
      description: 'Nothing stands in the way.',
      resolve: ({ obstacles }) => obstacles.length === 0,
    }),
    obstacles: t.field({
      type: [ObstacleType],
      description: 'All that stands in the way.',
      resolve: ({ obstacles }) => obstacles,
    }),
    most: t.field({
      type: MoneyType,
      description: 'The most that would be minted, whatever the price.',
      resolve: ({ communityId, most }) => localMoney(communityId, most),
    }),
    minted: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What would be minted of the price that was asked for: ⌊price × share⌋, at most `most`.',
      resolve: ({ communityId, most, price, sharePercent }) => {
        if (price === null) return null;
        const share = (price * BigInt(sharePercent)) / 100n;
        return localMoney(communityId, share < most ? share : most);
      },
    }),
    sharePercent: t.exposeInt('sharePercent', { description: 'The share of a price that is minted, in percent.' }),
  }),
});
interface WithMember {
  viewer: Member;
  otherId: string;
  price: bigint | null;
}
const between = async (
  { communityId, price }: { communityId: string; price: bigint | null },
  sides: { buyerId: string; providerId: string },
) => ({
  ...(await outlook({ communityId, ...sides })),
  communityId,
  price,
});
const CoinageWith = builder.objectRef<WithMember>('CoinageWith').implement({
  description: 'Coinage between the viewer and another member, both ways round.',
  fields: (t) => ({
    buying: t.field({
      type: OutlookType,
      description: 'The viewer buys from the other one.',
      resolve: ({ viewer: { communityId, memberId }, otherId, price }) =>
        between({ communityId, price }, { buyerId: memberId, providerId: otherId }),
    }),
    selling: t.field({
      type: OutlookType,
      description: 'The other one buys from the viewer.',
      resolve: ({ viewer: { communityId, memberId }, otherId, price }) =>
        between({ communityId, price }, { buyerId: otherId, providerId: memberId }),
    }),
  }),
});
builder.queryField('coinageWith', (t) =>
  t.withAuth({ member: true }).field({
    type: CoinageWith,
    description: 'Whether trades with a member would be paid in part with new coins, and why not.',
    args: {
      memberId: t.arg.id({ required: true, description: 'The other member.' }),
      price: t.arg({
        type: 'Decimal',
        required: false,
        description: 'A local price to tell the minted part of, in units of the community currency.',
      }),
    },
    resolve: async (_root, { memberId, price }, { member }) => {
      const otherId = localId('Member', memberId);
      const { communityId } = member;
      if (otherId === member.memberId) throw badInput('Ask about another member than yourself.', 'memberId');
      const where = { communityId, id: otherId, ...visibleMembers(member) };
      if (!(await prisma.member.count({ where }))) throw notFound('member');
      const { scale } = await localCurrencyOf(communityId);
      return { viewer: member, otherId, price: price ? amountAbove0(price, scale, 'price') : null };
    },
  }),
);

const FounderType = builder.prismaObject('CoinageFounder', {
  description: 'A member who may buy with coinage while nobody has the reputation for it.',
  fields: (t) => ({
    member: t.prismaField({
      type: MemberType,
      description: 'Who.',
      resolve: (query, { communityId, memberId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    appointedBy: t.prismaField({
      type: MemberType,
      description: 'The operator who appointed them.',
      resolve: (query, { communityId, appointedBy: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    appointedAt: t.expose('appointedAt', { type: 'DateTime', description: 'When.' }),
  }),
});
builder.queryField('founders', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: [FounderType],
    description: 'Who was appointed a founder, by whom and why: on the record for every member.',
    resolve: (query, _root, _args, { member: { communityId } }) =>
      prisma.coinageFounder.findMany({
        ...query,
        where: { communityId },
        orderBy: [{ appointedAt: 'asc' }, { memberId: 'asc' }],
        take: FOUNDERS_MOST,
      }),
  }),
);

const MemberCoinageType = builder.objectRef<MemberCoinage>('MemberCoinage').implement({
  interfaces: [CoinageSumInterface],
  description: 'What coinage came to for one member.',
  fields: (t) => ({
    member: t.prismaField({
      type: MemberType,
      description: 'Whose grants they are.',
      resolve: (query, { communityId, memberId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When what remains expires; null: never.',
    }),
  }),
});
export { FounderType, MemberCoinageType };
