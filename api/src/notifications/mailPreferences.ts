import type { Member } from '../context.ts';
import { prisma } from '../db.ts';

/** Ways to be told beside the inbox, which has everything. */
export const CHANNELS = ['EMAIL'] as const;
export type Channel = (typeof CHANNELS)[number];
export interface Preference {
  kind: string;
  channels: Channel[];
}

/** What members are mailed about until they say otherwise: what they wait for, or would lose by not knowing. */
const STANDARD: Record<string, Channel[]> = {
  'listing.expiring': ['EMAIL'],
  'membership.approved': ['EMAIL'],
  'membership.rejected': ['EMAIL'],
  'membership.suspended': ['EMAIL'],
  'membership.reinstated': ['EMAIL'],
  invitation: ['EMAIL'],
  'suggestion.found': [],
};

/** True when this member is mailed about this kind. `stored` is what the member's row holds: {"<kind>": ["email"]}. */
export const wantsMail = (stored: unknown, kind: string): boolean =>
  preferencesOf(stored).some((preference) => preference.kind === kind && preference.channels.includes('EMAIL'));

/** What holds for the member: the standard, and what they chose in its place. */
export function preferencesOf(stored: unknown): Preference[] {
  const chosen = Object.entries((stored ?? {}) as Record<string, unknown>).map(
    ([kind, channels]) => [kind, channelsOf(channels)] as const,
  );
  const all = new Map<string, Channel[]>([...Object.entries(STANDARD), ...chosen]);
  return [...all].map(([kind, channels]) => ({ kind, channels }));
}

const channelsOf = (stored: unknown): Channel[] =>
  CHANNELS.filter((channel) => Array.isArray(stored) && stored.includes(channel.toLowerCase()));

/** Replaces the member's choices; a kind that is not named goes back to the standard. */
export async function setPreferences({ communityId, memberId }: Member, preferences: Preference[]) {
  const notificationPreferences = Object.fromEntries(
    preferences.map(({ kind, channels }) => [kind, channels.map((channel) => channel.toLowerCase())]),
  );
  await prisma.member.updateMany({ where: { communityId, id: memberId }, data: { notificationPreferences } });
  return preferencesOf(notificationPreferences);
}

/** What the member has chosen, with the standard where they have not. */
export async function memberPreferences({ communityId, memberId }: Member): Promise<Preference[]> {
  const member = await prisma.member.findFirst({
    where: { communityId, id: memberId },
    select: { notificationPreferences: true },
  });
  return preferencesOf(member?.notificationPreferences);
}
