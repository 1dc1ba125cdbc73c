import { z } from 'zod';
import { builder } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { prisma } from '../db.ts';
import { PAGE_MOST } from '../builder.ts';
import { pointsOfMember, reputationsOf, unknown, type StoredReputation } from './reputation.ts';
import { LEVELS, positivePercent, type Point } from './score.ts';

interface Owner {
  communityId: string;
  memberId: string;
}
const PointType = builder.objectRef<Point & Owner>('ReputationPoint').implement({
  description: 'What one counterparty said in one week, and what it counts.',
  fields: (t) => ({
    author: t.prismaField({
      type: MemberType,
      description: 'Who reviewed.',
      resolve: (query, { communityId, authorId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    value: t.exposeInt('value', { description: '+1, 0 or −1: the sign of all that was said in the week.' }),
    stars: t.exposeFloat('stars', { description: 'The mean of the stars that were given, 1 to 5.' }),
    ageDays: t.exposeInt('ageDays', { description: 'Days since.' }),
    weight: t.float({
      description:
        'From 0 to 1. It halves with each year, and with each later week of the same author: all of one pair adds less than two points.',
      resolve: ({ weightMilli }) => weightMilli / 1000,
    }),
  }),
});

type Stored = Omit<StoredReputation, 'computedAt'> & Owner & { computedAt: Date | null };
const ReputationType = builder.objectRef<Stored>('Reputation').implement({
  description:
    'What a member’s dealings say of them, computed from the open reviews and completed trades and stored; a review that is voided does not count.',
  fields: (t) => ({
    score: t.float({
      description:
        'Feedback score in points: the sum of value × weight over the points, at most one for each counterparty and week.',
      resolve: ({ scoreMilli }) => scoreMilli / 1000,
    }),
    level: t.exposeInt('level', {
      description: `How many of the thresholds the score has reached: ${LEVELS.join(', ')} points.`,
    }),
    nextLevelAt: t.int({
      nullable: true,
      description: 'The score from which the next level holds; null at the highest.',
      resolve: ({ level }) => LEVELS[level] ?? null,
    }),
    positivePercent: t.float({
      nullable: true,
      description:
        'Positive points among those of the last twelve months that are not neutral; null while there is none.',
      resolve: positivePercent,
    }),
    positive: t.exposeInt('positiveRecent', { description: 'Positive points of the last twelve months.' }),
    neutral: t.exposeInt('neutralRecent', { description: 'Neutral points of the last twelve months.' }),
    negative: t.exposeInt('negativeRecent', { description: 'Negative points of the last twelve months.' }),
    stars: t.float({
      nullable: true,
      description:
        'The Bayesian mean of stars, (5 × 3.5 + Σ weight × stars) ÷ (5 + Σ weight): few reviews move it little. Null while there is no review.',
      resolve: ({ starsMilli }) => (starsMilli === null ? null : starsMilli / 1000),
    }),
    reviews: t.exposeInt('reviews', { description: 'How many open reviews it rests on.' }),
    tradesCompleted: t.exposeInt('tradesCompleted', { description: 'Trades that were completed and not undone.' }),
    computedAt: t.expose('computedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was computed; null while nothing is known of the member.',
    }),
    points: t.field({
      type: [PointType],
      description: 'How the score came about: what counts most first.',
      args: {
        first: t.arg.int({
          ...{ defaultValue: 20, required: true, description: 'How many, at most 100.' },
          validate: z.number().int().min(1).max(PAGE_MOST),
        }),
      },
      resolve: async ({ communityId, memberId }, { first }) =>
        (await pointsOfMember({ communityId, memberId }, first)).map((point) => ({ ...point, communityId, memberId })),
    }),
  }),
});

builder.prismaObjectField(MemberType, 'reputation', (t) =>
  t.loadable({
    type: ReputationType,
    description: 'What their dealings say of them.',
    load: async (keys: string[]) => {
      const owners = keys.map((key) => JSON.parse(key) as Owner);
      const stored = await reputationsOf(
        owners[0]!.communityId,
        owners.map(({ memberId }) => memberId),
      );
      return owners.map(
        (owner) =>
          stored.find(({ memberId }) => memberId === owner.memberId) ?? { ...unknown, ...owner, computedAt: null },
      );
    },
    resolve: ({ communityId, id }) => JSON.stringify({ communityId, memberId: id }),
  }),
);
