import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberState } from '@kith/db';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../builder.ts';
import { newId } from '../ids.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

type Place = { id: string; slug: string };
const ANSWER = `{ __typename ... on Error { code message } ... on Member { id state displayName } }`;
const APPLY = `mutation ($name: String!, $version: Int!) { applyForMembership(input: { displayName: $name, message: "Hello", charterVersion: $version }) ${ANSWER} }`;
const apply = async (place: Place, as: As, { name = 'Nora', version = 0 } = {}) =>
  (await kith.gql(APPLY, { name, version }, { token: as.token!, community: place.slug })).data.applyForMembership;
const approve = async (operator: Person, memberId: string) =>
  (
    await kith.gql(
      `mutation ($memberId: ID!) { approveMember(input: { memberId: $memberId }) ${ANSWER} }`,
      { memberId },
      operator,
    )
  ).data.approveMember;
const decide = (verb: string) => async (as: As, memberId: string) =>
  (
    await kith.gql(
      `mutation ($memberId: ID!) { ${verb}(input: { memberId: $memberId, reason: "Because." }) ${ANSWER} }`,
      { memberId },
      as,
    )
  ).data[verb];
const stateOf = async (memberId: string) =>
  (await kith.sql('select state from members where id = $1', [memberId]))[0]!.state;
const policies = (place: Place, rules: object) =>
  kith.sql('update communities set policies = $2 where id = $1', [place.id, rules]);
const localOf = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1]!;
const inbox = async (of: Person) =>
  (
    await kith.gql('{ notifications { edges { node { kind title body subjectId } } } }', {}, of)
  ).data.notifications.edges.map(({ node }: { node: unknown }) => node);

test('an applicant waits for an operator, who is told, and is told in turn', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const nora = await kith.user();
  const applied = await apply(place, nora);
  expect(applied).toMatchObject({ __typename: 'Member', state: 'APPLIED', displayName: 'Nora' });
  await kith.jobs();
  expect(await inbox(olga)).toEqual([
    { kind: 'member.applied', title: 'Somebody asks to join', body: '', subjectId: applied.id },
  ]);
  const asNora = { ...nora, community: place.slug, memberId: localOf(applied.id) };
  expect((await kith.gql('{ members { totalCount } }', {}, asNora)).errors![0]!.extensions.code).toBe('FORBIDDEN');
  expect(await approve(olga, applied.id)).toMatchObject({ state: 'ACTIVE' });
  await kith.jobs();
  expect(await inbox(asNora)).toMatchObject([{ kind: 'membership.approved', title: 'Welcome to Testville' }]);
});

test('who is rejected hears why and may apply again, but then waits even where the door is open', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const nora = await kith.user();
  const { id } = await apply(place, nora);
  expect(await decide('rejectMember')(olga, id)).toMatchObject({ state: 'REJECTED' });
  const mine = await kith.gql('{ myMember { state decisionReason } }', {}, { ...nora, community: place.slug });
  expect(mine.data.myMember).toEqual({ state: 'REJECTED', decisionReason: 'Because.' });
  await policies(place, { admission: 'OPEN' });
  expect(await apply(place, nora)).toMatchObject({ id, state: 'APPLIED' });
  expect(await apply(place, await kith.user())).toMatchObject({ state: 'ACTIVE' });
});

test('admission by invitation only refuses applications', async () => {
  const place = await kith.community();
  await policies(place, { admission: 'INVITATION' });
  const nora = await kith.user();
  expect((await apply(place, nora)).code).toBe('ADMISSION_CLOSED');
  expect(await kith.sql('select from members where user_id = $1', [nora.userId])).toEqual([]);
});

test('applying accepts the charter in force and no other', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  await kith.gql('mutation { publishCharter(input: { text: "Be kind." }) { version } }', {}, olga);
  const nora = await kith.user();
  expect((await apply(place, nora, { version: 0 })).code).toBe('CHARTER_CHANGED');
  expect(await kith.sql('select from members where user_id = $1', [nora.userId])).toEqual([]);
  expect(await apply(place, nora, { version: 1 })).toMatchObject({ state: 'APPLIED' });
  expect(await kith.sql('select charter_version from members where user_id = $1', [nora.userId])).toEqual([
    { charter_version: 1 },
  ]);
});

test('one applies once: sent twice at the same time it is one application', async () => {
  const place = await kith.community();
  const nora = await kith.user();
  const [a, b] = await Promise.all([apply(place, nora), apply(place, nora)]);
  expect(a.id).toBe(b.id);
  const anna = await kith.member(place);
  expect(await apply(place, anna)).toMatchObject({ code: 'ALREADY_MEMBER' });
});

test('the listings a policy asks for have to be there before admission', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  await policies(place, { minimumOffers: 2, minimumWants: 1 });
  const { id } = await apply(place, await kith.user());
  const add = (kind: string, state: string) =>
    kith.sql(
      'insert into listings (community_id, id, member_id, kind, state, title) values ($1, $2, $3, $4::listing_kind, $5::listing_state, $6)',
      [...[place.id, newId(), localOf(id), kind, state, 'Something']],
    );
  await add('OFFER', 'DRAFT');
  await add('OFFER', 'WITHDRAWN');
  const refused = await approve(olga, id);
  expect(refused).toMatchObject({
    code: 'REQUIREMENTS_NOT_MET',
    message: 'Before admission the applicant has to prepare 1 more offers and 1 more wants.',
  });
  expect(await stateOf(localOf(id))).toBe('APPLIED');
  await add('OFFER', 'PUBLISHED');
  await add('WANT', 'DRAFT');
  expect(await approve(olga, id)).toMatchObject({ state: 'ACTIVE' });
});

test('of two applicants for the last place one gets it, also when both are approved at once', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  await kith.sql('update communities set member_capacity = 2 where id = $1', [place.id]);
  const [nora, otto] = [await apply(place, await kith.user()), await apply(place, await kith.user())];
  const answers = await Promise.all([approve(olga, nora.id), approve(olga, otto.id)]);
  expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual(['CommunityFull', 'Member']);
  const states = [await stateOf(localOf(nora.id)), await stateOf(localOf(otto.id))];
  expect(states.toSorted()).toEqual(['ACTIVE', 'APPLIED']);
});

test('an open community lets in as many as it has places for, also all at once', async () => {
  const place = await kith.community();
  await policies(place, { admission: 'OPEN' });
  await kith.sql('update communities set member_capacity = 3 where id = $1', [place.id]);
  const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => kith.user()));
  const answers = await Promise.all(people.map((person) => apply(place, person)));
  expect(answers.filter(({ __typename }) => __typename === 'Member')).toHaveLength(3);
  expect(await kith.sql('select count(*)::int from members where community_id = $1', [place.id])).toEqual([
    { count: 3 },
  ]);
});

test('approved and rejected at once, an applicant is one of the two', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const { id } = await apply(place, await kith.user());
  const answers = await Promise.all([approve(olga, id), decide('rejectMember')(olga, id)]);
  expect(answers.filter(({ code }) => code === 'WRONG_MEMBER_STATE')).toHaveLength(1);
  expect(answers.filter(({ state }) => state).map(({ state }) => state)).toEqual([await stateOf(localOf(id))]);
});

const STATES: MemberState[] = ['APPLIED', 'ACTIVE', 'SUSPENDED', 'LEAVING', 'LEFT', 'REJECTED'];
const own = (verb: string) => async (as: As) => (await kith.gql(`mutation { ${verb} ${ANSWER} }`, {}, as)).data[verb];
/** What each act makes of a membership in each state; what is not named is refused. */
const acts: Record<
  string,
  { leads: Partial<Record<MemberState, MemberState>>; act: (olga: Person, nora: Person) => Promise<{ code?: string }> }
> = {
  approveMember: {
    leads: { APPLIED: 'ACTIVE' },
    act: (olga, nora) => approve(olga, globalId('Member', nora.memberId)),
  },
  rejectMember: {
    leads: { APPLIED: 'REJECTED' },
    act: (olga, nora) => decide('rejectMember')(olga, globalId('Member', nora.memberId)),
  },
  suspendMember: {
    leads: { ACTIVE: 'SUSPENDED' },
    act: (olga, nora) => decide('suspendMember')(olga, globalId('Member', nora.memberId)),
  },
  reinstateMember: {
    leads: { SUSPENDED: 'ACTIVE' },
    act: (olga, nora) => decide('reinstateMember')(olga, globalId('Member', nora.memberId)),
  },
  withdrawApplication: { leads: { APPLIED: 'LEFT' }, act: (_olga, nora) => own('withdrawApplication')(nora) },
  leaveCommunity: {
    leads: { ACTIVE: 'LEFT', SUSPENDED: 'LEFT', LEAVING: 'LEFT' },
    act: (_olga, nora) => own('leaveCommunity')(nora),
  },
  applyForMembership: {
    leads: { APPLIED: 'APPLIED', LEFT: 'APPLIED', REJECTED: 'APPLIED' },
    act: (_olga, nora) => apply({ id: '', slug: nora.community }, nora),
  },
};
test.each(Object.entries(acts))(
  '%s leads where the life of a membership goes, and is refused elsewhere',
  async (_name, { leads, act }) => {
    const place = await kith.community();
    const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
    for (const state of STATES) {
      const nora = await kith.member(place, { state });
      const answer = await act(olga, nora);
      expect([state, await stateOf(nora.memberId)]).toEqual([state, leads[state] ?? state]);
      if (!leads[state]) expect(['WRONG_MEMBER_STATE', 'ALREADY_MEMBER']).toContain(answer.code);
      else expect(answer.code).toBeUndefined();
    }
  },
);

test('who leaves and comes back begins without the old roles', async () => {
  const place = await kith.community();
  await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  await policies(place, { admission: 'OPEN' });
  const mona = await kith.member(place, { roles: ['MEMBER', 'MODERATOR'] });
  expect(await own('leaveCommunity')(mona)).toMatchObject({ state: 'LEFT' });
  expect(await apply(place, mona)).toMatchObject({ state: 'ACTIVE' });
  expect((await kith.gql('{ myMember { roles } }', {}, mona)).data.myMember.roles).toEqual(['MEMBER']);
});

test('leaving and coming back does not end a suspension', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  await policies(place, { admission: 'OPEN' });
  const boris = await kith.member(place);
  await decide('suspendMember')(olga, globalId('Member', boris.memberId));
  expect(await own('leaveCommunity')(boris)).toMatchObject({ state: 'LEFT' });
  expect(await apply(place, boris)).toMatchObject({ state: 'APPLIED' });
});
