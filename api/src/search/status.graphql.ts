import { builder } from '../builder.ts';
import { SearchEngineType } from './search.graphql.ts';
import { searchStatus, type SearchStatus } from './status.ts';

const SearchStatusType = builder.objectRef<SearchStatus>('SearchStatus').implement({
  description: 'How search stands, for those who run the community.',
  fields: (t) => ({
    engine: t.expose('engine', { type: SearchEngineType, description: 'What answers searches now.' }),
    degraded: t.exposeBoolean('degraded', {
      description: 'True while another engine than the one wanted has to answer.',
    }),
    notice: t.exposeString('notice', { nullable: true, description: 'Why it is so, in a sentence.' }),
    changesWaiting: t.int({
      description: 'Changes the wanted engine has not been told yet, of all communities.',
      resolve: ({ lag }) => lag.changes,
    }),
    waitingSince: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when the oldest of them waits.',
      resolve: ({ lag }) => lag.since ?? null,
    }),
    documents: t.exposeInt('documents', { description: 'Listings of the community that search knows.' }),
    published: t.exposeInt('published', {
      description: 'Listings of the community that are published: as many as documents when nothing is under way.',
    }),
  }),
});

builder.queryField('searchStatus', (t) =>
  t.withAuth({ capability: 'dashboardRead' }).field({
    type: SearchStatusType,
    description: 'How search stands.',
    resolve: (_root, _args, { member }) => searchStatus(member.communityId),
  }),
);
