import type { Person, TestKith } from '../../../test/kit.ts';
import { defaultCategories } from '../communities/defaultCategories.ts';

// Files sent by an operator, as the tests of this folder send them.
const STATE = 'id state problem rowsTotal rowsChecked rowsDone rowsCreated rowsUpdated rowsUnchanged rowsRefused';
export const CREATE = `mutation ($input: CreateImportInput!) { createImport(input: $input) { id uploadUrl state } }`;
export const START = `mutation ($input: StartImportInput!) { startImport(input: $input) { __typename ... on Import { ${STATE} } ... on Error { code message } } }`;
export const LOOK = `query ($id: ID!) { import(id: $id) { ${STATE} ignoredColumns uploadUrl } }`;
export const ROWS = `query ($id: ID!, $state: ImportRowState) { importRows(importId: $id, state: $state) { total items { line state outcome reason } } }`;
export const DIRECTORY = `select l.external_id, l.kind::text, l.title, l.state::text, m.display_name, c.key as category
  from listings l join members m using (community_id) left join categories c on c.community_id = l.community_id and c.id = l.category_id
  where l.community_id = $1 and m.id = l.member_id order by l.external_id`;

export async function operatedPlace(kith: TestKith) {
  const community = await kith.community();
  for (const { communityId, id, parentId, key, name } of defaultCategories(community.id, 'en'))
    await kith.sql('insert into categories (community_id, id, parent_id, key, name) values ($1, $2, $3, $4, $5)', [
      communityId,
      id,
      parentId,
      key,
      name,
    ]);
  return { ...community, operator: await kith.member(community, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] }) };
}

export const put = (kith: TestKith, url: string, body: RequestInit['body'], { token, community }: Person) =>
  fetch(kith.url + url, {
    method: 'PUT',
    body,
    headers: { authorization: `Bearer ${token}`, 'x-kith-community': community },
  });

export async function send(
  kith: TestKith,
  csv: string | Buffer,
  operator: Person,
  { kind = 'LISTINGS', ...options }: Record<string, unknown> = {},
) {
  const { data } = await kith.gql(CREATE, { input: { kind, fileName: 'file.csv', options } }, operator);
  const { id, uploadUrl } = data.createImport;
  const response = await put(kith, uploadUrl, csv, operator);
  await kith.jobs();
  return { id, response, ...(await kith.gql(LOOK, { id }, operator)).data.import };
}
export const rowsOf = async (kith: TestKith, id: string, operator: Person, state?: string) =>
  (await kith.gql(ROWS, { id, state }, operator)).data.importRows.items;
export async function start(kith: TestKith, id: string, operator: Person, acceptRefused = false) {
  const { data } = await kith.gql(START, { input: { id, acceptRefused } }, operator);
  await kith.jobs();
  return data.startImport;
}
