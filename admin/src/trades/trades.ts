import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { moneyInWords } from '../common/moneyInWords.ts';
import { ApiError } from '../errors.ts';
import { accepted, request } from '../request.ts';
import { DISPUTE_LIST, HIDE_REVIEW_TEXT, RESOLVE_DISPUTE, TRADE, TRADE_LIST, UNDO_TRADE } from './trades.graphql.ts';

export type TradeRow = ResultOf<typeof TRADE_LIST>['tradeList']['items'][number];
export type Trade = NonNullable<ResultOf<typeof TRADE>['trade']>;
export type Dispute = NonNullable<Trade['dispute']>;
export type DisputeRow = ResultOf<typeof DISPUTE_LIST>['disputeList']['items'][number];
type Sort = VariablesOf<typeof TRADE_LIST>['sort'];
type Filter = NonNullable<VariablesOf<typeof TRADE_LIST>['filter']>;
type DisputeFilter = NonNullable<VariablesOf<typeof DISPUTE_LIST>['filter']>;

/** The order of the list by its column. */
const sortOf = ({ field, order }: Page['sort']): Sort => {
  if (field === 'paid') return 'PAID_DESC';
  if (field === 'updatedAt') return 'UPDATED_DESC';
  return order === 'ASC' ? 'CREATED_ASC' : 'CREATED_DESC';
};

const resource: Resource = {
  async list({ skip, take, sort, filter }: Page) {
    const { state, title, memberName } = filter as { state?: string } & Filter;
    const given: Filter = { title, memberName, ...(state && { states: [state] as Filter['states'] }) };
    return (await request(TRADE_LIST, { skip, take, sort: sortOf(sort), filter: given })).tradeList;
  },
  async one(id: string) {
    const { trade } = await request(TRADE, { id });
    if (!trade) throw new ApiError('NOT_FOUND', 'There is no such trade.');
    return trade;
  },
};

/** What the list of disputes shows to somebody who looks for work: those that are opened or appealed. */
export const UNDECIDED = 'UNDECIDED';
const disputes: Resource = {
  async list({ skip, take, filter }: Page) {
    const { state, memberName } = filter as { state?: string } & DisputeFilter;
    const states = state === UNDECIDED ? ['OPEN', 'APPEALED'] : state ? [state] : undefined;
    const given: DisputeFilter = { memberName, ...(states && { states: states as DisputeFilter['states'] }) };
    return (await request(DISPUTE_LIST, { skip, take, filter: given })).disputeList;
  },
};

type Decision = VariablesOf<typeof RESOLVE_DISPUTE>['input'];
const verbs = {
  resolveDispute: async (input: Decision) => void accepted((await request(RESOLVE_DISPUTE, { input })).resolveDispute),
  undoTrade: async (input: { tradeId: string; reason: string }) =>
    void accepted((await request(UNDO_TRADE, { input })).undoTrade),
  hideReviewText: async (input: { reviewId: string; reason: string }) =>
    void accepted((await request(HIDE_REVIEW_TEXT, { input })).hideReviewText),
};

export const trades = { resource, disputes, verbs };

type Price = Pick<Trade['terms'], 'price' | 'globalPrice'>;
/** Both parts of what was put on the table. */
export const priceInWords = ({ price, globalPrice }: Price): string =>
  [price, globalPrice].filter(Boolean).map(moneyInWords).join(' + ') || 'Set by the buyer';

/** What was undone counts no more, whatever it had come to. */
export const tradeState = ({ state, undoneAt }: Pick<TradeRow, 'state' | 'undoneAt'>): string =>
  undoneAt ? 'UNDONE' : state;

/** An open dispute waits for somebody here. */
export const disputeState = (state: string) => (state === 'OPEN' ? 'WAITING' : state);
