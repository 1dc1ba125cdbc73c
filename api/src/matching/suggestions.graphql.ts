import { DismissalReason as dismissalReasons, NO_COMMUNITY, SuggestionState as suggestionStates } from '@kith/db';
import { builder, ErrorInterface, globalId, localId } from '../builder.ts';
import type { Member } from '../context.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { localeOf } from '../communities/members.ts';
import { prisma } from '../db.ts';
import { badInput, notFound } from '../errors.ts';
import type { KithEvent } from '../events.ts';
import { visibleTo } from '../listings/visibility.ts';
import { pageArgs } from '../pageArgs.ts';
import { EventStream } from '../subscriptions.ts';
import { inWords, type Reason } from './reasons.ts';
import { acceptSuggestion, dismissSuggestion, inbox, partOf, SuggestionClosed } from './suggestions.ts';

const SuggestionState = builder.enumType('SuggestionState', {
  values: Object.values(suggestionStates),
  description: 'What one side made of a suggestion.',
});
const DismissalReason = builder.enumType('DismissalReason', {
  values: Object.values(dismissalReasons),
  description: 'Why a suggestion was dismissed.',
});

builder.objectType(SuggestionClosed, {
  name: 'SuggestionClosed',
  interfaces: [ErrorInterface],
  description: 'The suggestion can no longer be answered.',
});

/** A pair is shown to its two members, and only while they may see both listings: a moderator may have hidden one. */
const shownTo = (member: Member) => ({
  AND: [partOf(member), { want: visibleTo(member) }, { offer: visibleTo(member) }],
});

export const SuggestionType = builder.prismaNode('Suggestion', {
  description: 'A want and an offer that fit each other, told to the two members whose they are.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    ...(member && shownTo(member)),
  }),
  authScopes: { member: true },
  fields: (t) => ({
    want: t.relation('want', { description: 'The want.' }),
    offer: t.relation('offer', { description: 'The offer.' }),
    score: t.exposeFloat('score', { description: 'How well they fit, 0 to 1.' }),
    reasons: t.stringList({
      description: 'Why, in short phrases in the language of the viewer’s membership, the strongest first.',
      select: { reasons: true, communityId: true },
      resolve: async ({ reasons, communityId }, _args, context) => {
        const given = reasons as unknown as Reason[];
        const [names, locale] = await Promise.all([categoryNames(communityId, given), localeOf(context)]);
        return given.map((reason) => inWords(reason, locale, (id) => names.get(id)));
      },
    }),
    viewerSide: t.field({
      type: builder.enumType('SuggestionSide', {
        values: ['WANTER', 'PROVIDER'],
        description: 'Which of the two the viewer is.',
      }),
      description: 'On which side of the pair the viewer is.',
      select: { wanterId: true },
      resolve: ({ wanterId }, _args, { member }) => (wanterId === member?.memberId ? 'WANTER' : 'PROVIDER'),
    }),
    counterpart: t.prismaField({
      type: MemberType,
      description: 'The other one of the two.',
      select: { communityId: true, wanterId: true, providerId: true },
      resolve: (query, { communityId, wanterId, providerId }, _args, { member }) => {
        const id = wanterId === member?.memberId ? providerId : wanterId;
        return prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });
      },
    }),
    viewerState: t.field({
      type: SuggestionState,
      description: 'What the viewer made of it.',
      select: { wanterId: true, wanterState: true, providerState: true },
      resolve: ({ wanterId, wanterState, providerState }, _args, { member }) =>
        wanterId === member?.memberId ? wanterState : providerState,
    }),
    counterpartAccepted: t.boolean({
      description: 'The other member wants to go on with it.',
      select: { wanterId: true, wanterState: true, providerState: true },
      resolve: ({ wanterId, wanterState, providerState }, _args, { member }) =>
        (wanterId === member?.memberId ? providerState : wanterState) === 'ACCEPTED',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the pair was found first.' }),
  }),
});

/** Names of the categories that reasons are about. */
export async function categoryNames(communityId: string, reasons: Reason[]) {
  const ids = reasons.flatMap((reason) => ('categoryId' in reason ? [reason.categoryId] : []));
  if (!ids.length) return new Map<string, string>();
  const rows = await prisma.category.findMany({
    where: { communityId, id: { in: ids } },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const Page = builder
  .objectRef<{ items: { id: string; communityId: string }[]; total: number }>('SuggestionPage')
  .implement({
    description: 'A page of suggestions.',
    fields: (t) => ({
      items: t.field({
        type: [SuggestionType],
        description: 'The suggestions of this page.',
        resolve: ({ items }) => items as never,
      }),
      total: t.exposeInt('total', { description: 'How many there are in all.' }),
    }),
  });

builder.queryField('suggestions', (t) =>
  t.withAuth({ member: true }).field({
    type: Page,
    description: 'Open suggestions of the viewer, best first; among the first three at most one of each member.',
    args: {
      listingId: t.arg.id({ description: 'Only those of this listing of the viewer.' }),
      ...pageArgs,
    },
    resolve: (_root, { listingId, skip, take }, { member }) =>
      inbox(member, {
        listingId: typeof listingId === 'string' ? localId('Listing', listingId) : null,
        skip,
        take,
      }),
  }),
);

const AcceptSuggestionInput = builder.inputType('AcceptSuggestionInput', {
  description: 'A suggestion to go on with.',
  fields: (t) => ({ suggestionId: t.id({ required: true, description: 'Which one.' }) }),
});

builder.mutationField('acceptSuggestion', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: SuggestionType,
    description: 'The viewer wants to go on with a suggestion; the other member is told. Repeating it changes nothing.',
    errors: { types: [SuggestionClosed] },
    args: { input: t.arg({ type: AcceptSuggestionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, { member }) =>
      reload(query, member, await acceptSuggestion(member, localId('Suggestion', input.suggestionId))),
  }),
);

const DismissSuggestionInput = builder.inputType('DismissSuggestionInput', {
  description: 'A suggestion that is not wanted.',
  fields: (t) => ({
    suggestionId: t.id({ required: true, description: 'Which one.' }),
    reason: t.field({ type: DismissalReason, required: true, description: 'Why.' }),
    note: t.string({ description: 'In own words, at most 500 characters.' }),
  }),
});

builder.mutationField('dismissSuggestion', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: SuggestionType,
    description: 'The viewer does not want this pair: it is never suggested again. The reason teaches the matcher.',
    errors: { types: [SuggestionClosed] },
    args: { input: t.arg({ type: DismissSuggestionInput, required: true, description: 'Which one, and why.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      if ((input.note?.length ?? 0) > 500) throw badInput('A note has at most 500 characters.', 'note');
      return reload(
        query,
        member,
        await dismissSuggestion(member, localId('Suggestion', input.suggestionId), input.reason, input.note ?? null),
      );
    },
  }),
);

async function reload(query: object, member: Member, { id }: { id: string }) {
  const found = await prisma.suggestion.findFirst({ ...query, where: { ...shownTo(member), id } });
  if (!found) throw notFound('suggestion');
  return found;
}

const SuggestionFound = builder.objectRef<KithEvent>('SuggestionFound').implement({
  description: 'A new suggestion for the viewer.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    suggestionId: t.id({
      description: 'The id of the suggestion.',
      resolve: ({ payload }) => globalId('Suggestion', String(payload.suggestionId)),
    }),
    suggestion: t.prismaField({
      type: SuggestionType,
      nullable: true,
      description: 'Null when it was withdrawn meanwhile.',
      resolve: (query, { payload }, _args, { member }) =>
        prisma.suggestion.findFirst({
          ...query,
          where: { ...shownTo(member!), id: String(payload.suggestionId), withdrawnAt: null },
        }),
    }),
  }),
});

builder.subscriptionField('suggestionFound', (t) =>
  t.withAuth({ member: true }).field({
    type: SuggestionFound,
    description: 'Tells the viewer of counterparts as they are found, first those after the given event.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: ['suggestion.found'],
        memberId: member.memberId,
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
