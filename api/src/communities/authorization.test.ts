import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../builder.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

interface Cast {
  id: string;
  target: Person;
  category: string;
  invitation: string;
}
type Who = 'anonymous' | 'stranger' | 'member' | 'elsewhere' | 'broker' | 'moderator' | 'treasurer' | 'operator';
const gid = ({ memberId }: Person) => globalId('Member', memberId);
const decision = (verb: string) => (cast: Cast) =>
  `${verb}(input: { memberId: "${gid(cast.target)}", reason: "Because." }) { __typename }`;
const category = (text: string) => (cast: Cast) => text.replaceAll('$id', cast.category);

/** Each field of this domain that asks for more than being a member, and who may use it; everybody else is refused and nothing changes. */
const fields: [string, (cast: Cast) => string, Who[]][] = [
  ['updateCommunity', () => 'updateCommunity(input: { name: "X" }) { id }', ['operator']],
  ['updatePolicies', () => 'updatePolicies(input: { listingDays: 5 }) { id }', ['operator']],
  ['publishCharter', () => 'publishCharter(input: { text: "X" }) { version }', ['operator']],
  ['approveMember', (cast) => `approveMember(input: { memberId: "${gid(cast.target)}" }) { __typename }`, ['operator']],
  ['rejectMember', decision('rejectMember'), ['operator']],
  ['suspendMember', decision('suspendMember'), ['operator', 'moderator']],
  ['reinstateMember', decision('reinstateMember'), ['operator', 'moderator']],
  ['eraseMember', decision('eraseMember'), ['operator']],
  [
    'setMemberRoles',
    (cast) => `setMemberRoles(input: { memberId: "${gid(cast.target)}", roles: [OPERATOR] }) { __typename }`,
    ['operator'],
  ],
  [
    'revokeInvitation',
    (cast) => `revokeInvitation(input: { invitationId: "${cast.invitation}" }) { id }`,
    ['operator', 'broker'],
  ],
  ['createCategory', () => 'createCategory(input: { name: "X" }) { __typename }', ['operator', 'moderator']],
  [
    'renameCategory',
    category('renameCategory(input: { categoryId: "$id", name: "X" }) { id }'),
    ['operator', 'moderator'],
  ],
  ['moveCategory', category('moveCategory(input: { categoryId: "$id" }) { __typename }'), ['operator', 'moderator']],
  ['archiveCategory', category('archiveCategory(input: { categoryId: "$id" }) { id }'), ['operator', 'moderator']],
  [
    'reorderCategories',
    category('reorderCategories(input: { categoryIds: ["$id"] }) { id }'),
    ['operator', 'moderator'],
  ],
  [
    'mergeCategories',
    category('mergeCategories(input: { fromId: "$id", intoId: "$id" }) { __typename }'),
    ['operator', 'moderator'],
  ],
  [
    'importCategories',
    () => 'importCategories(input: { format: CSV, text: "key,name\\nx,X" }) { __typename }',
    ['operator', 'moderator'],
  ],
];
const queries: [string, string, Who[]][] = [
  ['exportCategories', 'exportCategories(format: CSV)', ['operator', 'moderator']],
  ['auditLog', 'auditLog { total }', ['operator', 'moderator', 'treasurer']],
  ['memberList', 'memberList { total }', ['operator', 'moderator', 'treasurer', 'broker']],
  ['members', 'members { totalCount }', ['member', 'operator', 'moderator', 'treasurer', 'broker']],
  ['charters', 'charters { version }', ['member', 'operator', 'moderator', 'treasurer', 'broker']],
  ['invitationList', 'invitationList { total }', ['member', 'operator', 'moderator', 'treasurer', 'broker']],
];

/** A community with somebody of every kind, and one of each to act upon. */
async function scene(): Promise<{ cast: Cast; people: Record<Who, As> }> {
  const [place, other] = [await kith.community(), await kith.community()];
  const operator = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const elsewhere = await kith.member(other, { roles: ['MEMBER', 'OPERATOR'] });
  const made = await kith.gql(
    `mutation { createCategory(input: { name: "Target" }) { ... on Category { id } } inviteMembers(input: {}) { ... on Invited { invitations { invitation { id } } } } }`,
    {},
    operator,
  );
  const people: Record<Who, As> = {
    anonymous: { community: place.slug },
    stranger: { token: (await kith.user()).token, community: place.slug },
    member: await kith.member(place),
    elsewhere: { token: elsewhere.token, community: place.slug },
    broker: await kith.member(place, { roles: ['MEMBER', 'BROKER'] }),
    moderator: await kith.member(place, { roles: ['MEMBER', 'MODERATOR'] }),
    treasurer: await kith.member(place, { roles: ['MEMBER', 'TREASURER'] }),
    operator,
  };
  const target = await kith.member(place, { state: 'APPLIED' });
  const [category, invitation] = [made.data.createCategory.id, made.data.inviteMembers.invitations[0].invitation.id];
  return { cast: { id: place.id, target, category, invitation }, people };
}

/** Everything of a community that these fields could change. */
const everything = async (id: string) => {
  const tables = ['members', 'categories', 'charters', 'invitations', 'audit_log', 'events'];
  const rows = await Promise.all(
    tables.map((table) => kith.sql(`select * from ${table} where community_id = $1 order by 1, 2, 3`, [id])),
  );
  return [...rows, await kith.sql('select * from communities where id = $1', [id])];
};
const refusals: Record<string, string> = { anonymous: 'UNAUTHENTICATED' };

test.each(fields)(
  '%s is for who has the capability, and refused to others without a trace',
  async (_name, field, allowed) => {
    const { cast, people } = await scene();
    const before = await everything(cast.id);
    for (const [who, as] of Object.entries(people).filter(([who]) => !allowed.includes(who as Who))) {
      const { errors } = await kith.gql(`mutation { ${field(cast)} }`, {}, as);
      const code = errors?.[0]?.extensions.code;
      expect([who, ...(code === 'NOT_FOUND' ? ['FORBIDDEN'] : [code])]).toEqual([who, refusals[who] ?? 'FORBIDDEN']);
    }
    expect(await everything(cast.id)).toEqual(before);
    for (const who of allowed) {
      const { errors } = await kith.gql(`mutation { ${field(cast)} }`, {}, people[who]);
      // What it says of this target is another test's business.
      expect(errors?.[0]?.extensions.code ?? 'BAD_USER_INPUT').toBe('BAD_USER_INPUT');
    }
  },
);

test.each(queries)('%s is answered to whom it is meant for and to nobody else', async (_name, field, allowed) => {
  const { people } = await scene();
  for (const [who, as] of Object.entries(people)) {
    const { errors } = await kith.gql(`{ ${field} }`, {}, as);
    const expected = allowed.includes(who as Who) ? undefined : (refusals[who] ?? 'FORBIDDEN');
    expect([who, errors?.[0]?.extensions.code]).toEqual([who, expected]);
  }
});

test('what only needs a user refuses nobody in particular, and what needs a member refuses a suspended one', async () => {
  const place = await kith.community();
  const suspended = await kith.member(place, { state: 'SUSPENDED' });
  const user = [
    'applyForMembership(input: { displayName: "X", charterVersion: 0 }) { __typename }',
    'withdrawApplication { __typename }',
    'leaveCommunity { __typename }',
  ];
  user.push(
    'acceptInvitation(input: { token: "x", displayName: "X", charterVersion: 0 }) { __typename }',
    'eraseMyAccount(input: { currentPassword: "x" }) { __typename }',
  );
  for (const field of user) {
    const { errors } = await kith.gql(`mutation { ${field} }`, {}, { community: place.slug });
    expect([field, errors![0]!.extensions.code]).toEqual([field, 'UNAUTHENTICATED']);
  }
  const member = [
    'updateMyProfile(input: { bio: "X" }) { id }',
    'inviteMembers(input: {}) { __typename }',
    'acceptCharter(input: { version: 0 }) { __typename }',
  ];
  for (const field of member)
    for (const [as, code] of [
      [{ community: place.slug }, 'UNAUTHENTICATED'],
      [suspended, 'FORBIDDEN'],
    ] as const) {
      const { errors } = await kith.gql(`mutation { ${field} }`, {}, as);
      expect([field, errors![0]!.extensions.code]).toEqual([field, code]);
    }
});

test('an operator of one community reaches no member, category or invitation of another by its id', async () => {
  const { cast } = await scene();
  const other = await kith.community();
  const elsewhere = await kith.member(other, { roles: ['MEMBER', 'OPERATOR'] });
  const before = await everything(cast.id);
  for (const [name, field] of fields) {
    const asked = field(cast);
    if (!asked.includes(cast.category) && !asked.includes(cast.invitation) && !asked.includes(gid(cast.target)))
      continue;
    const { errors } = await kith.gql(`mutation { ${asked} }`, {}, elsewhere);
    expect([name, errors?.[0]?.extensions.code]).toEqual([
      name,
      name === 'mergeCategories' ? 'BAD_USER_INPUT' : 'NOT_FOUND',
    ]);
  }
  for (const id of [gid(cast.target), cast.category, cast.invitation])
    expect((await kith.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, elsewhere)).data.node).toBeNull();
  expect(await everything(cast.id)).toEqual(before);
});
