import type { Sql } from '@kith/db';
import { NO_COMMUNITY } from '@kith/db';
import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';

/** Whether the member keeps the ledger and sees all of it. */
export const keepsLedger = (member: Member) => member.state === 'ACTIVE' && can(member.roles, 'ledgerRead');

/** Accounts a member may look at: their own, or all of the community for those who keep the ledger. */
export const accountsSeenBy = (member: Member | null): Sql.AccountWhereInput => ({
  communityId: member?.communityId ?? NO_COMMUNITY,
  ...(!member || keepsLedger(member) ? {} : { memberId: member.memberId }),
});

/** Entries a member may look at: those that touch an account of theirs or that they made, or all for those who keep the ledger. */
export const entriesSeenBy = (member: Member | null): Sql.JournalEntryWhereInput => ({
  communityId: member?.communityId ?? NO_COMMUNITY,
  ...(!member || keepsLedger(member)
    ? {}
    : { OR: [{ actorId: member.memberId }, { postings: { some: { account: { memberId: member.memberId } } } }] }),
});

/** Whether the member may see what is on an account with that owner. */
export const seesAccount = (member: Member | null, ownerId: string | null): boolean =>
  member !== null && (keepsLedger(member) || (ownerId !== null && ownerId === member.memberId));
