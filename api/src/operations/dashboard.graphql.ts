import type { ListingState, MemberState } from '@kith/db';
import { builder } from '../builder.ts';
import { readiness, type Check } from '../readiness.ts';
import { dashboard, type Dashboard } from './dashboard.ts';

const count = <State extends string>(state: State) => ({
  description: `How many are ${state}.`,
  resolve: (counts: Partial<Record<State, number>>) => counts[state] ?? 0,
});

const MemberCounts = builder.objectRef<Partial<Record<MemberState, number>>>('MemberCounts').implement({
  description: 'Members of a community by their state.',
  fields: (t) => ({
    applied: t.int(count('APPLIED')),
    active: t.int(count('ACTIVE')),
    suspended: t.int(count('SUSPENDED')),
    leaving: t.int(count('LEAVING')),
    left: t.int(count('LEFT')),
    rejected: t.int(count('REJECTED')),
  }),
});

const ListingCounts = builder.objectRef<Partial<Record<ListingState, number>>>('ListingCounts').implement({
  description: 'Listings of one kind by their state.',
  fields: (t) => ({
    draft: t.int(count('DRAFT')),
    published: t.int(count('PUBLISHED')),
    paused: t.int(count('PAUSED')),
    expired: t.int(count('EXPIRED')),
    fulfilled: t.int(count('FULFILLED')),
    withdrawn: t.int(count('WITHDRAWN')),
    hidden: t.int(count('HIDDEN')),
  }),
});

const SystemNotice = builder.objectRef<{ part: string; text: string }>('SystemNotice').implement({
  description: 'What whoever runs the installation should know.',
  fields: (t) => ({
    part: t.exposeString('part', { description: 'The part it is about, such as search.' }),
    text: t.exposeString('text', { description: 'A sentence in English.' }),
  }),
});

const DashboardType = builder.objectRef<Dashboard>('Dashboard').implement({
  description: 'A community at a glance.',
  fields: (t) => ({
    members: t.field({ type: MemberCounts, description: 'Members by state.', resolve: ({ members }) => members }),
    offers: t.field({
      type: ListingCounts,
      description: 'Offers by state.',
      resolve: ({ listings }) => listings.OFFER ?? {},
    }),
    wants: t.field({
      type: ListingCounts,
      description: 'Wants by state.',
      resolve: ({ listings }) => listings.WANT ?? {},
    }),
    newMembers: t.exposeInt('newMembers', { description: 'Members admitted in the last 7 days who are active.' }),
    newListings: t.exposeInt('newListings', {
      description: 'Listings published in the last 7 days that still are.',
    }),
    membersWithoutOffers: t.exposeInt('membersWithoutOffers', {
      description: 'Active members who have no published offer.',
    }),
    openSuggestions: t.exposeInt('openSuggestions', { description: 'Suggestions that neither side has answered.' }),
    runningImports: t.exposeInt('runningImports', { description: 'Imports that are being checked or applied.' }),
    undecidedDisputes: t.exposeInt('undecidedDisputes', {
      description: 'Disputes that wait for a moderator: opened, or appealed.',
    }),
    checkedImports: t.exposeInt('checkedImports', {
      description: 'Imports that were checked and wait for somebody to start them.',
    }),
    accountsInArrears: t.exposeInt('accountsInArrears', {
      description: 'Accounts with less than nothing available: a reversal took what was spent already.',
    }),
    notices: t.field({
      type: [SystemNotice],
      description: 'What the health checks of this installation have to say, such as which search engine serves.',
      resolve: async () => noticesOf(await readiness()),
    }),
  }),
});

builder.queryField('dashboard', (t) =>
  t.withAuth({ capability: 'dashboardRead' }).field({
    type: DashboardType,
    description: 'Figures of the community for those who run it.',
    resolve: (_root, _args, { member }) => dashboard(member),
  }),
);

const noticesOf = (checks: Record<string, unknown>) =>
  Object.entries(checks).flatMap(([part, check]) => {
    const { notice } = (check ?? {}) as Partial<Check>;
    return notice ? [{ part, text: notice }] : [];
  });
