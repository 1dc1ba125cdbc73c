import type { MemberRole } from '@kith/db';

/** What a role may do beyond an ordinary member. The one table: resolvers name a capability, never a role. */
const capabilities = {
  communityEdit: ['OPERATOR'],
  charterPublish: ['OPERATOR'],
  categoriesEdit: ['OPERATOR', 'MODERATOR'],
  synonymsEdit: ['OPERATOR', 'MODERATOR'],
  membersList: ['OPERATOR', 'MODERATOR', 'TREASURER', 'BROKER'],
  membersSeeContact: ['OPERATOR', 'BROKER'],
  membersDecide: ['OPERATOR'],
  membersSuspend: ['OPERATOR', 'MODERATOR'],
  membersGrantRoles: ['OPERATOR'],
  membersErase: ['OPERATOR'],
  membersInviteMany: ['OPERATOR', 'BROKER'],
  listingsModerate: ['OPERATOR', 'MODERATOR'],
  listingsActFor: ['OPERATOR', 'BROKER'],
  importRun: ['OPERATOR'],
  exportRun: ['OPERATOR'],
  ledgerRead: ['OPERATOR', 'TREASURER'],
  ledgerReverse: ['OPERATOR', 'TREASURER'],
  creditLimitSet: ['OPERATOR', 'TREASURER'],
  demurrageStart: ['OPERATOR', 'TREASURER'],
  treasurySpend: ['OPERATOR', 'TREASURER'],
  paymentsActFor: ['OPERATOR', 'BROKER'],
  coinageRead: ['OPERATOR', 'TREASURER', 'MODERATOR'],
  coinageGrant: ['OPERATOR'],
  coinageVoid: ['OPERATOR', 'MODERATOR'],
  foundersAppoint: ['OPERATOR'],
  karmaRead: ['OPERATOR', 'MODERATOR'],
  karmaAward: ['OPERATOR', 'MODERATOR'],
  karmaRulesSet: ['OPERATOR'],
  tradesRead: ['OPERATOR', 'MODERATOR', 'BROKER'],
  tradesActFor: ['OPERATOR', 'BROKER'],
  tradesUndo: ['OPERATOR'],
  disputesResolve: ['OPERATOR', 'MODERATOR'],
  reviewsModerate: ['OPERATOR', 'MODERATOR'],
  auditRead: ['OPERATOR', 'TREASURER', 'MODERATOR'],
  dashboardRead: ['OPERATOR', 'MODERATOR', 'TREASURER', 'BROKER'],
  matchingExplain: ['OPERATOR', 'MODERATOR'],
} satisfies Record<string, MemberRole[]>;
export type Capability = keyof typeof capabilities;

/** True when one of the roles carries the capability. */
export const can = (roles: readonly MemberRole[], capability: Capability): boolean =>
  (capabilities[capability] as MemberRole[]).some((role) => roles.includes(role));

/** Every capability of these roles, for a client that shows or greys out what somebody may do. */
export const capabilitiesOf = (roles: readonly MemberRole[]) =>
  (Object.keys(capabilities) as Capability[]).filter((capability) => can(roles, capability));
