import type { Acquaintance } from './score.ts';

type Known = ReadonlyMap<string, number>;

/** What is known of members by their dealings, 0…1; ½ speaks neither for nor against. Of whom nothing is known is missing. */
export interface Knowledge {
  reputations(communityId: string, memberIds: string[]): Promise<Known>;
  /** What the member and each of the others thought of the trades they had with each other, as far as both may read it. */
  dealings(communityId: string, memberId: string, otherIds: string[]): Promise<Known>;
}

let knowledge: Knowledge | undefined;
/** Whoever knows members by their dealings says it here, once. */
export function defineAcquaintance(known: Knowledge) {
  if (knowledge) throw new Error('What is known of members is defined twice.');
  knowledge = known;
}

export interface Meeting {
  memberId: string;
  /** Whether it is the member who provides, or each of the others. */
  provides: boolean;
  otherIds: string[];
}

/** How a member and each of the others know each other, asked of all at once. */
export async function acquaintances(
  communityId: string,
  { memberId, provides, otherIds }: Meeting,
): Promise<(otherId: string) => Acquaintance> {
  const others = [...new Set(otherIds)];
  if (!knowledge || !others.length) return () => ({});
  const [reputations, dealings] = await Promise.all([
    knowledge.reputations(communityId, provides ? [memberId] : others),
    knowledge.dealings(communityId, memberId, others),
  ]);
  return (otherId) => ({
    reputation: reputations.get(provides ? memberId : otherId) ?? null,
    dealings: dealings.get(otherId) ?? null,
  });
}
