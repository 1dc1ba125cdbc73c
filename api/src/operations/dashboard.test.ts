import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const DASHBOARD = `{ dashboard {
  members { applied active suspended leaving left rejected }
  offers { draft published paused expired fulfilled withdrawn hidden }
  wants { draft published paused expired fulfilled withdrawn hidden }
  newMembers newListings membersWithoutOffers openSuggestions runningImports
  undecidedDisputes checkedImports accountsInArrears notices { part text }
} }`;

const NONE = { draft: 0, published: 0, paused: 0, expired: 0, fulfilled: 0, withdrawn: 0, hidden: 0 };

async function listing(communityId: string, memberId: string, kind: string, state: string, age = '1 hour') {
  const id = newId();
  await kith.sql(
    `insert into listings (community_id, id, member_id, kind, state, title, published_at)
     values ($1, $2, $3, $4::listing_kind, $5::listing_state, 'A thing', now() - $6::interval)`,
    [communityId, id, memberId, kind, state, age],
  );
  return id;
}

async function trade(communityId: string, dispute: string, buyerId: string, providerId: string) {
  const id = newId();
  await kith.sql(
    `insert into trades (community_id, id, created_from, buyer_id, provider_id, title, state, expires_at)
     values ($1, $2, '\\x00', $3, $4, 'Bread', 'DISPUTED', now())`,
    [communityId, id, buyerId, providerId],
  );
  await kith.sql(
    `insert into disputes (community_id, id, trade_id, side, reason, opened_from, state)
     values ($1, $2, $3, 'BUYER', 'It never came.', 'AGREED', $4::dispute_state)`,
    [communityId, newId(), id, dispute],
  );
}

test('the dashboard counts its own community and no other', async () => {
  const [place, other] = [await kith.community(), await kith.community()];
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const anna = await kith.member(place);
  const boris = await kith.member(place);
  await kith.member(place, { state: 'APPLIED' });
  await kith.member(place, { state: 'SUSPENDED' });
  await kith.sql("update members set admitted_at = now() - interval '8 days' where id = $1", [boris.memberId]);
  const offer = await listing(place.id, anna.memberId, 'OFFER', 'PUBLISHED');
  const want = await listing(place.id, boris.memberId, 'WANT', 'PUBLISHED', '8 days');
  const hidden = await listing(place.id, boris.memberId, 'OFFER', 'HIDDEN');
  for (const [offerId, state] of [
    [offer, 'OPEN'],
    [hidden, 'DISMISSED'],
  ])
    await kith.sql(
      `insert into suggestions (community_id, want_id, offer_id, id, wanter_id, provider_id, score, parts, reasons, wanter_state)
       values ($1, $2, $3, $4, $5, $6, 0.5, '{}', '[]', $7::suggestion_state)`,
      [place.id, want, offerId, newId(), boris.memberId, anna.memberId, state],
    );
  await trade(place.id, 'OPEN', boris.memberId, anna.memberId);
  await trade(place.id, 'APPEALED', boris.memberId, anna.memberId);
  await trade(place.id, 'RESOLVED', boris.memberId, anna.memberId);
  for (const [memberId, balance] of [
    [anna.memberId, -1],
    [boris.memberId, 0],
  ])
    await kith.sql(
      "insert into accounts (community_id, id, kind, member_id, is_local, currency_code, scale, balance) values ($1, $2, 'MEMBER', $3, true, 'TEST', 2, $4)",
      [place.id, newId(), memberId, balance],
    );
  for (const state of ['CHECKED', 'CHECKING', 'DONE'])
    await kith.sql("insert into imports (community_id, id, kind, state) values ($1, $2, 'MEMBERS', $3::import_state)", [
      place.id,
      newId(),
      state,
    ]);
  const stranger = await kith.member(other, { roles: ['MEMBER', 'OPERATOR'] });

  const { data } = await kith.gql(DASHBOARD, {}, olga);
  expect(data.dashboard).toEqual({
    members: { applied: 1, active: 3, suspended: 1, leaving: 0, left: 0, rejected: 0 },
    offers: { ...NONE, published: 1, hidden: 1 },
    wants: { ...NONE, published: 1 },
    newMembers: 2,
    newListings: 1,
    membersWithoutOffers: 2,
    openSuggestions: 1,
    runningImports: 1,
    ...{ undecidedDisputes: 2, checkedImports: 1, accountsInArrears: 1 },
    notices: expect.any(Array),
  });
  const { data: theirs } = await kith.gql(DASHBOARD, {}, stranger);
  expect(theirs.dashboard).toMatchObject({
    members: { active: 1 },
    offers: NONE,
    wants: NONE,
    openSuggestions: 0,
    undecidedDisputes: 0,
  });
});

test('an ordinary member does not see the dashboard', async () => {
  const anna = await kith.member(await kith.community());
  const { data, errors } = await kith.gql(DASHBOARD, {}, anna);
  expect(data).toBeNull();
  expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
});
