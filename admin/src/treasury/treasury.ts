import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { accepted, request } from '../request.ts';
import { BURN, BUY, GRANT, MEMBERS_NAMED, MONEY_REPORT, TREASURY, TREASURY_LINES } from './treasury.graphql.ts';

type Line = ResultOf<typeof TREASURY_LINES>['treasuryLineList']['items'][number];
/** A line has no id of its own: its moment and what the treasury held then name it. */
export type TreasuryLine = Line & { id: string };
export type MoneyFigures = ResultOf<typeof MONEY_REPORT>['moneyReport'];
type Kinds = VariablesOf<typeof TREASURY_LINES>['kinds'];

const resource: Resource = {
  async list({ skip, take, filter: { kind } }: Page) {
    const kinds = (kind ? [kind] : null) as Kinds;
    const { items, total } = (await request(TREASURY_LINES, { skip, take, kinds })).treasuryLineList;
    return { total, items: items.map((line, at) => ({ ...line, id: `${line.postedAt} ${skip + at}` })) };
  },
};

const verbs = {
  treasuryReport: async () => (await request(TREASURY, {})).treasuryReport,
  moneyReport: async (span: { from: string | null; to: string | null }) =>
    (await request(MONEY_REPORT, span)).moneyReport,
  membersNamed: async (text: string) => (await request(MEMBERS_NAMED, { text })).memberList.items,
  grantFromTreasury: async (input: VariablesOf<typeof GRANT>['input']) =>
    void accepted((await request(GRANT, { input })).grantFromTreasury),
  buyForTreasury: async (input: VariablesOf<typeof BUY>['input']) =>
    void accepted((await request(BUY, { input })).buyForTreasury),
  burnFromTreasury: async (input: VariablesOf<typeof BURN>['input']) =>
    void accepted((await request(BURN, { input })).burnFromTreasury),
};

export const treasury = { resource, verbs };
