import type { ResultOf, VariablesOf } from 'gql.tada';
import { ApiError } from '../errors.ts';
import { accepted, request } from '../request.ts';
import {
  COMMUNITY,
  CREATE_COMMUNITY,
  PUBLISH_CHARTER,
  UPDATE_COMMUNITY,
  UPDATE_POLICIES,
} from './communities.graphql.ts';

export type Community = NonNullable<ResultOf<typeof COMMUNITY>['community']>;
export type Policies = NonNullable<Community['policies']>;

const verbs = {
  community: async (): Promise<Community> => {
    const { community } = await request(COMMUNITY, {});
    if (!community) throw new ApiError('NOT_FOUND', 'There is no such community.');
    return community;
  },
  updateCommunity: async (input: VariablesOf<typeof UPDATE_COMMUNITY>['input']) =>
    void (await request(UPDATE_COMMUNITY, { input })),
  /** An empty reason is none. */
  updatePolicies: async (input: VariablesOf<typeof UPDATE_POLICIES>['input'], reason: string) =>
    void (await request(UPDATE_POLICIES, { input, reason: reason || null })),
  /** Answers the number of the new version. */
  publishCharter: async (text: string) => (await request(PUBLISH_CHARTER, { input: { text } })).publishCharter.version,
  /** Answers the slug. */
  createCommunity: async (input: VariablesOf<typeof CREATE_COMMUNITY>['input']) =>
    accepted((await request(CREATE_COMMUNITY, { input })).createCommunity).slug,
};

export const communities = { verbs };
