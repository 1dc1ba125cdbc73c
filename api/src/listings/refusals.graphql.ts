import { ErrorInterface, builder } from '../builder.ts';
import { ListingStateType } from './listings.graphql.ts';
import {
  ListingChanged,
  ListingIdReused,
  ListingOwnerNotActive,
  TooManyListings,
  WrongListingState,
} from './refusals.ts';

builder.objectType(WrongListingState, {
  name: 'WrongListingState',
  description: 'The listing is in a state in which this cannot be done.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ state: t.expose('state', { type: ListingStateType, description: 'The state it is in.' }) }),
});
builder.objectType(ListingChanged, {
  name: 'ListingChanged',
  description: 'Somebody wrote the listing since the client loaded it.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    currentVersion: t.exposeInt('currentVersion', { description: 'The version it has now.' }),
  }),
});
builder.objectType(ListingIdReused, {
  name: 'ListingIdReused',
  description: 'The id chosen by the client belongs to a listing with other content.',
  interfaces: [ErrorInterface],
});
builder.objectType(TooManyListings, {
  name: 'TooManyListings',
  description: 'The member has as many listings in this state as one may have.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ most: t.exposeInt('most', { description: 'How many one may have.' }) }),
});
builder.objectType(ListingOwnerNotActive, {
  name: 'ListingOwnerNotActive',
  description: 'The member whose listing it is may not write now.',
  interfaces: [ErrorInterface],
});
