import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { tellChange } from '../communities/membership.ts';
import { setCategories } from '../listings/categories.ts';
import { phrase } from '../texts/text.ts';
import { ChangedMeanwhile, inBatches, type Import } from './batches.ts';
import { directoryOf, type Categories } from './directory.ts';
import { listingsOf, planListings, type ListingPlan } from './listingPlan.ts';
import type { Placeholder } from './members.ts';
import { membersOf, planMembers, type MemberPlan } from './memberPlan.ts';
import type { ImportOptions, StagedRow } from './plan.ts';
import type { ImportRef } from './staging.ts';
import { understand } from './understand.ts';
import { countsOf, roomFor, writeVerdicts } from './verdicts.ts';

// Decides every line again, because the community went on living since the check, and writes it with its verdict in one transaction.
defineJob<ImportRef & { [key: string]: unknown }>('import.apply', ({ communityId, importId }) =>
  applyImport({ communityId, importId }),
);

/** Goes on with an import that was started, from wherever it is; `turnMs` is when another job takes over. */
export const applyImport = (at: ImportRef, turn?: { turnMs: number }) =>
  inBatches(at, { job: 'import.apply', state: 'APPLYING', batch, finish }, turn);

async function batch(tx: Tx, row: Import, rows: StagedRow[]) {
  const { communityId, id: importId } = row;
  const options = row.options as unknown as ImportOptions;
  const place = { directory: await directoryOf(tx, row), options, room: await roomFor(tx, communityId), understand };
  let verdicts;
  if (row.kind === 'LISTINGS') {
    const plan = await planListings(rows, place, (ids) => listingsOf(tx, communityId, ids));
    await writeListings(tx, communityId, plan, place.directory.categories);
    verdicts = plan.verdicts;
  } else {
    const plan = await planMembers(rows, place, (wanted) => membersOf(tx, communityId, wanted));
    await writeMembers(tx, communityId, plan);
    await inviteLater(tx, { communityId, importId }, options.invite ? plan.creates : []);
    verdicts = plan.verdicts;
  }
  await writeVerdicts(tx, { communityId, importId }, { verdicts, done: true });
  const { rowsCreated, rowsUpdated, rowsUnchanged, rowsRefused } = countsOf(verdicts);
  return {
    rowsDone: { increment: rows.length },
    rowsCreated: { increment: rowsCreated },
    rowsUpdated: { increment: rowsUpdated },
    rowsUnchanged: { increment: rowsUnchanged },
    rowsRefused: { increment: rowsRefused },
  };
}

async function finish(tx: Tx, { communityId, id, startedBy, fileName, rowsTotal, rowsRefused }: Import) {
  if (startedBy) {
    const notice = {
      memberId: startedBy,
      kind: 'import.done',
      key: `import.done:${id}`,
      title: phrase('import.done', { file: fileName || 'CSV' }),
      body: phrase('import.done.body', { taken: rowsTotal - rowsRefused, total: rowsTotal, refused: rowsRefused }),
      subject: { type: 'Import', id },
    };
    await enqueue(tx, 'notify', { communityId, notices: [notice] });
  }
  return { state: 'DONE' as const, finishedAt: clock.now() };
}

/** Writes what was decided: categories, placeholder members, listings, and one job for those to be indexed and matched. */
export async function writeListings(
  tx: Tx,
  communityId: string,
  { owners, creates, updates, touched }: ListingPlan,
  categories: Categories,
) {
  const used = new Set([...creates, ...updates].flatMap(({ categoryIds }) => categoryIds ?? []));
  // A line that was refused later leaves no category behind; a parent that is new itself is made before its children.
  for (const { id, parentId } of [...categories.made].reverse()) if (used.has(id) && parentId) used.add(parentId);
  await tx.category.createMany({
    data: categories.made
      .filter(({ id }) => used.has(id))
      .map((category) => ({ ...category, communityId, createdAt: clock.now() })),
  });
  await writePlaceholders(tx, communityId, [...owners.made.values()]);
  await tx.listing.createMany({ data: creates.map(({ row }) => ({ ...row, communityId })) });
  await tx.listingCategory.createMany({
    data: creates.flatMap(({ row, categoryIds }) =>
      categoryIds.map((categoryId) => ({ communityId, listingId: row.id, categoryId })),
    ),
  });
  for (const { id, version, row, categoryIds } of updates) {
    const { count } = await tx.listing.updateMany({
      where: { communityId, id, version },
      data: { ...row, version: { increment: 1 } },
    });
    if (!count) throw new ChangedMeanwhile();
    if (categoryIds) await setCategories(tx, { communityId, id }, categoryIds);
  }
  // One job for the batch: search and matching take many listings at once.
  if (touched.length) await enqueue(tx, 'listings.imported', { communityId, listingIds: touched });
}

async function writePlaceholders(tx: Tx, communityId: string, placeholders: Placeholder[]) {
  const now = clock.now();
  const state = 'ACTIVE' as const;
  await tx.member.createMany({
    data: placeholders.map((placeholder) => ({
      ...placeholder,
      communityId,
      state,
      admittedAt: now,
      createdAt: now,
      updatedAt: now,
    })),
  });
}

async function writeMembers(tx: Tx, communityId: string, { creates, updates }: MemberPlan) {
  await tx.member.createMany({
    data: creates.map(({ notificationPreferences: _standard, ...row }) => ({ ...row, communityId })),
  });
  for (const { id, row } of updates) {
    const { notificationPreferences: _kept, ...data } = row;
    // Who signed in since the plan was made keeps their profile.
    const { count } = await tx.member.updateMany({
      where: { communityId, id, ...(keepsProfile(data) && { userId: null }) },
      data,
    });
    if (!count) throw new ChangedMeanwhile();
    await tellChange(tx, { communityId, memberId: id });
  }
}
const keepsProfile = (data: object) => Object.keys(data).some((key) => key !== 'externalId' && key !== 'updatedAt');

const inviteLater = async (tx: Tx, { communityId, importId }: ImportRef, members: MemberPlan['creates']) => {
  const memberIds = members.filter(({ contactEmail }) => contactEmail).map(({ id }) => id);
  if (memberIds.length)
    await enqueue(tx, 'import.invite', { communityId, importId, memberIds }, { queue: `import.invite:${importId}` });
};
