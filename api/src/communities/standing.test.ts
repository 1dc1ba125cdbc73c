import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../builder.ts';
import type { Member } from '../context.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { leaveCommunity } from './leaving.ts';
import { setMemberRoles, suspendMember } from './standing.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const ANSWER = '{ __typename ... on Error { code message } ... on Member { state roles } }';
const setRoles = async (by: As, of: Person, roles: string[]) =>
  (
    await kith.gql(
      `mutation ($memberId: ID!, $roles: [MemberRole!]!) { setMemberRoles(input: { memberId: $memberId, roles: $roles }) ${ANSWER} }`,
      { memberId: globalId('Member', of.memberId), roles },
      by,
    )
  ).data?.setMemberRoles;
const act = (verb: string, by: As, of: Person, reason = 'Because.') =>
  kith.gql(
    `mutation ($memberId: ID!, $reason: String!) { ${verb}(input: { memberId: $memberId, reason: $reason }) ${ANSWER} }`,
    { memberId: globalId('Member', of.memberId), reason },
    by,
  );
const operators = async (id: string) =>
  (
    await kith.sql(
      "select count(*)::int from members where community_id = $1 and state = 'ACTIVE' and 'OPERATOR' = any (roles)",
      [id],
    )
  )[0]!.count;
const place = async () => {
  const made = await kith.community();
  return { ...made, olga: await kith.member(made, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] }) };
};

test('roles are set as a whole, and everybody stays a member', async () => {
  const { olga, ...made } = await place();
  const anna = await kith.member(made);
  expect((await setRoles(olga, anna, ['TREASURER', 'BROKER', 'BROKER'])).roles).toEqual([
    'MEMBER',
    'BROKER',
    'TREASURER',
  ]);
  expect((await setRoles(olga, anna, [])).roles).toEqual(['MEMBER']);
});

test('the last operator keeps the role and the place', async () => {
  const { id, olga, ...made } = await place();
  const mona = await kith.member({ id, ...made }, { roles: ['MEMBER', 'MODERATOR'] });
  expect((await setRoles(olga, olga, [])).code).toBe('LAST_OPERATOR');
  const leave = await kith.gql(
    'mutation { leaveCommunity { ... on CannotLeaveYet { code obstacles { code } } } }',
    {},
    olga,
  );
  expect(leave.data.leaveCommunity).toEqual({ code: 'CANNOT_LEAVE_YET', obstacles: [{ code: 'LAST_OPERATOR' }] });
  expect((await kith.gql('{ obstaclesToLeaving { code } }', {}, olga)).data.obstaclesToLeaving).toEqual([
    { code: 'LAST_OPERATOR' },
  ]);
  expect((await kith.gql('{ obstaclesToLeaving { code } }', {}, mona)).data.obstaclesToLeaving).toEqual([]);
  expect(await operators(id)).toBe(1);
});

test('of operators who step down, leave and suspend each other at the same time one stays', async () => {
  const { id, olga, ...made } = await place();
  const oleg = await kith.member({ id, ...made }, { roles: ['MEMBER', 'OPERATOR'] });
  const actor = ({ memberId, userId }: Person): Member => ({
    communityId: id,
    memberId,
    userId,
    state: 'ACTIVE',
    roles: ['MEMBER', 'OPERATOR'],
  });
  // By the domain's functions: over HTTP the second request would often be judged by the roles the first one left.
  const outcomes = async (...attempts: Promise<void>[]) =>
    (await Promise.allSettled(attempts))
      .map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code))
      .toSorted();
  expect(
    await outcomes(
      setMemberRoles(actor(olga), { memberId: oleg.memberId, roles: [] }),
      setMemberRoles(actor(oleg), { memberId: olga.memberId, roles: [] }),
    ),
  ).toEqual(['LAST_OPERATOR', 'done']);
  expect(await operators(id)).toBe(1);
  await kith.sql("update members set roles = '{MEMBER,OPERATOR}' where community_id = $1", [id]);
  expect(await outcomes(leaveCommunity(actor(olga)), leaveCommunity(actor(oleg)))).toEqual([
    'CANNOT_LEAVE_YET',
    'done',
  ]);
  expect(await operators(id)).toBe(1);
  await kith.sql("update members set state = 'ACTIVE', roles = '{MEMBER,OPERATOR}' where community_id = $1", [id]);
  expect(
    await outcomes(
      suspendMember(actor(olga), { memberId: oleg.memberId, reason: 'Why not.' }),
      suspendMember(actor(oleg), { memberId: olga.memberId, reason: 'Why not.' }),
    ),
  ).toEqual(['LAST_OPERATOR', 'done']);
  expect(await operators(id)).toBe(1);
});

test('a moderator suspends members and no operator; nobody suspends themselves', async () => {
  const { olga, ...made } = await place();
  await kith.member(made, { roles: ['MEMBER', 'OPERATOR'] });
  const mona = await kith.member(made, { roles: ['MEMBER', 'MODERATOR'] });
  expect((await act('suspendMember', mona, olga)).errors![0]!.extensions.code).toBe('FORBIDDEN');
  expect((await act('suspendMember', olga, olga)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await kith.sql("select from members where community_id = $1 and state = 'SUSPENDED'", [made.id])).toEqual([]);
  expect((await act('suspendMember', olga, mona)).data.suspendMember.state).toBe('SUSPENDED');
});

test('a suspension needs a reason, is audited, is told, and can be lifted with the roles kept', async () => {
  const { olga, ...made } = await place();
  const mona = await kith.member(made, { roles: ['MEMBER', 'MODERATOR'] });
  const nothing = await act('suspendMember', olga, mona, '  ');
  expect(nothing.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  await act('suspendMember', olga, mona, 'Rude.');
  expect((await kith.gql('{ members { totalCount } }', {}, mona)).errors![0]!.extensions.code).toBe('FORBIDDEN');
  expect((await kith.gql('{ myMember { state decisionReason } }', {}, mona)).data.myMember).toEqual({
    state: 'SUSPENDED',
    decisionReason: 'Rude.',
  });
  await act('reinstateMember', olga, mona, 'Apologized.');
  expect((await kith.gql('{ myMember { state decisionReason roles } }', {}, mona)).data.myMember).toEqual({
    state: 'ACTIVE',
    decisionReason: null,
    roles: ['MEMBER', 'MODERATOR'],
  });
  const LOG = `query ($id: ID!) { auditLog(filter: { action: "member.", subjectId: $id }) { total items { action reason subjectId actor { displayName } } } }`;
  const id = globalId('Member', mona.memberId);
  expect((await kith.gql(LOG, { id }, olga)).data.auditLog).toEqual({
    total: 2,
    items: [
      { action: 'member.reinstate', reason: 'Apologized.', subjectId: id, actor: { displayName: 'Olga' } },
      { action: 'member.suspend', reason: 'Rude.', subjectId: id, actor: { displayName: 'Olga' } },
    ],
  });
  await kith.jobs();
  const inbox = await kith.gql('{ notifications { edges { node { kind body } } } }', {}, mona);
  expect(inbox.data.notifications.edges.map(({ node }: { node: unknown }) => node)).toEqual([
    { kind: 'membership.reinstated', body: '' },
    { kind: 'membership.suspended', body: 'Rude.' },
  ]);
});

test('the live subscription of a suspended member ends, and a new one is refused until reinstated', async () => {
  const { olga, ...made } = await place();
  const anna = await kith.member(made);
  const LIVE = 'subscription { notificationReceived { notification { title } } }';
  const notify = (title: string) =>
    inCommunity(made.id, (tx) =>
      enqueue(tx, 'notify', {
        communityId: made.id,
        notices: [{ memberId: anna.memberId, kind: 'test', key: title, title }],
      }),
    );
  const live = kith.subscribe(LIVE, {}, anna);
  await live.started;
  await notify('before');
  await kith.jobs();
  expect((await live.next()).data.notificationReceived.notification.title).toBe('before');
  await act('suspendMember', olga, anna);
  expect((await live.next()).errors![0]!).toMatchObject({
    message: 'The membership has ended.',
    extensions: { code: 'FORBIDDEN' },
  });
  await expect(live.next()).rejects.toThrow('ended');
  const refused = await kith.subscribe(LIVE, {}, anna).next();
  expect(refused.errors![0]!.extensions.code).toBe('FORBIDDEN');
  await act('reinstateMember', olga, anna);
  await kith.jobs();
  const again = kith.subscribe(LIVE, {}, anna);
  await again.started;
  await notify('after');
  await kith.jobs();
  expect((await again.next()).data.notificationReceived.notification.title).toBe('after');
});
