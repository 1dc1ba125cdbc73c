import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { ApiError } from '../errors.ts';
import { accepted, request } from '../request.ts';
import {
  APPROVE_MEMBER,
  ERASE_MEMBER,
  MEMBER,
  MEMBER_LIST,
  REINSTATE_MEMBER,
  REJECT_MEMBER,
  SET_MEMBER_ROLES,
  SUSPEND_MEMBER,
} from './members.graphql.ts';

export type MemberRow = ResultOf<typeof MEMBER_LIST>['memberList']['items'][number];
export type Member = NonNullable<ResultOf<typeof MEMBER>['member']>;
export type Role = NonNullable<MemberRow['roles']>[number];
type Variables = VariablesOf<typeof MEMBER_LIST>;
type Filter = NonNullable<Variables['filter']>;

const sorts: Record<string, 'NAME' | 'APPLIED' | 'ADMITTED'> = {
  displayName: 'NAME',
  appliedAt: 'APPLIED',
  memberSince: 'ADMITTED',
};

interface Decision {
  memberId: string;
  reason: string;
}

const resource: Resource = {
  async list({ skip, take, sort, filter: { text, state, role, isPlaceholder, offers } }: Page) {
    const filter = {
      ...(text ? { text } : {}),
      ...(state ? { states: [state] } : {}),
      ...(role ? { roles: [role] } : {}),
      ...(isPlaceholder === undefined ? {} : { isPlaceholder }),
      ...(offers ? { hasOffers: offers === 'SOME' } : {}),
    } as Filter;
    const { memberList } = await request(MEMBER_LIST, {
      skip,
      take,
      sort: `${sorts[sort.field] ?? 'NAME'}_${sort.order}`,
      filter,
    });
    return memberList;
  },
  async one(id: string) {
    const { member } = await request(MEMBER, { id });
    if (!member) throw new ApiError('NOT_FOUND', 'There is no such member.');
    return member;
  },
};

const verbs = {
  approveMember: async (memberId: string) =>
    void accepted((await request(APPROVE_MEMBER, { input: { memberId } })).approveMember),
  rejectMember: async (input: Decision) => void accepted((await request(REJECT_MEMBER, { input })).rejectMember),
  suspendMember: async (input: Decision) => void accepted((await request(SUSPEND_MEMBER, { input })).suspendMember),
  reinstateMember: async (input: Decision) =>
    void accepted((await request(REINSTATE_MEMBER, { input })).reinstateMember),
  eraseMember: async (input: Decision) => void accepted((await request(ERASE_MEMBER, { input })).eraseMember),
  setMemberRoles: async (input: { memberId: string; roles: Role[] }) =>
    void accepted((await request(SET_MEMBER_ROLES, { input })).setMemberRoles),
};

export const members = { resource, verbs };
