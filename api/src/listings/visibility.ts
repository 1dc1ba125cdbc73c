import type { ListingState, Sql } from '@kith/db';
import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';

type Viewer = Member | null;
const isActive = (viewer: Viewer) => viewer?.state === 'ACTIVE';

/** Moderators see every listing. */
export const mayModerate = (viewer: Viewer) => isActive(viewer) && can(viewer!.roles, 'listingsModerate');

/** Brokers and operators write for members who are offline. */
export const mayActFor = (viewer: Viewer) => isActive(viewer) && can(viewer!.roles, 'listingsActFor');

/** Which listings of their community the viewer may see: what is published, their own in every state, more by role. */
export function visibleTo(viewer: Viewer): Sql.ListingWhereInput {
  if (!viewer) return { id: { in: [] } };
  if (mayModerate(viewer)) return {};
  const own: Sql.ListingWhereInput = { memberId: viewer.memberId };
  if (mayActFor(viewer)) return { OR: [own, { state: { not: 'HIDDEN' } }] };
  return isActive(viewer) ? { OR: [own, { state: 'PUBLISHED' }] } : own;
}

/** Whether the viewer may write this listing: its author, and who acts for others unless a moderator has hidden it. */
export function mayWrite(viewer: Member, listing: { memberId: string; state: ListingState }): boolean {
  if (listing.memberId === viewer.memberId) return true;
  return mayActFor(viewer) && (listing.state !== 'HIDDEN' || mayModerate(viewer));
}

/** The exact place is for the author and who writes for them; others get about a kilometre. */
export const seesExactPlace = (viewer: Viewer, memberId: string) => viewer?.memberId === memberId || mayActFor(viewer);

/** About a kilometre: two decimals of a degree. */
export const roundedDegrees = (degrees: number) => Math.round(degrees * 100) / 100;
