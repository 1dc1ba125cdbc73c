import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { newId } from '../ids.ts';
import { lastDay } from '../listings/publication.ts';
import { LISTING_ACTIONS, stateAfter } from '../listings/lifecycle.ts';
import { LISTING_LIMITS } from '../listings/content.ts';
import { OWN, RowRefused } from './cells.ts';
import type { CategoryNode, Directory } from './directory.ts';
import { readListing, type ListingDraft } from './listingRows.ts';
import { Owners, namesOf } from './members.ts';
import {
  attempt,
  differences,
  requireFirst,
  verdictOf,
  type ImportOptions,
  type Place,
  type StagedRow,
  type Verdict,
} from './plan.ts';

type Existing = Awaited<ReturnType<typeof listingsOf>>[number];
type Columns = Partial<Omit<Existing, 'categories'>>;

/** What is to be written for some lines, and what becomes of each. Nothing is written yet. */
export interface ListingPlan {
  verdicts: Verdict[];
  owners: Owners;
  creates: {
    row: Columns & { id: string; memberId: string; kind: Existing['kind']; title: string };
    categoryIds: string[];
  }[];
  updates: { id: string; version: number; row: Columns; categoryIds: string[] | undefined }[];
  /** Listings that search and matching have to look at. */
  touched: string[];
}

/** Decides some lines of listings against what the community has. */
export async function planListings(
  rows: StagedRow[],
  place: Place,
  existing: (externalIds: string[]) => Promise<Existing[]>,
): Promise<ListingPlan> {
  const { directory, options, room } = place;
  const read = rows.map((staged) => ({
    staged,
    draft: attempt(() => readListing(staged.row, directory.surroundings)),
  }));
  const drafts = read.flatMap(({ draft }) => (draft instanceof RowRefused ? [] : draft));
  const [known, members, firstLines] = [
    await existing(drafts.map(({ externalId }) => externalId)),
    await directory.members(namesOf(drafts)),
    await directory.firstLines(rows),
  ];
  const byExternalId = new Map(known.map((listing) => [listing.externalId, listing]));
  const byId = new Map(known.map((listing) => [listing.id, listing]));
  const plan: ListingPlan = {
    verdicts: [],
    owners: new Owners(members, { placeholders: options.placeholderMembers, room }),
    creates: [],
    updates: [],
    touched: [],
  };
  const told = await toldBy(
    drafts.filter(({ externalId }) => !byExternalId.has(externalId)),
    place,
  );
  for (const { staged, draft } of read) {
    plan.verdicts.push(
      verdictOf(staged.line, () => {
        if (draft instanceof RowRefused) throw draft;
        requireFirst(staged, firstLines);
        const stored = byExternalId.get(draft.externalId) ?? byId.get(OWN.exec(draft.externalId)?.[1] ?? '');
        return stored ? change(plan, draft, stored, place) : create(plan, draft, place, told.get(draft));
      }),
    );
  }
  return plan;
}

type Told = Awaited<ReturnType<NonNullable<Place['understand']>>>[number];

/** What their texts tell of new listings whose lines name no category or no language. */
async function toldBy(drafts: ListingDraft[], { understand, directory }: Place): Promise<Map<ListingDraft, Told>> {
  const silent = drafts.filter((draft) => !draft.content.language || isUnplaced(draft));
  if (!understand || !silent.length) return new Map();
  const texts = silent.map((draft) => ({
    title: draft.content.title ?? '',
    description: draft.content.description ?? '',
    isUnplaced: isUnplaced(draft),
  }));
  const told = await understand(texts, directory.surroundings.locale);
  return new Map(silent.map((draft, index) => [draft, told[index]!]));
}

const isUnplaced = ({ category, labels }: ListingDraft) => !category && !labels?.length;

function create(
  plan: ListingPlan,
  given: ListingDraft,
  { directory, options }: Place,
  told: Told = {},
): Omit<Verdict, 'line'> {
  const { draft, filled } = withCategory(given, told, directory);
  const { surroundings, categories } = directory;
  const { kind, content, externalId, note, state = 'PUBLISHED' } = draft;
  if (state === 'HIDDEN') throw new RowRefused('state: only a moderator hides a listing, with a reason.');
  const now = clock.now();
  const last = lastDay(kind, now, surroundings.policies);
  if (state === 'PUBLISHED') requireExpiry(draft.expiresAt, now, last);
  const { categoryId, all } = categoriesOfDraft(draft, null, { categories, options });
  const { id: memberId, newMember } = plan.owners.ownerOf(draft);
  const id = newId();
  plan.creates.push({
    row: {
      language: told.language ?? surroundings.locale.split(/[-_]/)[0]!.toLowerCase(),
      languageDetected: !content.language && told.language !== undefined,
      ...content,
      title: content.title!,
      categoryId,
      id,
      memberId,
      kind,
      state,
      externalId,
      publishedAt: state === 'DRAFT' ? null : now,
      expiresAt: state === 'DRAFT' ? null : (draft.expiresAt ?? last),
      createdAt: now,
      updatedAt: now,
    },
    categoryIds: all,
  });
  if (state === 'PUBLISHED') plan.touched.push(id);
  return { outcome: 'CREATED', reason: [note, filled].filter(Boolean).join(' ') || null, newMember };
}

/** An empty category is filled in where the text says surely enough which; the report tells it, so that an operator can look. */
function withCategory(draft: ListingDraft, { categoryKey }: Told, { categories }: Directory) {
  const found = isUnplaced(draft) && categoryKey ? categories.find(categoryKey) : undefined;
  if (!found || found.archivedAt) return { draft, filled: null };
  const filled = `category: "${found.name}" was filled in, going by the title.`;
  return { draft: { ...draft, category: found.key }, filled };
}

function change(
  plan: ListingPlan,
  draft: ListingDraft,
  stored: Existing,
  { directory, options }: Place,
): Omit<Verdict, 'line'> {
  const { categories, surroundings } = directory;
  if (draft.kind !== stored.kind)
    throw new RowRefused(
      `kind: this is ${stored.kind === 'OFFER' ? 'an offer' : 'a want'} here; give the line another external id.`,
    );
  if (draft.member && plan.owners.named(draft.member)?.id !== stored.memberId)
    throw new RowRefused('member: this listing belongs to another member here; give the line another external id.');
  const standing = stored.categories.map(({ categoryId }) => categoryId);
  const { categoryId, all } = categoriesOfDraft(
    draft,
    { main: stored.categoryId, all: standing },
    { categories, options },
  );
  const row: Columns = differences<Columns>(stored, {
    ...draft.content,
    categoryId,
    ...ending(draft, stored, surroundings.policies),
  });
  const categoriesChange = [...all].sort().join() !== [...standing].sort().join();
  const state = row.state ?? stored.state;
  if (!Object.keys(row).length && !categoriesChange)
    return { outcome: 'UNCHANGED', reason: draft.note, newMember: null };
  if (!stateAfter('edit', stored) || stored.state === 'HIDDEN')
    throw new RowRefused(`This listing is ${stored.state.toLowerCase()} here and is changed no more.`);
  plan.updates.push({
    id: stored.id,
    version: stored.version,
    row: { ...row, updatedAt: clock.now() },
    categoryIds: categoriesChange ? all : undefined,
  });
  if (state === 'PUBLISHED' || stored.state === 'PUBLISHED') plan.touched.push(stored.id);
  return { outcome: 'UPDATED', reason: draft.note, newMember: null };
}

/** The state and the end a line wishes for a listing that is there; only steps that its members could take too. */
function ending({ state = undefined, expiresAt }: ListingDraft, stored: Existing, policies: unknown): Columns {
  const isSameEnd = expiresAt === undefined || expiresAt.getTime() === stored.expiresAt?.getTime();
  if ((!state || state === stored.state) && isSameEnd) return {};
  const now = clock.now();
  const after = state ?? stored.state;
  const steps = LISTING_ACTIONS.filter((step) => step !== 'hide' && step !== 'unhide');
  if (after !== stored.state && !steps.some((step) => stateAfter(step, stored) === after))
    throw new RowRefused(
      `state: this listing is ${stored.state.toLowerCase()} here and cannot become ${after.toLowerCase()}.`,
    );
  if (after !== 'PUBLISHED') return { state: after, ...(expiresAt && { expiresAt }) };
  const last = lastDay(stored.kind, now, policies);
  if (!isSameEnd) requireExpiry(expiresAt, now, last);
  const isOver = stored.expiresAt === null || stored.expiresAt <= now;
  return {
    state: after,
    expiresAt: isSameEnd ? (isOver ? last : stored.expiresAt) : expiresAt!,
    remindedAt: null,
    ...(!stored.publishedAt && { publishedAt: now }),
  };
}

function requireExpiry(expiresAt: Date | undefined, now: Date, last: Date) {
  if (expiresAt && (expiresAt <= now || expiresAt > last))
    throw new RowRefused(
      `expires_at: lies after now and not after ${last.toISOString().slice(0, 10)}, the longest this community allows. Leave it empty for that.`,
    );
}

/** The main category and all of them, main one first. The column category names the main one; without it the first label does. */
function categoriesOfDraft(
  { category, labels }: ListingDraft,
  stored: { main: string | null; all: string[] } | null,
  { categories, options }: { categories: Directory['categories']; options: ImportOptions },
): { categoryId: string | null; all: string[] } {
  if (labels && labels.length > LISTING_LIMITS.furtherCategories)
    throw new RowRefused(`labels: takes at most ${LISTING_LIMITS.furtherCategories} entries.`);
  const find = (text: string, parent?: CategoryNode) => {
    const found =
      categories.find(text, parent) ?? (options.createMissingCategories ? categories.make(text, parent) : undefined);
    if (!found)
      throw new RowRefused(
        `The community has no category "${text}". Add it, or ask for missing categories to be made.`,
      );
    if (found.archivedAt && !stored?.all.includes(found.id))
      throw new RowRefused(`The category "${text}" is no longer used here: choose another one.`);
    return found;
  };
  const named = category ? find(category) : undefined;
  const further = labels?.map((label) => find(label, named).id);
  const main = category === undefined && stored ? stored.main : (named?.id ?? further?.[0] ?? null);
  const kept = stored?.all.filter((id) => id !== stored.main) ?? [];
  return { categoryId: main, all: [...new Set([...(main ? [main] : []), ...(main ? (further ?? kept) : [])])] };
}

/** The listings of the community that files call by these external ids. */
export const listingsOf = (tx: Pick<Tx, 'listing'>, communityId: string, externalIds: string[]) =>
  tx.listing.findMany({
    where: {
      communityId,
      OR: [
        { externalId: { in: externalIds } },
        { id: { in: externalIds.flatMap((text) => OWN.exec(text)?.[1] ?? []) } },
      ],
    },
    include: { categories: { select: { categoryId: true } } },
  });
