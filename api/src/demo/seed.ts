import type { Sql } from '@kith/db';
import { defaultCategories } from '../communities/defaultCategories.ts';
import { grantOnAdmission } from '../coinage/grants.ts';
import { clock } from '../clock.ts';
import { inCommunity, outsideCommunities, type Tx } from '../db.ts';
import { newId } from '../ids.ts';
import { writeListings } from '../imports/apply.ts';
import type { Row } from '../imports/columns.ts';
import { directoryOf } from '../imports/directory.ts';
import { listingId } from '../imports/listingRows.ts';
import { planListings } from '../imports/listingPlan.ts';
import { readMember } from '../imports/memberRows.ts';
import type { ImportOptions } from '../imports/plan.ts';
import alderValley from './alderValley.json' with { type: 'json' };
import harbourLane from './harbourLane.json' with { type: 'json' };
import zarechye from './zarechye.json' with { type: 'json' };

export const demoCommunities = [harbourLane, alderValley, zarechye];
type DemoCommunity = (typeof demoCommunities)[number];

export const ADMINISTRATOR = { email: 'admin@kith.example', name: 'Kit Administrator' };
export const demoEmails = [
  ADMINISTRATOR.email,
  ...demoCommunities.flatMap(({ members }) => members.map(({ email }) => email)),
];

const OPTIONS: ImportOptions = { createMissingCategories: false, placeholderMembers: 'NONE', invite: false };

/** Makes the demo's people and communities that are not there yet; each community in one transaction. */
export async function seedDemo(passwordHash: string): Promise<void> {
  await outsideCommunities((tx) =>
    tx.user.createMany({
      data: [{ ...userRow(ADMINISTRATOR, passwordHash), platformAdministrator: true }],
      skipDuplicates: true,
    }),
  );
  for (const community of demoCommunities) {
    const id = newId();
    await inCommunity(id, async (tx) => {
      if (await tx.community.count({ where: { slug: community.slug } })) return;
      await writeCommunity(tx, id, community);
      await writeMembers(tx, id, { community, passwordHash });
      await writeDirectory(tx, id, community);
    });
  }
}

async function writeCommunity(
  tx: Tx,
  id: string,
  { currency, charter, policies, members: _members, listings: _listings, ...rest }: DemoCommunity,
) {
  const { code: currencyCode, name: currencyName, symbol: currencySymbol, scale: currencyScale } = currency;
  const createdAt = clock.now();
  await tx.community.create({
    // Strangers may look at what there is; that is what a demo is for.
    data: {
      ...rest,
      id,
      currencyCode,
      currencyName,
      currencySymbol,
      currencyScale,
      policies: { publicListings: true, ...policies },
      charterVersion: 1,
      createdAt,
    },
  });
  await tx.charter.create({ data: { communityId: id, version: 1, text: charter, publishedAt: createdAt } });
  await tx.category.createMany({ data: defaultCategories(id, rest.locale) });
}

async function writeMembers(
  tx: Tx,
  communityId: string,
  { community, passwordHash }: { community: DemoCommunity; passwordHash: string },
) {
  const { members, locale } = community;
  const users = members.map((member) => ({ ...userRow(member, passwordHash), locale }));
  await tx.user.createMany({ data: users, skipDuplicates: true });
  // Somebody may have had the address before: then the place is theirs.
  const known = await tx.user.findMany({
    where: { email: { in: users.map(({ email }) => email) } },
    select: { id: true, email: true },
  });
  const now = clock.now();
  const rows = members.map((member) => {
    const { externalId, columns, roles = ['MEMBER'] } = readMember(member, { locale });
    const userId = known.find(({ email }) => email === member.email)!.id;
    return {
      locale,
      ...columns,
      roles,
      communityId,
      id: newId(),
      externalId,
      userId,
      state: 'ACTIVE',
      charterVersion: 1,
      admittedAt: now,
      createdAt: now,
    } satisfies Sql.MemberCreateManyInput;
  });
  await tx.member.createMany({ data: rows });
  for (const { id: memberId } of rows) await grantOnAdmission(tx, { communityId, memberId });
}

async function writeDirectory(tx: Tx, communityId: string, { listings, locale }: DemoCommunity) {
  const staged = listings.map((listing, index) => {
    const row = { ...listing, language: locale } as Row;
    return { line: index + 1, row, externalId: listingId(row) };
  });
  const directory = await directoryOf(tx, { communityId, id: communityId });
  const plan = await planListings(staged, { directory, options: OPTIONS, room: 0 }, async () => []);
  const refused = plan.verdicts.find(({ outcome }) => outcome !== 'CREATED');
  if (refused)
    throw new Error(`The demo's listing ${refused.line} of ${listings[0]!.title} and others: ${refused.reason}`);
  await writeListings(tx, communityId, plan, directory.categories);
}

const userRow = ({ email, name }: { email: string; name: string }, passwordHash: string) => ({
  id: newId(),
  email,
  name,
  passwordHash,
  emailVerifiedAt: clock.now(),
  createdAt: clock.now(),
});
