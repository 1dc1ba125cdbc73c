import { builder } from '../builder.ts';
import { prisma } from '../db.ts';
import { pageArgs } from '../pageArgs.ts';
import { CommunityType } from './communities.graphql.ts';
import { MemberType } from './members.graphql.ts';
import { defaultPolicies, type Policies, type PolicyName } from './policies.ts';
import { changePolicies, policiesAt, policyChangePage } from './policiesInForce.ts';
import { PoliciesInput, PoliciesType } from './policies.graphql.ts';
import { reason } from './text.ts';

type Page = Awaited<ReturnType<typeof policyChangePage>>;
type Change = Page['items'][number];

/** A rule as a text; a default is shown as what it is now. */
const shown = (name: string, value: unknown) => String(value ?? defaultPolicies[name as PolicyName] ?? '');

const PolicyChangeType = builder.objectRef<Change>('PolicyChange').implement({
  description: 'One rule of the community became another, from a moment on. The history keeps every change.',
  fields: (t) => ({
    policy: t.exposeString('name', { description: 'The rule, by its name in Policies.' }),
    before: t.string({
      description: 'What held until then, as a text.',
      resolve: ({ name, before }) => shown(name, before),
    }),
    after: t.string({
      description: 'What holds from then on, as a text.',
      resolve: ({ name, after }) => shown(name, after),
    }),
    effectiveAt: t.expose('effectiveAt', {
      type: 'DateTime',
      description: 'From when it holds; a moment in the future is one that was announced.',
    }),
    decidedAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was decided.' }),
    decidedBy: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'The operator who decided it.',
      resolve: (query, { communityId, changedBy: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, where it was said.' }),
  }),
});
const PolicyChangeList = builder.objectRef<Page>('PolicyChangeList').implement({
  description: 'A page of the history of the rules.',
  fields: (t) => ({
    items: t.field({
      type: [PolicyChangeType],
      description: 'The changes of this page, the newest moment first.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('policyChangeList', (t) =>
  t.withAuth({ member: true }).field({
    type: PolicyChangeList,
    description: 'How the rules of the community became what they are, and what was announced; for every member.',
    args: { ...pageArgs },
    resolve: (_root, page, { member }) => policyChangePage(member.communityId, page),
  }),
);
builder.queryField('policiesAt', (t) =>
  t.withAuth({ member: true }).field({
    type: PoliciesType,
    description: 'The rules that held, hold or will hold at a moment, as far as it is decided now.',
    args: { at: t.arg({ type: 'DateTime', required: true, description: 'The moment.' }) },
    resolve: (_root, { at }, { member }): Promise<Policies> => policiesAt(prisma, member.communityId, at),
  }),
);

const SchedulePoliciesInput = builder.inputType('SchedulePoliciesInput', {
  description: 'Rules that change at a moment in the future.',
  fields: (t) => ({
    policies: t.field({ type: PoliciesInput, required: true, description: 'The rules to change.' }),
    effectiveAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'From when they hold: in the future, at most five years ahead.',
    }),
    reason: t.string({ required: true, description: 'Why; members see it in the history.', validate: reason }),
  }),
});
builder.mutationField('schedulePolicies', (t) =>
  t.withAuth({ capability: 'communityEdit' }).prismaField({
    type: CommunityType,
    description:
      'Announces that rules change at a moment. A change never reaches backwards: what was due before is judged by the rules of its own moment.',
    args: { input: t.arg({ type: SchedulePoliciesInput, required: true, description: 'The rules, and from when.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      await changePolicies(member, input);
      return prisma.community.findUniqueOrThrow({ ...query, where: { id: member.communityId } });
    },
  }),
);
