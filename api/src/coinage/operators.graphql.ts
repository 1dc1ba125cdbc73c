import { NO_COMMUNITY } from '@kith/db';
import { z } from 'zod';
import { ErrorInterface, builder, globalId, localId } from '../builder.ts';
import { can } from '../communities/capabilities.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { MemberDecisionInput } from '../communities/standing.graphql.ts';
import { WrongMemberState } from '../communities/states.ts';
import { line, reason } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { AccountClosed, EntryIdReused } from '../ledger/refusals.ts';
import { MoneyType } from '../money.ts';
import { pageArgs } from '../pageArgs.ts';
import { CoinageSumInterface, FounderType, MemberCoinageType, localMoney } from './coinage.graphql.ts';
import { FoundersNotNeeded, TooManyFounders, appointFounder, dismissFounder } from './founders.ts';
import { grantCoinage } from './grants.ts';
import { coinagePage, coinageTotal, mintPage, type CoinageSum } from './report.ts';
import { voidMint } from './voiding.ts';

const memberOf = (query: object, communityId: string, id: string) =>
  prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

export const CoinageMintType = builder.prismaNode('CoinageMint', {
  description: 'Coins that were made when a newcomer sold something; once for each buyer with each provider.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    ...(!member || (member.state === 'ACTIVE' && can(member.roles, 'coinageRead'))
      ? {}
      : { OR: [{ buyerId: member.memberId }, { providerId: member.memberId }] }),
  }),
  authScopes: { member: true },
  fields: (t) => ({
    buyer: t.prismaField({
      type: MemberType,
      description: 'Who bought.',
      select: { communityId: true, buyerId: true },
      resolve: (query, { communityId, buyerId }) => memberOf(query, communityId, buyerId),
    }),
    provider: t.prismaField({
      type: MemberType,
      description: 'Who sold, and got the coins.',
      select: { communityId: true, providerId: true },
      resolve: (query, { communityId, providerId }) => memberOf(query, communityId, providerId),
    }),
    tradeId: t.id({
      description: 'The id of the trade that was paid, for trade(id:).',
      select: { tradeId: true },
      resolve: ({ tradeId }) => globalId('Trade', tradeId),
    }),
    amount: t.field({
      type: MoneyType,
      description: 'What was minted; the buyer paid the rest of the price.',
      select: { communityId: true, amount: true },
      resolve: ({ communityId, amount }) => localMoney(communityId, amount),
    }),
    mintedAt: t.expose('mintedAt', { type: 'DateTime', description: 'When the trade was paid.' }),
    voidedAt: t.expose('voidedAt', { type: 'DateTime', nullable: true, description: 'When it was undone.' }),
    voidReason: t.exposeString('voidReason', { nullable: true, description: 'Why it was undone.' }),
  }),
});

const Total = builder.objectRef<CoinageSum & { communityId: string }>('CoinageTotal').implement({
  interfaces: [CoinageSumInterface],
  description: 'What coinage came to in the whole community.',
});
builder.queryField('coinageReport', (t) =>
  t.withAuth({ capability: 'coinageRead' }).field({
    type: Total,
    description: 'What was granted, minted, voided and has expired, in total.',
    resolve: async (_root, _args, { member: { communityId } }) => ({
      ...(await coinageTotal(communityId)),
      communityId,
    }),
  }),
);

const Filter = builder.inputType('CoinageFilter', {
  description: 'Which members the list shows.',
  fields: (t) => ({
    memberId: t.id({ required: false, description: 'This member.' }),
    memberName: t.string({
      required: false,
      description: 'With this in their name.',
      validate: line(100, 0).nullish(),
    }),
    hasMinted: t.boolean({ required: false, description: 'Only those who earned new coins, or only the others.' }),
  }),
});
type Page = Awaited<ReturnType<typeof coinagePage>>;
const List = builder.objectRef<Page>('CoinageList').implement({
  description: 'A page of members with grants.',
  fields: (t) => ({
    items: t.field({
      type: [MemberCoinageType],
      description: 'The members of this page, those who minted most first.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('coinageList', (t) =>
  t.withAuth({ capability: 'coinageRead' }).field({
    type: List,
    description: 'What coinage came to, member by member.',
    args: { ...pageArgs, filter: t.arg({ type: Filter, required: false, description: 'Which ones.' }) },
    resolve: (_root, { skip, take, filter }, { member }) => {
      const { memberId, ...rest } = filter ?? {};
      const named = memberId ? { memberId: localId('Member', memberId) } : {};
      return coinagePage(member.communityId, { skip, take, filter: { ...rest, ...named } });
    },
  }),
);

const MintFilter = builder.inputType('CoinageMintFilter', {
  description: 'Which mints the list shows.',
  fields: (t) => ({
    memberId: t.id({ required: false, description: 'Bought or sold by this member.' }),
    isVoided: t.boolean({ required: false, description: 'Only those that were undone, or only the others.' }),
  }),
});
type Mints = Awaited<ReturnType<typeof mintPage>>;
const MintList = builder.objectRef<Mints>('CoinageMintList').implement({
  description: 'A page of mints.',
  fields: (t) => ({
    items: t.field({
      type: [CoinageMintType],
      description: 'The mints of this page, newest first.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('coinageMintList', (t) =>
  t.withAuth({ capability: 'coinageRead' }).field({
    type: MintList,
    description: 'Every mint: who bought from whom, how much was minted, and what was undone.',
    args: { ...pageArgs, filter: t.arg({ type: MintFilter, required: false, description: 'Which ones.' }) },
    resolve: (_root, { skip, take, filter }, { member }) => {
      const { memberId, ...rest } = filter ?? {};
      const named = memberId ? { memberId: localId('Member', memberId) } : {};
      return mintPage(member.communityId, { skip, take, filter: { ...rest, ...named } });
    },
  }),
);

const GrantInput = builder.inputType('GrantCoinageInput', {
  description: 'Coins to earmark for a member.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    memberId: t.id({ required: true, description: 'For whom.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'In units of the community currency, above zero and at most 1000000000.',
    }),
    expiresInDays: t.int({
      required: false,
      description: 'Days until what is left expires; 0: never; left out or null: as the policy says.',
      validate: z.number().int().min(0).max(3650).nullish(),
    }),
    reason: t.string({ required: true, description: 'Why; the audit log keeps it.', validate: reason }),
  }),
});
builder.mutationField('grantCoinage', (t) =>
  t.withAuth({ capability: 'coinageGrant' }).field({
    type: MemberCoinageType,
    description: 'Earmarks coins for a member, to be minted when they sell. Nothing is paid now.',
    errors: { types: [EntryIdReused] },
    args: { input: t.arg({ type: GrantInput, required: true, description: 'For whom, how much and why.' }) },
    resolve: async (_root, { input: { memberId, expiresInDays, ...input } }, { member }) => {
      const id = localId('Member', memberId);
      await grantCoinage(member, { ...input, memberId: id, expiresInDays: expiresInDays ?? null });
      const { items } = await coinagePage(member.communityId, { skip: 0, take: 1, filter: { memberId: id } });
      return items[0]!;
    },
  }),
);

const VoidInput = builder.inputType('VoidMintInput', {
  description: 'A mint to undo.',
  fields: (t) => ({
    mintId: t.id({ required: true, description: 'The mint.' }),
    reason: t.string({
      required: true,
      description: 'Why; the provider and the audit log are told.',
      validate: reason,
    }),
  }),
});
builder.mutationField('voidMint', (t) =>
  t.withAuth({ capability: 'coinageVoid' }).prismaField({
    type: CoinageMintType,
    description:
      'Undoes a mint: the provider gives the coins back, also where they were spent, and may earn them again. What the buyer paid stays paid. Sent again it changes nothing.',
    errors: { types: [AccountClosed] },
    args: { input: t.arg({ type: VoidInput, required: true, description: 'Which one, and why.' }) },
    resolve: async (query, _root, { input: { mintId, reason } }, { member }) => {
      const { communityId } = member;
      const id = localId('CoinageMint', mintId);
      await voidMint(member, { mintId: id, reason });
      return prisma.coinageMint.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });
    },
  }),
);

builder.objectType(FoundersNotNeeded, {
  name: 'FoundersNotNeeded',
  interfaces: [ErrorInterface],
  description: 'There are members with the reputation to buy with coinage already.',
});
builder.objectType(TooManyFounders, {
  name: 'TooManyFounders',
  interfaces: [ErrorInterface],
  description: 'There are as many founders as there may be.',
});
builder.mutationField('appointFounder', (t) =>
  t.withAuth({ capability: 'foundersAppoint' }).prismaField({
    type: FounderType,
    description:
      'Lets a member buy with coinage while nobody has the reputation for it; on the record for every member.',
    errors: { types: [FoundersNotNeeded, TooManyFounders, WrongMemberState] },
    args: { input: t.arg({ type: MemberDecisionInput, required: true, description: 'Whom, and why.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const { communityId } = member;
      const memberId = localId('Member', input.memberId);
      await appointFounder(member, { memberId, reason: input.reason });
      const where = { communityId_memberId: { communityId, memberId } };
      return prisma.coinageFounder.findUniqueOrThrow({ ...query, where });
    },
  }),
);
builder.mutationField('dismissFounder', (t) =>
  t.withAuth({ capability: 'foundersAppoint' }).boolean({
    description: 'Ends an appointment; what was bought with it stays.',
    args: { input: t.arg({ type: MemberDecisionInput, required: true, description: 'Whom, and why.' }) },
    resolve: async (_root, { input }, { member }) => {
      await dismissFounder(member, { memberId: localId('Member', input.memberId), reason: input.reason });
      return true;
    },
  }),
);
