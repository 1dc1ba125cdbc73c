import { builder, ErrorInterface } from '../builder.ts';
import { searchToken, SearchTokenUnavailable, type SearchTokenRow } from './token.ts';

builder.objectType(SearchTokenUnavailable, {
  name: 'SearchTokenUnavailable',
  description: 'There is no engine a frontend could ask itself.',
  interfaces: [ErrorInterface],
});

const SearchToken = builder.objectRef<SearchTokenRow>('SearchToken').implement({
  description: 'With what a frontend asks Meilisearch itself, for searching while one types.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Where Meilisearch is.' }),
    indexUid: t.string({ description: 'The index to ask.', resolve: ({ index }) => index }),
    token: t.exposeString('token', {
      description: 'Send it as "Authorization: Bearer …". It shows this community only.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Ask for another one before.' }),
  }),
});

builder.queryField('searchToken', (t) =>
  t.withAuth({ member: true }).field({
    type: SearchToken,
    description:
      'A token with which a frontend asks Meilisearch itself. What it finds may be a moment old: load what is shown from here.',
    errors: { types: [SearchTokenUnavailable] },
    resolve: (_root, _args, { member }) => searchToken(member.communityId),
  }),
);
