import type { DataProvider, GetListParams, GetManyParams, GetOneParams, RaRecord } from 'react-admin';
import { accounts } from './accounts/accounts.ts';
import { audit } from './audit/audit.ts';
import { categories } from './categories/categories.ts';
import { coinage } from './coinage/coinage.ts';
import { communities } from './communities/communities.ts';
import { demurrage } from './demurrage/demurrage.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { imports } from './imports/imports.ts';
import { invitations } from './invitations/invitations.ts';
import { journal } from './journal/journal.ts';
import { listings } from './listings/listings.ts';
import { members } from './members/members.ts';
import { karma } from './reputation/karma.ts';
import { synonyms } from './synonyms/synonyms.ts';
import { understanding } from './understanding/understanding.ts';
import { treasury } from './treasury/treasury.ts';
import { trades } from './trades/trades.ts';

/** A page of a list as the API takes it. `sort` is undefined where the resource has one order only. */
export interface Page {
  skip: number;
  take: number;
  sort: { field: string; order: 'ASC' | 'DESC' };
  filter: Record<string, unknown>;
}
/** What the console's lists and pages need of a resource. */
export interface Resource {
  list(page: Page): Promise<{ items: readonly RaRecord[]; total: number }>;
  one?(id: string): Promise<RaRecord>;
}

const resources: Record<string, Resource> = {
  members: members.resource,
  listings: listings.resource,
  invitations: invitations.resource,
  synonyms: synonyms.resource,
  trades: trades.resource,
  disputes: trades.disputes,
  accounts: accounts.resource,
  journal: journal.resource,
  demurrage: demurrage.resource,
  treasury: treasury.resource,
  coinage: coinage.resource,
  mints: coinage.mints,
  karma: karma.resource,
  imports: imports.resource,
  importRows: imports.rows,
  audit: audit.resource,
};

/** What the console keeps filters and orders of. */
export const resourceNames = Object.keys(resources);

/** The most rows the API answers at once; an export asks for more and gets it in several goes. */
const PAGE_MOST = 100;

async function getList<R extends RaRecord>(resource: string, { pagination, sort, filter }: GetListParams) {
  const { page = 1, perPage = 25 } = pagination ?? {};
  const first = (page - 1) * perPage;
  const data: R[] = [];
  for (;;) {
    const take = Math.min(PAGE_MOST, perPage - data.length);
    const { items, total } = await resourceOf(resource).list({
      skip: first + data.length,
      take,
      sort: { field: sort?.field ?? 'id', order: sort?.order ?? 'ASC' },
      filter: filter as Record<string, unknown>,
    });
    data.push(...(items as R[]));
    if (items.length < take || data.length >= perPage) return { data, total };
  }
}

async function getOne<R extends RaRecord>(resource: string, id: R['id']) {
  const { one } = resourceOf(resource);
  if (!one) throw new Error(`${resource} has no page for one record.`);
  return { data: (await one(String(id))) as R };
}

function resourceOf(name: string): Resource {
  const resource = resources[name];
  if (!resource) throw new Error(`There is no resource ${name}.`);
  return resource;
}

// What changes goes through the verbs below, so that an act says what it is and takes its reason.
const byVerbOnly = () => Promise.reject(new Error('Records are changed by the verbs of their domain.'));

/** Everything the console asks of the API: lists and records by react-admin's names, acts by the domain's. */
export const dataProvider = {
  getList,
  getOne: <R extends RaRecord>(resource: string, { id }: GetOneParams<R>) => getOne<R>(resource, id),
  getMany: async <R extends RaRecord>(resource: string, { ids }: GetManyParams<R>) => {
    const found = await Promise.all(ids.map((id) => getOne<R>(resource, id)));
    return { data: found.map(({ data }) => data) };
  },
  getManyReference: byVerbOnly,
  create: byVerbOnly,
  update: byVerbOnly,
  updateMany: byVerbOnly,
  delete: byVerbOnly,
  deleteMany: byVerbOnly,
  dashboard,
  ...members.verbs,
  ...listings.verbs,
  ...invitations.verbs,
  ...categories.verbs,
  ...synonyms.verbs,
  ...understanding.verbs,
  ...trades.verbs,
  ...accounts.verbs,
  ...journal.verbs,
  ...demurrage.verbs,
  ...treasury.verbs,
  ...coinage.verbs,
  ...karma.verbs,
  ...imports.verbs,
  ...communities.verbs,
} satisfies DataProvider;
export type KithDataProvider = typeof dataProvider;
