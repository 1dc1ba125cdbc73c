import { afterAll, beforeAll, expect, test } from 'vitest';
import { listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const INBOX = `query ($listingId: ID) { suggestions(listingId: $listingId) { total items {
  id score reasons viewerSide viewerState counterpartAccepted want { title } offer { title member { displayName } } } } }`;
const LIVE =
  'subscription ($after: ID) { suggestionFound(after: $after) { id suggestion { want { title } offer { title } reasons } } }';
const ANSWER = '... on Suggestion { viewerState } ... on Error { code message }';
const ACCEPT = `mutation ($id: ID!) { acceptSuggestion(input: { suggestionId: $id }) { ${ANSWER} } }`;
const DISMISS = `mutation ($id: ID!, $reason: DismissalReason!) { dismissSuggestion(input: { suggestionId: $id, reason: $reason }) { ${ANSWER} } }`;

async function village() {
  const place = await kith.community();
  const [anna, boris, clara] = [
    await kith.member(place, { name: 'Anna' }),
    await kith.member(place, { name: 'Boris' }),
    await kith.member(place, { name: 'Clara' }),
  ];
  // Words everybody uses, so that the rare ones can be told from them.
  for (const title of ['Help with homework', 'Help in the garden', 'Help carrying boxes', 'Help with taxes'])
    await listing(kith, clara, { title });
  return { place, anna, boris, clara };
}
const inbox = async (as: Person, listingId?: string) =>
  (await kith.gql(INBOX, { listingId: listingId ?? null }, as)).data.suggestions;
const pairs = async (as: Person): Promise<string[]> =>
  (await inbox(as)).items.map(
    (item: { want: { title: string }; offer: { title: string } }) => `${item.want.title} ← ${item.offer.title}`,
  );
const stored = (communityId: string) =>
  kith.sql(
    'select want_id, offer_id, score, wanter_state, provider_state, withdrawn_at from suggestions where community_id = $1 order by want_id, offer_id',
    [communityId],
  );

test('a want and an offer find each other whichever is published first, and both members are told live, in words', async () => {
  for (const wantFirst of [true, false]) {
    const { anna, boris } = await village();
    const make = {
      want: () => listing(kith, anna, { kind: 'WANT', title: 'Someone to repair my bicycle' }),
      offer: () => listing(kith, boris, { kind: 'OFFER', title: 'Bicycle repairs' }),
    };
    const [wanter, provider] = [kith.subscribe(LIVE, {}, anna), kith.subscribe(LIVE, {}, boris)];
    await wanter.started;
    await provider.started;
    await (wantFirst ? make.want() : make.offer());
    await kith.jobs();
    await (wantFirst ? make.offer() : make.want());
    await kith.jobs();
    for (const live of [wanter, provider]) {
      const { suggestion } = (await live.next()).data.suggestionFound;
      expect([suggestion.want.title, suggestion.offer.title]).toEqual([
        'Someone to repair my bicycle',
        'Bicycle repairs',
      ]);
    }
    const [item] = (await inbox(anna)).items;
    expect(item).toMatchObject({
      viewerSide: 'WANTER',
      viewerState: 'OPEN',
      counterpartAccepted: false,
      offer: { member: { displayName: 'Boris' } },
    });
    expect(item.reasons[0]).toBe('both speak of “bicycle” and “repair”');
    expect((await inbox(boris)).items[0].viewerSide).toBe('PROVIDER');
  }
});

test('a pair is stored once and told once, however often its listings change and whoever looks at the same time', async () => {
  const { place, anna, boris } = await village();
  const [want, offer] = await Promise.all([
    listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' }),
    listing(kith, boris, { title: 'Piano lessons for all ages' }),
  ]);
  await Promise.all([kith.jobs(), kith.jobs()]);
  for (const [who, id] of [
    [anna, want],
    [boris, offer],
  ] as const) {
    const EDIT =
      'mutation ($input: UpdateListingInput!) { updateListing(input: $input) { __typename ... on Error { message } } }';
    const { data } = await kith.gql(EDIT, { input: { id: id, version: 1, description: 'Changed.' } }, who);
    expect(data.updateListing.__typename).toBe('Listing');
    await kith.jobs();
  }
  expect(await stored(place.id)).toHaveLength(1);
  const told = await kith.sql("select member_id from events where community_id = $1 and topic = 'suggestion.found'", [
    place.id,
  ]);
  expect(told.map(({ member_id }) => member_id).sort()).toEqual([anna.memberId, boris.memberId].sort());
  expect(
    await kith.sql("select 1 from notifications where community_id = $1 and kind = 'suggestion.found'", [place.id]),
  ).toHaveLength(2);
});

test('what was dismissed is never suggested again, to either of the two', async () => {
  const { anna, boris } = await village();
  await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' });
  const offer = await listing(kith, boris, { title: 'Piano lessons' });
  await kith.jobs();
  const { id } = (await inbox(anna)).items[0];
  const { data } = await kith.gql(DISMISS, { id, reason: 'TOO_FAR' }, anna);
  expect(data.dismissSuggestion).toEqual({ viewerState: 'DISMISSED' });
  const EDIT = 'mutation ($input: UpdateListingInput!) { updateListing(input: $input) { __typename } }';
  await kith.gql(EDIT, { input: { id: offer, version: 1, title: 'Piano lessons at your home' } }, boris);
  await kith.jobs();
  expect(await pairs(anna)).toEqual([]);
  expect(await pairs(boris)).toEqual([]);
  expect((await kith.gql(ACCEPT, { id }, boris)).data.acceptSuggestion.code).toBe('SUGGESTION_CLOSED');
});

test('accepting tells the other member, and accepting twice is accepting once', async () => {
  const { anna, boris } = await village();
  await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' });
  await listing(kith, boris, { title: 'Piano lessons' });
  await kith.jobs();
  const { id } = (await inbox(anna)).items[0];
  const answers = await Promise.all([1, 2, 3].map(() => kith.gql(ACCEPT, { id }, anna)));
  for (const { data } of answers) expect(data.acceptSuggestion).toEqual({ viewerState: 'ACCEPTED' });
  await kith.jobs();
  expect((await inbox(boris)).items[0].counterpartAccepted).toBe(true);
  expect(
    await kith.sql("select 1 from notifications where kind = 'suggestion.accepted' and member_id = $1", [
      boris.memberId,
    ]),
  ).toHaveLength(1);
});

test('closing a listing withdraws its suggestions at once, and opening it again brings them back unsaid', async () => {
  const { place, anna, boris } = await village();
  await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' });
  const offer = await listing(kith, boris, { title: 'Piano lessons' });
  await kith.jobs();
  const act = (verb: string, type: string) =>
    kith.gql(`mutation ($input: ${type}!) { ${verb}(input: $input) { __typename } }`, { input: { id: offer } }, boris);
  expect((await act('pauseListing', 'PauseListingInput')).errors).toBeUndefined();
  expect(await pairs(anna)).toEqual([]);
  await kith.jobs();
  expect((await stored(place.id))[0]!.withdrawn_at).not.toBeNull();
  expect((await act('resumeListing', 'ResumeListingInput')).errors).toBeUndefined();
  await kith.jobs();
  expect(await pairs(anna)).toEqual(['Piano lessons ← Piano lessons']);
  expect(await kith.sql('select 1 from notifications where member_id = $1', [anna.memberId])).toHaveLength(1);
});

test('a provider with many like offers does not crowd out the others', async () => {
  const { anna, boris, clara } = await village();
  for (const title of ['Piano lessons', 'Piano lessons', 'Piano lessons', 'Piano lessons'])
    await listing(kith, boris, { title });
  await listing(kith, clara, { title: 'Lessons: piano, for children' });
  const want = await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' });
  await kith.jobs();
  const { items, total } = await inbox(anna, want);
  expect(total).toBe(5);
  expect(
    new Set(
      items.slice(0, 2).map((item: { offer: { member: { displayName: string } } }) => item.offer.member.displayName),
    ),
  ).toEqual(new Set(['Boris', 'Clara']));
});

test('own listings, other communities and unrelated things are no counterparts', async () => {
  const { anna, boris } = await village();
  const elsewhere = await village();
  await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' });
  await listing(kith, anna, { title: 'Piano lessons' });
  await listing(kith, elsewhere.boris, { title: 'Piano lessons' });
  await listing(kith, boris, { title: 'Vegetables from my garden' });
  await kith.jobs();
  for (const who of [anna, boris, elsewhere.boris]) expect(await pairs(who)).toEqual([]);
});

test('a suggestion belongs to its two members: a third sees and answers nothing', async () => {
  const { place, anna, boris, clara } = await village();
  await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' });
  await listing(kith, boris, { title: 'Piano lessons' });
  await kith.jobs();
  const { id } = (await inbox(anna)).items[0];
  const before = await stored(place.id);
  expect((await kith.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, clara)).data.node).toBeNull();
  expect((await kith.gql(ACCEPT, { id }, clara)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await kith.gql(DISMISS, { id, reason: 'OTHER' }, clara)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect(await stored(place.id)).toEqual(before);
});
