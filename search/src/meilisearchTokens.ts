import { type Key, type Meilisearch } from 'meilisearch';
import { generateTenantToken } from 'meilisearch/token';

const KEY_NAME = 'Kith: search by members';

/** Makes tokens that search one community: signed with a key of the engine that can search this index and do nothing else. */
export function tenantTokens(client: Meilisearch, index: string) {
  let signing: Promise<Key> | undefined;
  return async (communityId: string, expiresAt: Date): Promise<string> => {
    signing ??= searchKey(client, index).catch((error) => ((signing = undefined), Promise.reject(error)));
    const { uid, key } = await signing;
    const searchRules = { [index]: { filter: `communityId = "${communityId}"` } };
    return generateTenantToken({ apiKey: key, apiKeyUid: uid, searchRules, expiresAt });
  };
}

/** The key of that purpose, made at the first need. The engine must have a master key, and ours must be allowed to manage keys. */
async function searchKey(client: Meilisearch, index: string): Promise<Key> {
  const { results } = await client.getKeys({ limit: 1_000 });
  const known = results.find(({ name, indexes }) => name === KEY_NAME && indexes.includes(index));
  if (known) return known;
  const description = 'Signs tokens with which a frontend searches one community.';
  return client.createKey({ name: KEY_NAME, description, actions: ['search'], indexes: [index], expiresAt: null });
}
