import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { ApiError } from '../errors.ts';
import { request } from '../request.ts';
import {
  DEMURRAGE_PREVIEW,
  DEMURRAGE_RULES,
  DEMURRAGE_RUN,
  DEMURRAGE_RUNS,
  SCHEDULE_POLICIES,
  START_DEMURRAGE,
} from './demurrage.graphql.ts';

export type RunRow = ResultOf<typeof DEMURRAGE_RUNS>['demurrageRunList']['items'][number];
export type Preview = ResultOf<typeof DEMURRAGE_PREVIEW>['demurragePreview'];
export type Proposal = NonNullable<VariablesOf<typeof DEMURRAGE_PREVIEW>['policies']>;

const read = async (id: string) => {
  const { node } = await request(DEMURRAGE_RUN, { id });
  if (!node || !('chargeList' in node)) throw new ApiError('NOT_FOUND', 'There is no such run.');
  return node;
};
export type Run = Awaited<ReturnType<typeof read>>;

const resource: Resource = {
  list: async ({ skip, take }: Page) => (await request(DEMURRAGE_RUNS, { skip, take })).demurrageRunList,
  one: read,
};

const rules = async () => {
  const { community, policyChangeList } = await request(DEMURRAGE_RULES, {});
  if (!community?.policies) throw new ApiError('NOT_FOUND', 'There is no such community.');
  const changes = policyChangeList.items.filter(({ policy }) => policy.startsWith('demurrage'));
  return { ...community, policies: community.policies, changes };
};
export type Rules = Awaited<ReturnType<typeof rules>>;

const verbs = {
  demurrageRules: rules,
  demurragePreview: async (policies: Proposal | null, page: { skip: number; take: number }) =>
    (await request(DEMURRAGE_PREVIEW, { policies, ...page })).demurragePreview,
  startDemurrage: async () => void (await request(START_DEMURRAGE, {})),
  schedulePolicies: async (input: VariablesOf<typeof SCHEDULE_POLICIES>['input']) =>
    void (await request(SCHEDULE_POLICIES, { input })),
};

export const demurrage = { resource, verbs };

/** 12500 parts per million are 1.25 %. */
export const rateInWords = (ppm: number): string =>
  `${(ppm / 10_000).toLocaleString(undefined, { maximumFractionDigits: 4 })} %`;

const names: Record<string, string> = {
  demurrage: 'Demurrage',
  demurrageRatePpm: 'Rate',
  demurragePeriod: 'Period',
  demurrageDay: 'Last day',
  demurrageTime: 'Time',
  demurrageAllowance: 'Allowance',
  demurrageGraceDays: 'Days of grace',
};
/** A change of a rule, such as "Rate: 1 % → 2 %". */
export function changeInWords({ policy, before, after }: Rules['changes'][number]): string {
  const value = (text: string) =>
    policy === 'demurrageRatePpm'
      ? rateInWords(Number(text))
      : policy === 'demurrage'
        ? text === 'true'
          ? 'on'
          : 'off'
        : text.toLowerCase();
  return `${names[policy] ?? policy}: ${value(before)} → ${value(after)}`;
}
