import { MemberRole } from '@kith/db';
import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { newId } from '../ids.ts';
import { OWN, RowRefused } from './cells.ts';
import { NO_ROOM } from './members.ts';
import { readMember, type MemberDraft } from './memberRows.ts';
import { attempt, differences, requireFirst, verdictOf, type Place, type StagedRow, type Verdict } from './plan.ts';

type Existing = Awaited<ReturnType<typeof membersOf>>[number];
type Columns = Partial<Existing>;

/** What is to be written for some lines, and what becomes of each. Nothing is written yet. */
export interface MemberPlan {
  verdicts: Verdict[];
  creates: (Columns & { id: string; externalId: string; displayName: string })[];
  updates: { id: string; row: Columns }[];
}

/** Decides some lines of members against what the community has. */
export async function planMembers(
  rows: StagedRow[],
  place: Place,
  existing: (wanted: Wanted) => Promise<Existing[]>,
): Promise<MemberPlan> {
  const { directory } = place;
  const read = rows.map((staged) => ({ staged, draft: attempt(() => readMember(staged.row, directory.surroundings)) }));
  const drafts = read.flatMap(({ draft }) => (draft instanceof RowRefused ? [] : draft));
  const known = await existing({
    externalIds: drafts.map(({ externalId }) => externalId),
    emails: drafts.flatMap(({ columns }) => columns.contactEmail ?? []),
  });
  const firstLines = await directory.firstLines(rows);
  const plan: MemberPlan = { verdicts: [], creates: [], updates: [] };
  for (const { staged, draft } of read) {
    plan.verdicts.push(
      verdictOf(staged.line, () => {
        if (draft instanceof RowRefused) throw draft;
        requireFirst(staged, firstLines);
        const stored = storedOf(draft, known);
        return stored ? change(plan, draft, stored) : create(plan, draft, place);
      }),
    );
  }
  return plan;
}

/** The member a line means: by external id, else the only one with its address whom no file has named yet. */
function storedOf({ externalId, columns }: MemberDraft, known: Existing[]): Existing | undefined {
  const own = OWN.exec(externalId)?.[1];
  const named = known.find((member) => member.externalId === externalId || member.id === own);
  if (named || !columns.contactEmail) return named;
  const reached = known.filter(({ contactEmail }) => contactEmail?.toLowerCase() === columns.contactEmail);
  return reached.length === 1 && reached[0]!.externalId === null ? reached[0] : undefined;
}

const IMPORTED = ['ACTIVE', 'SUSPENDED', 'APPLIED'];

function create(
  plan: MemberPlan,
  { externalId, columns, roles, state = 'ACTIVE' }: MemberDraft,
  { directory, room }: Place,
) {
  if (!IMPORTED.includes(state))
    throw new RowRefused(`state: a new member is active, suspended or applied, not ${state.toLowerCase()}.`);
  const placed = plan.creates.filter((member) => member.state !== 'APPLIED').length;
  if (state !== 'APPLIED' && placed >= room) throw new RowRefused(NO_ROOM);
  const now = clock.now();
  plan.creates.push({
    locale: directory.surroundings.locale,
    ...columns,
    id: newId(),
    externalId,
    roles: roles ?? ['MEMBER'],
    state,
    appliedAt: now,
    admittedAt: state === 'APPLIED' ? null : now,
    suspendedAt: state === 'SUSPENDED' ? now : null,
    createdAt: now,
    updatedAt: now,
  });
  return { outcome: 'CREATED' as const, reason: null, newMember: state === 'APPLIED' ? null : externalId };
}

function change(plan: MemberPlan, { externalId, derived, columns, roles, state }: MemberDraft, stored: Existing) {
  if (stored.erasedAt) throw new RowRefused('This member was erased and stays so; give the line another external id.');
  if (state && state !== stored.state)
    throw new RowRefused(
      `state: the member is ${stored.state.toLowerCase()} here. An operator changes that in the console, with a reason.`,
    );
  if (roles && roles.join() !== [...stored.roles].sort(byRole).join())
    throw new RowRefused(
      `roles: the member has ${stored.roles.join('|').toLowerCase()} here. An operator changes that in the console.`,
    );
  const isNewId = stored.externalId === null && !derived && !OWN.test(externalId);
  const row: Columns = { ...differences<Columns>(stored, columns), ...(isNewId && { externalId }) };
  if (!Object.keys(row).length) return { outcome: 'UNCHANGED' as const, reason: null, newMember: null };
  if (stored.userId && Object.keys(row).some((key) => key !== 'externalId'))
    return {
      outcome: 'UNCHANGED' as const,
      reason: 'This member signs in by now and keeps the profile: nothing of it was changed.',
      newMember: null,
    };
  plan.updates.push({ id: stored.id, row: { ...row, updatedAt: clock.now() } });
  return { outcome: 'UPDATED' as const, reason: null, newMember: null };
}

const ROLES: string[] = Object.values(MemberRole);
const byRole = (a: string, b: string) => ROLES.indexOf(a) - ROLES.indexOf(b);

interface Wanted {
  externalIds: string[];
  emails: string[];
}
/** The members that files call by these ids or addresses. */
export const membersOf = (tx: Pick<Tx, 'member'>, communityId: string, { externalIds, emails }: Wanted) =>
  tx.member.findMany({
    where: {
      communityId,
      OR: [
        { externalId: { in: externalIds } },
        { id: { in: externalIds.flatMap((text) => OWN.exec(text)?.[1] ?? []) } },
        { contactEmail: { in: emails }, erasedAt: null },
      ],
    },
  });
