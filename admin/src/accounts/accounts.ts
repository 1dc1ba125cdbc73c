import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { ApiError } from '../errors.ts';
import { request } from '../request.ts';
import { ACCOUNT, ACCOUNT_LIST, TRIAL_BALANCE } from './accounts.graphql.ts';

export type AccountRow = ResultOf<typeof ACCOUNT_LIST>['accountList']['items'][number];
type Sort = VariablesOf<typeof ACCOUNT_LIST>['sort'];
type Kind = AccountRow['kind'];

const sortOf = (field: string, order: 'ASC' | 'DESC'): Sort =>
  field === 'balance' ? `BALANCE_${order}` : field === 'reserved' ? 'RESERVED_DESC' : 'BALANCE_DESC';

const read = async (id: string, after: string | null) => {
  const { node } = await request(ACCOUNT, { id, after });
  if (!node || !('statement' in node)) throw new ApiError('NOT_FOUND', 'There is no such account.');
  return node;
};
export type Account = Awaited<ReturnType<typeof read>>;
export type StatementLine = NonNullable<NonNullable<Account['statement']['edges']>[number]>['node'];

const resource: Resource = {
  async list({ skip, take, sort, filter: { memberName, kind, inArrears } }: Page) {
    const filter = {
      memberName: memberName ? String(memberName) : null,
      kinds: kind ? [kind as Kind] : null,
      inArrears: typeof inArrears === 'boolean' ? inArrears : null,
    };
    return (await request(ACCOUNT_LIST, { skip, take, sort: sortOf(sort.field, sort.order), filter })).accountList;
  },
  one: (id: string) => read(id, null),
};

const verbs = {
  /** A page of an account's statement behind a cursor. */
  statement: async (id: string, after: string | null) => (await read(id, after)).statement,
  trialBalance: async () => (await request(TRIAL_BALANCE, {})).trialBalance,
};

export const accounts = { resource, verbs };

/** Whose it is, or what of the community. */
export const ownerInWords = ({ member, kind }: Pick<AccountRow, 'member' | 'kind'>): string =>
  member?.displayName ?? { MEMBER: 'Member', ISSUANCE: 'Issuance', TREASURY: 'Treasury', CLEARING: 'Clearing' }[kind];
