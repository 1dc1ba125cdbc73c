import type { ResultOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { request } from '../request.ts';
import { AUDIT_LOG } from './audit.graphql.ts';

export type AuditEntry = ResultOf<typeof AUDIT_LOG>['auditLog']['items'][number];
interface Filter {
  action?: string;
  from?: string;
  to?: string;
}

/** Days of the filter are the reader's; the last one is meant with all its hours. */
const dayBegins = (day: string) => new Date(`${day}T00:00`).toISOString();
const dayEnds = (day: string) => new Date(new Date(`${day}T00:00`).setHours(24)).toISOString();

const resource: Resource = {
  async list({ skip, take, filter }: Page) {
    const { action, from, to } = filter as Filter;
    const given = { action: action ?? null, from: from ? dayBegins(from) : null, to: to ? dayEnds(to) : null };
    return (await request(AUDIT_LOG, { skip, take, filter: given })).auditLog;
  },
};

export const audit = { resource };
