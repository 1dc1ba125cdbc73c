import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { accepted, request } from '../request.ts';
import {
  APPOINT_FOUNDER,
  COINAGE_LIST,
  COINAGE_MINT_LIST,
  COINAGE_REPORT,
  DISMISS_FOUNDER,
  GRANT_COINAGE,
  VOID_MINT,
} from './coinage.graphql.ts';

export type CoinageRow = ResultOf<typeof COINAGE_LIST>['coinageList']['items'][number] & { id: string };
export type Mint = ResultOf<typeof COINAGE_MINT_LIST>['coinageMintList']['items'][number];
type Decision = VariablesOf<typeof APPOINT_FOUNDER>['input'];

const resource: Resource = {
  async list({ skip, take, filter }: Page) {
    const memberName = filter.memberName ? String(filter.memberName) : null;
    const hasMinted = typeof filter.hasMinted === 'boolean' ? filter.hasMinted : null;
    const { coinageList } = await request(COINAGE_LIST, { skip, take, filter: { memberName, hasMinted } });
    return { ...coinageList, items: coinageList.items.map((row) => ({ ...row, id: row.member.id })) };
  },
};
const mints: Resource = {
  async list({ skip, take, filter }: Page) {
    const isVoided = typeof filter.isVoided === 'boolean' ? filter.isVoided : null;
    return (await request(COINAGE_MINT_LIST, { skip, take, filter: { isVoided } })).coinageMintList;
  },
};

const verbs = {
  coinageReport: () => request(COINAGE_REPORT, {}),
  grantCoinage: async (input: VariablesOf<typeof GRANT_COINAGE>['input']) =>
    void accepted((await request(GRANT_COINAGE, { input })).grantCoinage),
  voidMint: async (input: VariablesOf<typeof VOID_MINT>['input']) =>
    void accepted((await request(VOID_MINT, { input })).voidMint),
  appointFounder: async (input: Decision) => void accepted((await request(APPOINT_FOUNDER, { input })).appointFounder),
  dismissFounder: async (input: Decision) => void (await request(DISMISS_FOUNDER, { input })),
};

export const coinage = { resource, mints, verbs };
