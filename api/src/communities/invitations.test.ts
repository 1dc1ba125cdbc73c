import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../builder.ts';
import { newId } from '../ids.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const INVITE = `mutation ($input: InviteMembersInput!) { inviteMembers(input: $input) { __typename ... on Error { code message }
  ... on Invited { invitations { token link invitation { id state uses maxUses email } } } } }`;
const ACCEPT = `mutation ($token: String!, $name: String!) { acceptInvitation(input: { token: $token, displayName: $name, charterVersion: 0 }) {
  __typename ... on Error { code } ... on InvitationNotUsable { problem } ... on Membership { memberId state community { slug } } } }`;
const LOOK =
  'query ($token: String!) { invitation(token: $token) { state inviterName claimsName community { slug name charter { text } } } }';
const invite = async (by: Person, input = {}) => (await kith.gql(INVITE, { input }, by)).data.inviteMembers;
const invited = async (by: Person, input = {}) =>
  (await invite(by, input)).invitations[0] as { token: string; link: string; invitation: { id: string } };
const accept = async (as: As, token: string, name = 'Nora') =>
  (await kith.gql(ACCEPT, { token, name }, { token: as.token! })).data.acceptInvitation;
const place = async (rules = {}) => {
  const made = await kith.community();
  await kith.sql('update communities set policies = $2 where id = $1', [made.id, rules]);
  const olga = await kith.member(made, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] });
  return { ...made, olga };
};
const members = async (id: string) =>
  (await kith.sql('select count(*)::int from members where community_id = $1', [id]))[0]!.count;

test('a link lets somebody in at once, tells what it offers before, and stores no token', async () => {
  const { id, slug, olga } = await place();
  const { token, link, invitation } = await invited(olga);
  expect(link).toBe(`${kith.url}/#/invitation?token=${token}`);
  expect(invitation).toMatchObject({ state: 'OPEN', uses: 0, maxUses: 1, email: null });
  const look = {
    state: 'OPEN',
    inviterName: 'Olga',
    claimsName: null,
    community: { slug, name: 'Testville', charter: null },
  };
  expect((await kith.gql(LOOK, { token })).data.invitation).toEqual(look);
  const nora = await kith.user();
  expect(await accept(nora, token)).toMatchObject({ state: 'ACTIVE', community: { slug } });
  expect((await kith.gql(LOOK, { token })).data.invitation.state).toBe('USED_UP');
  const rows = await kith.sql(
    'select token_hash, invited_by from invitations i join members m on m.user_id = $2 where i.community_id = $1',
    [id, nora.userId],
  );
  expect(rows[0]!.invited_by).toBe(olga.memberId);
  expect(rows[0]!.token_hash.toString('base64url')).not.toBe(token);
});

test('an invitation by mail goes to each address once, with a link of its own', async () => {
  const { olga } = await place();
  const { invitations } = await invite(olga, { emails: ['a@example.org', 'A@Example.org', 'b@example.org'] });
  expect(invitations.map(({ invitation }: { invitation: { email: string } }) => invitation.email)).toEqual([
    'a@example.org',
    'b@example.org',
  ]);
  const jobs = await kith.sql(
    "select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'mail.send'",
  );
  const mails = jobs.map(({ payload }) => payload as { to: string; text: string });
  for (const { link, invitation } of invitations)
    expect(mails.find(({ to }) => to === invitation.email)!.text).toContain(link);
});

test('the last use is used once, also by many at the same time', async () => {
  const { id, olga } = await place();
  const { token } = await invited(olga, { maxUses: 2 });
  const people = await Promise.all([1, 2, 3, 4, 5].map(() => kith.user()));
  const answers = await Promise.all(people.map((person) => accept(person, token)));
  expect(answers.filter(({ state }) => state === 'ACTIVE')).toHaveLength(2);
  expect(answers.filter(({ problem }) => problem === 'USED_UP')).toHaveLength(3);
  expect(await kith.sql('select uses from invitations where community_id = $1', [id])).toEqual([{ uses: 2 }]);
  expect(await members(id)).toBe(3);
});

test('an invitation that is one’s own, expired, revoked or unknown lets nobody in and is not used', async () => {
  const { id, olga } = await place();
  const { token, invitation } = await invited(olga);
  const nora = await kith.user();
  expect((await accept(olga, token)).problem).toBe('OWN');
  await kith.sql("update invitations set expires_at = now() - interval '1 minute' where community_id = $1", [id]);
  expect((await accept(nora, token)).problem).toBe('EXPIRED');
  await kith.sql("update invitations set expires_at = now() + interval '1 day' where community_id = $1", [id]);
  const revoke = 'mutation ($id: ID!) { revokeInvitation(input: { invitationId: $id }) { state } }';
  expect((await kith.gql(revoke, { id: invitation.id }, olga)).data.revokeInvitation.state).toBe('REVOKED');
  expect((await accept(nora, token)).problem).toBe('REVOKED');
  const wrong = await kith.gql(ACCEPT, { token: 'x'.repeat(43), name: 'Nora' }, { token: nora.token });
  expect(wrong.errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await kith.gql(LOOK, { token: 'x'.repeat(43) })).data.invitation).toBeNull();
  expect(await members(id)).toBe(1);
  expect(await kith.sql('select uses from invitations where community_id = $1', [id])).toEqual([{ uses: 0 }]);
});

test('where invited people need approval the link leads to an application', async () => {
  const { olga } = await place({ invitedNeedApproval: true, admission: 'INVITATION' });
  const { token } = await invited(olga);
  expect(await accept(await kith.user(), token)).toMatchObject({ state: 'APPLIED' });
});

test('a full community keeps an invitation unused', async () => {
  const { id, olga } = await place();
  await kith.sql('update communities set member_capacity = 1 where id = $1', [id]);
  const { token } = await invited(olga);
  expect((await accept(await kith.user(), token)).code).toBe('COMMUNITY_FULL');
  expect(await kith.sql('select uses from invitations where community_id = $1', [id])).toEqual([{ uses: 0 }]);
});

test('an ordinary member has as many open invitations as the policy says, also when asking at once', async () => {
  const { olga, ...made } = await place({ openInvitationsPerMember: 2 });
  const anna = await kith.member(made);
  const answers = await Promise.all([1, 2, 3, 4].map(() => invite(anna)));
  expect(answers.filter(({ code }) => code === 'TOO_MANY_INVITATIONS')).toHaveLength(2);
  const { errors } = await kith.gql(INVITE, { input: { maxUses: 2 } }, anna);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  const LIST = 'query ($mine: Boolean!) { invitationList(mine: $mine) { total items { inviter { displayName } } } }';
  expect((await kith.gql(LIST, { mine: false }, anna)).data.invitationList.total).toBe(2);
  expect((await kith.gql(LIST, { mine: false }, await kith.member(made))).data.invitationList.total).toBe(0);
  expect((await kith.gql(LIST, { mine: false }, olga)).data.invitationList.total).toBe(2);
  expect((await kith.gql(LIST, { mine: true }, olga)).data.invitationList.total).toBe(0);
});

test('an invited person takes over a placeholder with its history, and one person only', async () => {
  const { id, olga } = await place();
  const [placeholder] = [newId()];
  await kith.sql(
    "insert into members (community_id, id, state, display_name, external_id) values ($1, $2, 'ACTIVE', 'Old name', 'x-1')",
    [id, placeholder],
  );
  const claimsMemberId = globalId('Member', placeholder);
  const [first, second] = [await invited(olga, { claimsMemberId }), await invited(olga, { claimsMemberId })];
  expect((await kith.gql(LOOK, { token: first.token })).data.invitation.claimsName).toBe('Old name');
  const [nora, otto] = [await kith.user(), await kith.user()];
  const answers = await Promise.all([accept(nora, first.token, 'New name'), accept(otto, second.token, 'New name')]);
  expect(answers.map(({ memberId, problem }) => memberId ?? problem).toSorted()).toEqual(
    [claimsMemberId, 'USED_UP'].toSorted(),
  );
  expect(
    await kith.sql(
      'select display_name, external_id, user_id is not null as claimed from members where community_id = $1 and id = $2',
      [id, placeholder],
    ),
  ).toEqual([{ display_name: 'New name', external_id: 'x-1', claimed: true }]);
  const uses = await kith.sql('select sum(uses)::int from invitations where community_id = $1', [id]);
  expect(uses[0]!.sum).toBe(1);
  const third = await kith.gql(INVITE, { input: { claimsMemberId } }, olga);
  expect(third.errors![0]!.extensions.code).toBe('NOT_FOUND');
});

test('an erased member is no placeholder that somebody could take over', async () => {
  const { id, olga } = await place();
  const erased = newId();
  await kith.sql(
    "insert into members (community_id, id, state, display_name, erased_at) values ($1, $2, 'ACTIVE', 'Gone', now())",
    [id, erased],
  );
  const { errors } = await kith.gql(INVITE, { input: { claimsMemberId: globalId('Member', erased) } }, olga);
  expect(errors![0]!.extensions.code).toBe('NOT_FOUND');
});

test('the links of a member who is suspended stop working', async () => {
  const { olga, ...made } = await place();
  const anna = await kith.member(made);
  const { token } = await invited(anna);
  const suspend = 'mutation ($id: ID!) { suspendMember(input: { memberId: $id, reason: "Spam." }) { __typename } }';
  await kith.gql(suspend, { id: globalId('Member', anna.memberId) }, olga);
  expect((await accept(await kith.user(), token)).problem).toBe('REVOKED');
});

test.each([
  [{ emails: ['not an address'] }],
  [{ emails: Array.from({ length: 101 }, (_, n) => `p${n}@example.org`) }],
  [{ maxUses: 0 }],
  [{ maxUses: 1001 }],
  [{ expiresInDays: 0 }],
  [{ expiresInDays: 366 }],
])('inviting refuses %j', async (input) => {
  const { id, olga } = await place();
  const { errors } = await kith.gql(INVITE, { input }, olga);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await kith.sql('select from invitations where community_id = $1', [id])).toEqual([]);
});
