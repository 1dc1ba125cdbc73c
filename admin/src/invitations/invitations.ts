import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { accepted, request } from '../request.ts';
import { INVITATION_LIST, INVITE_MEMBERS, REVOKE_INVITATION } from './invitations.graphql.ts';

export type Invitation = ResultOf<typeof INVITATION_LIST>['invitationList']['items'][number];

const resource: Resource = {
  list: async ({ skip, take, filter }: Page) =>
    (await request(INVITATION_LIST, { skip, take, mine: filter.mine === true })).invitationList,
};

const verbs = {
  inviteMembers: async (input: VariablesOf<typeof INVITE_MEMBERS>['input']) =>
    accepted((await request(INVITE_MEMBERS, { input })).inviteMembers).invitations,
  revokeInvitation: async (invitationId: string) =>
    void (await request(REVOKE_INVITATION, { input: { invitationId } })),
};

export const invitations = { resource, verbs };
