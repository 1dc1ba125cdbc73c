import { builder, globalId, localId } from '../builder.ts';
import type { Member } from '../context.ts';
import { badInput } from '../errors.ts';
import { prisma } from '../db.ts';
import { CreateListingInput, UpdateListingInput, contentOf } from './inputs.graphql.ts';
import { ListingType } from './listings.graphql.ts';
import { createListing, deleteDraft, duplicateListing, updateListing, type ListingRef } from './listings.ts';
import { moveListing } from './publication.ts';
import './refusals.graphql.ts';
import {
  ListingChanged,
  ListingIdReused,
  ListingOwnerNotActive,
  TooManyListings,
  WrongListingState,
} from './refusals.ts';

/** Loads what was written, as the answer asks for it. */
export const written = <Q extends object>(query: Q, { communityId, id }: ListingRef) =>
  prisma.listing.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

/** Active members, and applicants, who may prepare drafts. */
const drafting = (_root: unknown, _args: unknown, { member }: { member: Member | null }) =>
  member?.state === 'ACTIVE' || member?.state === 'APPLIED';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
function clientMadeId(id: string): string {
  const lower = id.toLowerCase();
  if (!UUID.test(lower)) throw badInput('id takes a UUID, such as crypto.randomUUID() makes.', 'id');
  return lower;
}

builder.mutationField('createListing', (t) =>
  t.prismaField({
    type: ListingType,
    description:
      'Makes a draft. Sending the same id with the same content again repeats the answer. Applicants may prepare drafts too.',
    authScopes: drafting,
    errors: { types: [ListingIdReused, TooManyListings, ListingOwnerNotActive] },
    args: { input: t.arg({ type: CreateListingInput, required: true, description: 'The new listing.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const { id, memberId, kind, title } = input;
      const content = { ...contentOf(input), title };
      return written(
        query,
        await createListing(member!, {
          ...(id && { id: clientMadeId(id) }),
          ...(memberId && { memberId: localId('Member', memberId) }),
          kind,
          content,
        }),
      );
    },
  }),
);

builder.mutationField('updateListing', (t) =>
  t.prismaField({
    type: ListingType,
    description: 'Changes the content. What is left out stays; null clears. A published listing stays published.',
    authScopes: drafting,
    errors: { types: [ListingChanged, WrongListingState] },
    args: { input: t.arg({ type: UpdateListingInput, required: true, description: 'What to change.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const { id, version, title } = input;
      const content = { ...contentOf(input), ...(title && { title }) };
      return written(query, await updateListing(member!, { id: localId('Listing', id), version, content }));
    },
  }),
);

const inputOf = (name: string) =>
  builder.inputType(name, {
    description: 'Which listing.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The id of the listing.' }) }),
  });
const termInputOf = (name: string) =>
  builder.inputType(name, {
    description: 'Which listing, and until when.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The id of the listing.' }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When it shall leave the directory; left out: the longest the community allows.',
      }),
    }),
  });

builder.mutationField('publishListing', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: ListingType,
    description: 'Puts a draft into the directory.',
    errors: { types: [WrongListingState, TooManyListings, ListingOwnerNotActive] },
    args: { input: t.arg({ type: termInputOf('PublishListingInput'), required: true, description: 'The draft.' }) },
    resolve: async (query, _root, { input: { id, expiresAt } }, { member }) =>
      written(
        query,
        await moveListing(member, 'publish', { id: localId('Listing', id), expiresAt: expiresAt ?? null }),
      ),
  }),
);
builder.mutationField('renewListing', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: ListingType,
    description: 'Gives a published listing a new end, counted from now, or publishes an expired one again.',
    errors: { types: [WrongListingState, TooManyListings, ListingOwnerNotActive] },
    args: { input: t.arg({ type: termInputOf('RenewListingInput'), required: true, description: 'The listing.' }) },
    resolve: async (query, _root, { input: { id, expiresAt } }, { member }) =>
      written(query, await moveListing(member, 'renew', { id: localId('Listing', id), expiresAt: expiresAt ?? null })),
  }),
);
builder.mutationField('resumeListing', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: ListingType,
    description: 'Puts a paused listing back into the directory. One that ran out meanwhile gets a new end.',
    errors: { types: [WrongListingState, TooManyListings, ListingOwnerNotActive] },
    args: { input: t.arg({ type: inputOf('ResumeListingInput'), required: true, description: 'The listing.' }) },
    resolve: async (query, _root, { input: { id } }, { member }) =>
      written(query, await moveListing(member, 'resume', { id: localId('Listing', id) })),
  }),
);

for (const [name, step, input, description] of [
  ['pauseListing', 'pause', 'PauseListingInput', 'Takes a listing out of the directory for a while.'],
  ['withdrawListing', 'withdraw', 'WithdrawListingInput', 'Takes a listing out of the directory for good.'],
  ['fulfilListing', 'fulfil', 'FulfilListingInput', 'Closes a listing because it got what it was for.'],
] as const)
  builder.mutationField(name, (t) =>
    t.withAuth({ member: true }).prismaField({
      type: ListingType,
      description,
      errors: { types: [WrongListingState] },
      args: { input: t.arg({ type: inputOf(input), required: true, description: 'The listing.' }) },
      resolve: async (query, _root, { input: { id } }, { member }) =>
        written(query, await moveListing(member, step, { id: localId('Listing', id) })),
    }),
  );

builder.mutationField('duplicateListing', (t) =>
  t.prismaField({
    type: ListingType,
    description: 'Makes a new draft with the content of a listing.',
    authScopes: drafting,
    errors: { types: [WrongListingState, TooManyListings, ListingOwnerNotActive] },
    args: { input: t.arg({ type: inputOf('DuplicateListingInput'), required: true, description: 'The original.' }) },
    resolve: async (query, _root, { input: { id } }, { member }) =>
      written(query, await duplicateListing(member!, localId('Listing', id))),
  }),
);

const DeletedDraft = builder.objectRef<{ id: string }>('DeletedDraft').implement({
  description: 'A draft that is no more.',
  fields: (t) => ({
    id: t.id({ description: 'The id it had.', resolve: ({ id }) => globalId('Listing', id) }),
  }),
});
builder.mutationField('deleteDraft', (t) =>
  t.field({
    type: DeletedDraft,
    description: 'Deletes a draft. A listing that was ever published is withdrawn instead.',
    authScopes: drafting,
    errors: { types: [WrongListingState] },
    args: { input: t.arg({ type: inputOf('DeleteDraftInput'), required: true, description: 'The draft.' }) },
    resolve: (_root, { input: { id } }, { member }) => deleteDraft(member!, localId('Listing', id)),
  }),
);
