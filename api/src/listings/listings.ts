import { createHash } from 'node:crypto';
import type { ListingKind, MemberState } from '@kith/db';
import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, isUniqueViolation } from '../db.ts';
import { badInput, forbidden } from '../errors.ts';
import { newId } from '../ids.ts';
import { requireCategories, setCategories } from './categories.ts';
import { announce } from './changes.ts';
import { contentRow, primaryTag, type Content } from './content.ts';
import { detectedLanguage } from './language.ts';
import { stateAfter } from './lifecycle.ts';
import { holdOwner, recordActingFor, requirePlace, writable, type ListingRow } from './owners.ts';
import { ListingChanged, ListingIdReused, WrongListingState } from './refusals.ts';
import { surroundingsOf } from './surroundings.ts';
import { mayActFor } from './visibility.ts';

export interface ListingRef {
  communityId: string;
  id: string;
}
/** Applicants prepare the listings their admission may ask for. */
const DRAFTING: MemberState[] = ['APPLIED', 'ACTIVE'];

/** Makes a draft, once per id: the same request again repeats the answer, another one with this id is refused. */
export async function createListing(
  viewer: Member,
  {
    id = newId(),
    memberId = viewer.memberId,
    kind,
    content,
  }: { id?: string; memberId?: string; kind: ListingKind; content: Content & { title: string } },
): Promise<ListingRef> {
  const { communityId } = viewer;
  if (memberId !== viewer.memberId && !mayActFor(viewer)) throw forbidden('writing listings for other members');
  const owner = { communityId, memberId };
  const detected = content.language ? undefined : await detectedLanguage(viewer, content);
  const create = () =>
    inCommunity(viewer, async (tx) => {
      const surroundings = await surroundingsOf(tx, communityId);
      const row = contentRow(content, surroundings);
      const categoryIds = categoriesAfter(null, content);
      const createdFrom = fingerprint({ memberId, kind, row, categoryIds });
      await holdOwner(tx, owner, DRAFTING);
      const known = await tx.listing.findUnique({ where: { communityId_id: { communityId, id } } });
      if (known) {
        if (!known.createdFrom || !createdFrom.equals(known.createdFrom)) throw new ListingIdReused();
        return;
      }
      await requirePlace(tx, owner, 'DRAFT');
      await requireCategories(tx, communityId, categoryIds);
      const language = detected ?? primaryTag(surroundings.locale);
      const now = clock.now();
      await tx.listing.create({
        data: {
          ...row,
          ...(!content.language && { language, languageDetected: detected !== undefined }),
          title: content.title,
          ...owner,
          id,
          kind,
          createdFrom,
          createdAt: now,
          updatedAt: now,
        },
      });
      await setCategories(tx, { communityId, id }, categoryIds);
      await recordActingFor(tx, viewer, 'create', { id, memberId });
    });
  try {
    await create();
  } catch (error) {
    // Two members chose the same id in the same moment.
    if (isUniqueViolation(error)) throw new ListingIdReused();
    throw error;
  }
  return { communityId, id };
}

/** Writes new content, if nobody else has since the version the client has seen. What is left out stays. */
export async function updateListing(
  viewer: Member,
  { id, version, content }: { id: string; version: number; content: Content },
): Promise<ListingRef> {
  const { communityId } = viewer;
  const isRewritten = content.language === undefined && Boolean(content.title);
  const detected = isRewritten ? await detectedLanguage(viewer, content) : undefined;
  return inCommunity(viewer, async (tx) => {
    const listing = await writable(tx, viewer, id);
    const { state } = listing;
    if (!stateAfter('edit', listing)) throw new WrongListingState(state);
    const row = {
      ...contentRow(content, await surroundingsOf(tx, communityId)),
      ...(listing.languageDetected && detected && { language: detected }),
    };
    const before = listing.categories.map(({ categoryId }) => categoryId);
    const after = categoriesAfter(listing, content);
    const added = after.filter((categoryId) => !before.includes(categoryId));
    await requireCategories(tx, communityId, added);
    const { count } = await tx.listing.updateMany({
      where: { communityId, id, version, state },
      data: { ...row, version: { increment: 1 }, updatedAt: clock.now() },
    });
    if (count === 0) {
      const current = await writable(tx, viewer, id);
      throw current.version === version ? new WrongListingState(current.state) : new ListingChanged(current.version);
    }
    if (added.length || after.length < before.length) await setCategories(tx, listing, after);
    await recordActingFor(tx, viewer, 'update', listing);
    await announce(tx, { ...listing, before: state, after: state });
    return { communityId, id };
  });
}

/** Makes a new draft of the same member with the same content. */
export async function duplicateListing(viewer: Member, id: string): Promise<ListingRef> {
  return inCommunity(viewer, async (tx) => {
    const { categories, ...original } = await writable(tx, viewer, id);
    if (!stateAfter('duplicate', original)) throw new WrongListingState(original.state);
    await holdOwner(tx, original, DRAFTING);
    await requirePlace(tx, original, 'DRAFT');
    const now = clock.now();
    const copy = {
      ...original,
      id: newId(),
      state: 'DRAFT' as const,
      version: 1,
      createdFrom: null,
      externalId: null,
      publishedAt: null,
      expiresAt: null,
      remindedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    await tx.listing.create({ data: copy });
    await setCategories(
      tx,
      copy,
      categories.map(({ categoryId }) => categoryId),
    );
    await recordActingFor(tx, viewer, 'duplicate', copy);
    return copy;
  });
}

/** Deletes a draft. What was ever published stays, because others may have answered it. */
export async function deleteDraft(viewer: Member, id: string): Promise<ListingRef> {
  return inCommunity(viewer, async (tx) => {
    const listing = await writable(tx, viewer, id);
    const { count } = await tx.listing.deleteMany({
      where: { communityId: viewer.communityId, id, state: 'DRAFT' },
    });
    if (!stateAfter('delete', listing) || count === 0) throw new WrongListingState(listing.state);
    await recordActingFor(tx, viewer, 'delete', listing);
    return listing;
  });
}

/** The main category, then the further ones; further ones alone are rejected. */
function categoriesAfter(listing: ListingRow | null, { categoryId, furtherCategoryIds }: Content): string[] {
  const main = categoryId === undefined ? (listing?.categoryId ?? null) : categoryId;
  const kept = listing?.categories.map((category) => category.categoryId).filter((id) => id !== listing.categoryId);
  const further = furtherCategoryIds === undefined ? (kept ?? []) : (furtherCategoryIds ?? []);
  if (main === null && further.length)
    throw badInput('Further categories need a main one: give categoryId.', 'categoryId');
  return [...new Set(main === null ? [] : [main, ...further])];
}

const fingerprint = (content: object) =>
  createHash('sha256')
    .update(JSON.stringify(content, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)))
    .digest();
