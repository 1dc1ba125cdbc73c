import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { mailsTo } from '../../../test/mailbox.ts';
import { globalId } from '../builder.ts';
import { newId } from '../ids.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const INVITE = `mutation ($input: InviteMembersInput!) { inviteMembers(input: $input) { __typename ... on Error { code message }
  ... on Invited { invitations { token link invitation { id state uses maxUses email } } } } }`;
const ACCEPT = `mutation ($token: String!, $name: String!) { acceptInvitation(input: { token: $token, displayName: $name, charterVersion: 0 }) {
  __typename ... on Error { code } ... on InvitationNotUsable { problem } ... on Membership { memberId state community { slug } } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeInvitation(input: { invitationId: $id }) { state } }';
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

test('an invitation by mail goes to each address once, with a link of its own that stands nowhere else', async () => {
  const { id, olga } = await place();
  const order = { emails: ['a@example.org', 'A@Example.org', 'b@example.org'] };
  const { invitations } = await invite(olga, order);
  expect(invitations).toMatchObject([
    { token: null, link: null, invitation: { email: 'a@example.org' } },
    { token: null, link: null, invitation: { email: 'b@example.org' } },
  ]);
  const jobs = await kith.sql(
    "select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'invitation.mail'",
  );
  expect(jobs.map(({ payload }) => Object.keys(payload as object))).toEqual([
    ['communityId', 'invitationId'],
    ['communityId', 'invitationId'],
  ]);
  const [mail, ...more] = await mailsTo(kith, 'a@example.org');
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ subject: 'Invitation to Testville' });
  expect(mail!.text).toContain(`${kith.url}/#/invitation?token=${mail!.token}`);
  const [other] = await mailsTo(kith, 'b@example.org');
  expect(await accept(await kith.user(), mail!.token!)).toMatchObject({ state: 'ACTIVE' });
  expect(await accept(await kith.user(), mail!.token!)).toMatchObject({ problem: 'USED_UP' });
  expect(await accept(await kith.user(), other!.token!)).toMatchObject({ state: 'ACTIVE' });
  expect(await members(id)).toBe(3);
});

test('an invitation that was taken back before its mail was written is not mailed', async () => {
  const { olga } = await place();
  const { invitation } = await invited(olga, { emails: ['c@example.org'] });
  await kith.gql(REVOKE, { id: invitation.id }, olga);
  expect(await mailsTo(kith, 'c@example.org')).toEqual([]);
});

test('nobody is mailed without end: an address gets three invitations an hour, a member sends as many a day as may be open', async () => {
  const { olga, ...there } = await place();
  const anna = await kith.member(there);
  for (let round = 0; round < 5; round++) {
    const { invitation } = await invited(olga, { emails: ['victim@example.org'] });
    await kith.jobs();
    await kith.gql(REVOKE, { id: invitation.id }, olga);
  }
  expect(await mailsTo(kith, 'victim@example.org')).toHaveLength(3);
  const emails = Array.from({ length: 10 }, (_, i) => `world${i}@example.org`);
  for (const { invitation } of (await invite(anna, { emails })).invitations)
    await kith.gql(REVOKE, { id: invitation.id }, anna);
  expect((await invite(anna, { emails: ['one.more@example.org'] })).code).toBe('TOO_MANY_INVITATIONS');
  await kith.sql("update invitations set created_at = now() - interval '25 hours' where inviter_id = $1", [
    anna.memberId,
  ]);
  expect((await invite(anna, { emails: ['one.more@example.org'] })).__typename).toBe('Invited');
});

test('a place with roles is handed over only by those who grant roles, also when the roles come later', async () => {
  const { id, olga, ...there } = await place();
  const broker = await kith.member({ id, ...there }, { roles: ['MEMBER', 'BROKER'] });
  const placeholder = async (roles: string) => {
    const memberId = newId();
    await kith.sql(
      "insert into members (community_id, id, state, roles, display_name) values ($1, $2, 'ACTIVE', $3::member_role[], 'Imported')",
      [id, memberId, roles],
    );
    return memberId;
  };
  const [operator, plain] = [await placeholder('{MEMBER,OPERATOR}'), await placeholder('{MEMBER}')];
  const refused = await kith.gql(INVITE, { input: { claimsMemberId: globalId('Member', operator) } }, broker);
  expect(refused.errors![0]!.extensions.code).toBe('FORBIDDEN');
  const { token } = await invited(broker, { claimsMemberId: globalId('Member', plain) });
  await kith.sql("update members set roles = '{MEMBER,OPERATOR}' where id = $1", [plain]);
  expect(await accept(await kith.user(), token)).toMatchObject({ problem: 'REVOKED' });
  expect(await kith.sql('select count(*)::int from members where community_id = $1 and user_id is null', [id])).toEqual(
    [{ count: 2 }],
  );
  const byOperator = await invited(olga, { claimsMemberId: globalId('Member', operator) });
  expect(await accept(await kith.user(), byOperator.token)).toMatchObject({ state: 'ACTIVE' });
});

test('who may no longer invite many has no open link left', async () => {
  const { olga, ...there } = await place();
  const broker = await kith.member(there, { roles: ['MEMBER', 'BROKER'] });
  const { token } = await invited(broker, { maxUses: 100 });
  const roles = 'mutation ($id: ID!) { setMemberRoles(input: { memberId: $id, roles: [MEMBER] }) { __typename } }';
  await kith.gql(roles, { id: globalId('Member', broker.memberId) }, olga);
  expect(await accept(await kith.user(), token)).toMatchObject({ problem: 'REVOKED' });
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
  expect((await kith.gql(REVOKE, { id: invitation.id }, olga)).data.revokeInvitation.state).toBe('REVOKED');
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

test('who applies again by the same link is counted once, whatever came between', async () => {
  const { id, olga } = await place({ invitedNeedApproval: true });
  const { token } = await invited(olga, { maxUses: 3 });
  const nora = await kith.user();
  const used = () => kith.sql('select uses from invitations where community_id = $1', [id]);
  await Promise.all([accept(nora, token), accept(nora, token)]);
  const { slug } = (await kith.sql('select slug from communities where id = $1', [id]))[0]!;
  await kith.gql(
    'mutation { withdrawApplication { __typename } }',
    {},
    { token: nora.token, community: slug as string },
  );
  expect(await accept(nora, token)).toMatchObject({ state: 'APPLIED' });
  expect(await used()).toEqual([{ uses: 1 }]);
  await accept(await kith.user(), token);
  expect(await used()).toEqual([{ uses: 2 }]);
  await kith.sql('update invitations set revoked_at = now() where community_id = $1', [id]);
  expect(await accept(nora, token)).toMatchObject({ problem: 'REVOKED' });
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
