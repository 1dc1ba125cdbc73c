import type { ListingKind, ListingState } from '@kith/db';
import type { Person, TestKith } from './kit.ts';

const CREATE = `mutation ($input: CreateListingInput!) { createListing(input: $input) {
  ... on Listing { id } ... on Error { code message } } }`;
const PUBLISH = `mutation ($input: PublishListingInput!) { publishListing(input: $input) {
  ... on Listing { id } ... on Error { code message } } }`;

/** The inside of a listing's global id. */
export const inner = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1]!;
export const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

/** A listing made as its author makes it: published, unless another state is asked for (then set in the table). Answers its global id. */
export async function listing(
  kith: TestKith,
  author: Person,
  {
    state = 'PUBLISHED',
    kind = 'OFFER',
    title = 'Bicycle repair',
    ...content
  }: { state?: ListingState; kind?: ListingKind; title?: string; [field: string]: unknown } = {},
): Promise<string> {
  const created = await kith.gql(CREATE, { input: { kind, title, ...content } }, author);
  const id = created.data?.createListing.id as string | undefined;
  if (!id) throw new Error(JSON.stringify(created));
  if (state === 'DRAFT') return id;
  const published = await kith.gql(PUBLISH, { input: { id } }, author);
  if (!published.data?.publishListing.id) throw new Error(JSON.stringify(published));
  if (state !== 'PUBLISHED')
    await kith.sql(
      "update listings set state = $2::listing_state, state_before_hidden = case when $2 = 'HIDDEN' then state end, hidden_reason = case when $2 = 'HIDDEN' then 'spam' end where id = $1",
      [inner(id), state],
    );
  return id;
}
