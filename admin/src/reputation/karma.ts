import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { accepted, request } from '../request.ts';
import { AWARD_KARMA, KARMA_AWARD_LIST, REVOKE_KARMA } from './karma.graphql.ts';

export type Award = ResultOf<typeof KARMA_AWARD_LIST>['karmaAwardList']['items'][number];
export type NewAward = VariablesOf<typeof AWARD_KARMA>['input'];

export const causes: Record<Award['cause'], string> = {
  HONEST_REVIEW: 'Honest review',
  ACTIVE_INVITATION: 'Invited somebody who became active',
  COMMUNITY_WORK: 'Work for the community',
  GOOD_FLAG: 'Good flag',
};

/** 1 point, 5 points. */
export const pointsInWords = (points: number): string => `${points} ${points === 1 ? 'point' : 'points'}`;

const resource: Resource = {
  async list({ skip, take, filter }: Page) {
    const asked = filter.cause ? [filter.cause as Award['cause']] : null;
    return (await request(KARMA_AWARD_LIST, { skip, take, filter: { causes: asked } })).karmaAwardList;
  },
};
const verbs = {
  awardKarma: async (input: NewAward) => void accepted((await request(AWARD_KARMA, { input })).awardKarma),
  revokeKarma: async (input: VariablesOf<typeof REVOKE_KARMA>['input']) =>
    void (await request(REVOKE_KARMA, { input })),
};

export const karma = { resource, verbs };
