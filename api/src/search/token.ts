import { clock } from '../clock.ts';
import { DomainError, unavailable } from '../errors.ts';
import { searchIndex } from '../searchIndex.ts';

const EXPIRES_IN_MINUTES = 15;

/** There is no engine a frontend could ask itself. */
export class SearchTokenUnavailable extends DomainError {
  readonly code = 'SEARCH_TOKEN_UNAVAILABLE';
  constructor() {
    super('Search runs on the embedded engine, which frontends cannot ask themselves: use the query search.');
  }
}

/** With what a frontend asks Meilisearch itself: published listings of this community, nothing else, for a short time. */
export async function searchToken(communityId: string) {
  if ((await searchIndex.health()).engine !== 'meilisearch') throw new SearchTokenUnavailable();
  const expiresAt = new Date(clock.now().getTime() + EXPIRES_IN_MINUTES * 60_000);
  const made = await searchIndex.tenantToken(communityId, expiresAt).catch(() => {
    throw unavailable('Meilisearch makes no tokens now: it does not answer, or it runs without a master key.');
  });
  if (!made) throw new SearchTokenUnavailable();
  return { ...made, expiresAt };
}
export type SearchTokenRow = Awaited<ReturnType<typeof searchToken>>;
