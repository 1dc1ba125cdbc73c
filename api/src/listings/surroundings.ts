import { prisma, type Tx } from '../db.ts';

const select = {
  id: true,
  locale: true,
  timeZone: true,
  currencyCode: true,
  currencyScale: true,
  policies: true,
} as const;

/** What a listing takes from its community: the currency, the language, the rules. */
export const surroundingsOf = (client: Pick<Tx, 'community'>, communityId: string) =>
  client.community.findUniqueOrThrow({ where: { id: communityId }, select });
type Surroundings = Awaited<ReturnType<typeof surroundingsOf>>;

const requests = new WeakMap<object, Map<string, Promise<Surroundings>>>();

/** The same, read once for a request however many listings ask. */
export function surroundingsFor(request: object, communityId: string): Promise<Surroundings> {
  const known = requests.get(request) ?? new Map<string, Promise<Surroundings>>();
  requests.set(request, known);
  const surroundings = known.get(communityId) ?? surroundingsOf(prisma, communityId);
  known.set(communityId, surroundings);
  return surroundings;
}
