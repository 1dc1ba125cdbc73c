import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock } from '../api/src/clock.ts';
import { administrator, program, signUp, type Frontend } from './frontend.ts';
import { testKith, type TestKith } from './kit.ts';
import { after, costPlus, disputed, entered, fixed, money, split } from './storyTrades.ts';

const HOUR_MS = 3_600_000;
const SLUG = 'lindenhof';
const realNow = clock.now;
let kith: TestKith;
let shift = 0;
beforeAll(async () => {
  // The next Wednesday at 10:00 UTC, 19:00 in Tokyo: nothing of the story falls on the turn of a week or of a day.
  const now = realNow();
  const midday = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), 10);
  shift = midday + ((10 - now.getUTCDay()) % 7 || 7) * 24 * HOUR_MS - now.getTime();
  clock.now = () => new Date(realNow().getTime() + shift);
  kith = await testKith({ worker: true, settings: { TRUST_PROXY: 'on' } });
});
afterAll(async () => {
  clock.now = realNow;
  await kith.stop();
});

const NAME = `query ($id: ID!) { member(id: $id) { reputation {
  score level positive neutral negative positivePercent stars reviews tradesCompleted } karma { points } } }`;
/** What is known of a member, once the reviews and trades have been counted. */
async function named(
  asker: Frontend,
  { id }: Frontend,
  reputation: { reviews: number; [field: string]: unknown },
  points: number,
) {
  const isCounted = ({
    member,
  }: {
    member: { reputation: { reviews: number; tradesCompleted: number }; karma: { points: number } };
  }) =>
    member.reputation.reviews === reputation.reviews &&
    member.reputation.tradesCompleted === reputation.tradesCompleted &&
    member.karma.points === points;
  const { member } = await asker.sees(NAME, isCounted, { id });
  expect(member.reputation).toEqual(reputation);
}

async function joined(...names: string[]) {
  const all: Frontend[] = [];
  for (const name of names) {
    const one = await signUp(kith, name, SLUG);
    const { charter } = (await one.ask('{ community { charter { version } } }')).community;
    const application = { displayName: name, message: 'I live next door.', charterVersion: charter.version };
    expect(await one.act('applyForMembership', application)).toMatchObject({ state: 'APPLIED' });
    all.push(one);
  }
  return all as [Frontend, Frontend, Frontend, Frontend];
}

test('a community begins, trades in four ways, pays its holding cost, quarrels once, and adds up', async () => {
  // A platform administrator founds it for Olga, who sets the rules.
  const ada = await administrator(kith, 'ada@example.org');
  const olga = await signUp(kith, 'Olga', SLUG);
  const founding = { slug: SLUG, name: 'Lindenhof', currencyCode: 'LIND', currencyName: 'Linden' };
  expect(await ada.act('createCommunity', { ...founding, timeZone: 'Asia/Tokyo', operatorEmail: olga.email })).toEqual({
    ...{ __typename: 'Community', slug: SLUG },
  });
  const demurrage = { demurrage: true, demurrageRatePpm: 10_000, demurragePeriod: 'DAY', demurrageTime: '23:59' };
  const rules = { coinageGrant: 100, coinageShare: 50, creditLimit: 100, karma: true };
  const policies = { ...rules, ...demurrage, demurrageAllowance: 5, demurrageGraceDays: 0 };
  const RULES = `mutation ($input: PoliciesInput!) { updatePolicies(input: $input, reason: "The first assembly voted so.") {
    policies { ${Object.keys(policies).join(' ')} } } }`;
  expect((await olga.ask(RULES, { input: policies })).updatePolicies.policies).toEqual(policies);
  expect(await olga.act('publishCharter', { text: 'We deal fairly.' })).toEqual({ version: 1 });

  // Four people apply; she finds them in the queue and admits them.
  const [eva, nils, nora, mona] = await joined('Eva', 'Nils', 'Nora', 'Mona');
  const { items } = (await olga.ask('{ memberList(filter: { states: [APPLIED] }) { items { id displayName } } }'))
    .memberList;
  expect(items.map(({ displayName }: { displayName: string }) => displayName)).toEqual(['Eva', 'Mona', 'Nils', 'Nora']);
  for (const { id } of items)
    expect(await olga.act('approveMember', { memberId: id })).toMatchObject({ state: 'ACTIVE' });
  for (const who of [olga, eva, nils, nora, mona]) who.id = (await who.ask('{ myMember { id } }')).myMember.id;
  for (const who of [eva, nils, nora, mona])
    await who.sees(
      '{ myCoinage { remaining { amount } } }',
      (data: Coinage) => data.myCoinage.remaining.amount === '100.00',
    );
  const roles = ['MEMBER', 'MODERATOR'];
  expect(await olga.act('setMemberRoles', { memberId: mona.id, roles })).toMatchObject({ roles });
  const founder = { memberId: eva.id, reason: 'She has known everybody for years.' };
  expect(await olga.act('appointFounder', founder)).toMatchObject({ member: { id: eva.id } });
  for (const who of [eva, nils, nora]) await who.listen('tradeChanged', 'suggestionFound', 'accountChanged');

  await fixed(eva, nils);
  const none = { neutral: 0, negative: 0, positivePercent: 100 };
  const first = { score: 1, level: 1, positive: 1, ...none, reviews: 1, tradesCompleted: 1 };
  await named(nora, nils, { ...first, stars: 3.583 }, 1); // (5 × 3.5 + 4) ÷ 6
  await named(nora, eva, { ...first, stars: 3.75 }, 1); // (5 × 3.5 + 5) ÷ 6
  await after(eva, nora);
  await split(nils, eva);
  await costPlus(nora, nils);
  // Of each counterparty one point a week: Eva's two words on Nils are one, and of his two on her one takes back the other.
  const mixed = { score: 1, level: 1, positive: 1, neutral: 1, negative: 0, positivePercent: 100 };
  await named(nora, nils, { ...mixed, stars: 3.571, reviews: 3, tradesCompleted: 3 }, 2); // (17.5 + 4.5 + 3) ÷ 7
  await named(nora, eva, { ...mixed, stars: 3.714, reviews: 3, tradesCompleted: 3 }, 2); // (17.5 + 3.5 + 5) ÷ 7
  const two = { score: 2, level: 1, positive: 2, ...none, reviews: 2, tradesCompleted: 2 };
  await named(nils, nora, { ...two, stars: 3.738 }, 2); // (17.5 + 14 ÷ 3 + 4) ÷ 7

  await charged(olga, nils, nora);
  await disputed({ buyer: nora, provider: nils, operator: olga, moderator: mona });
  await addsUp(olga, { eva, nils, nora });
}, 60_000);
type Coinage = { myCoinage: { remaining: { amount: string } } };

/** The day ends: who has more than the allowance pays one percent of the rest to the treasury, and everybody can read it. */
async function charged(olga: Frontend, nils: Frontend, nora: Frontend) {
  const FORECAST = '{ myDemurrage { endsAt balance { amount } charge { amount } } }';
  const forecast = (await nils.ask(FORECAST)).myDemurrage;
  expect(forecast).toMatchObject({ balance: money('33.51'), charge: money('0.28') }); // ⌊28.51 × 1 %⌋
  expect(forecast.endsAt.slice(11)).toBe('14:59:00.000Z');
  shift += 6 * HOUR_MS;
  expect(clock.now().toISOString() > forecast.endsAt).toBe(true);
  await olga.ask('mutation { startDemurrage }');
  await entered(nils, 'DEMURRAGE', '33.23');
  await entered(nora, 'DEMURRAGE', '9.51'); // ⌊4.55 × 1 %⌋
  const RUNS = `{ demurrageRunList { total items { state accounts chargedAccounts charged { amount } arrears { amount }
    chargeList { items { member { id } paid { amount } balanceAfter { amount } } } } } }`;
  const runs = (await olga.ask(RUNS)).demurrageRunList;
  expect(runs).toMatchObject({
    total: 1,
    items: [{ state: 'DONE', chargedAccounts: 2, charged: money('0.32'), arrears: money('0.00') }],
  });
  expect(runs.items[0].chargeList.items).toEqual(
    expect.arrayContaining([
      { member: { id: nils.id }, paid: money('0.28'), balanceAfter: money('33.23') },
      { member: { id: nora.id }, paid: money('0.04'), balanceAfter: money('9.51') },
    ]),
  );
  const REPORT =
    '{ treasuryReport { balance { amount } income { amount } spending { amount } kinds { kind income { amount } entries } } }';
  expect((await nora.ask(REPORT)).treasuryReport).toEqual({
    ...{ balance: money('0.32'), income: money('0.32'), spending: money('0.00') },
    kinds: [{ kind: 'DEMURRAGE', income: money('0.32'), entries: 1 }],
  });
}

const minor = (amount: string) => Math.round(Number(amount) * 100);
const STATEMENT =
  '{ myAccount { statement(first: 50) { edges { node { kind memo amount { amount } balanceAfter { amount } } } } } }';
/** What each has, how it came about, and what the books say, are the same. */
async function addsUp(olga: Frontend, { eva, nils, nora }: Record<'eva' | 'nils' | 'nora', Frontend>) {
  const statement = async (who: Frontend) =>
    (await who.ask(STATEMENT)).myAccount.statement.edges
      .map(({ node }: Line) => `${node.kind} ${node.memo} ${node.amount.amount} = ${node.balanceAfter.amount}`)
      .reverse();
  expect(await statement(eva)).toEqual([
    'TRADE Bicycle repair -20.01 = -20.01',
    'TRADE Guitar lesson -7.78 = -27.79',
    'TRADE Kitchen table 12.50 = -15.29',
  ]);
  expect(await statement(nils)).toEqual([
    'TRADE Bicycle repair 40.01 = 40.01',
    'TRADE Kitchen table -12.50 = 27.51',
    'TRADE Painted fence 6.00 = 33.51',
    expect.stringMatching(/^DEMURRAGE .* -0\.28 = 33\.23$/),
    'TRADE Garden shed 3.00 = 36.23',
    'REVERSAL A roof was asked for, though not a good one. -3.00 = 33.23',
    'TRADE Garden shed 4.50 = 37.73',
  ]);
  expect(await statement(nora)).toEqual([
    'TRADE Guitar lesson 15.55 = 15.55',
    'TRADE Painted fence -6.00 = 9.55',
    expect.stringMatching(/^DEMURRAGE .* -0\.04 = 9\.51$/),
    'TRADE Garden shed -3.00 = 6.51',
    'REVERSAL A roof was asked for, though not a good one. 3.00 = 9.51',
    'TRADE Garden shed -4.50 = 5.01',
  ]);

  const JOURNAL = '{ journalEntryList(take: 50) { total items { kind postings { accountKind amount { amount } } } } }';
  const { total, items } = (await olga.ask(JOURNAL)).journalEntryList as Journal;
  expect(total).toBe(8);
  const sums: Record<string, number> = {};
  for (const { postings } of items) {
    expect(postings.reduce((sum, { amount }) => sum + minor(amount.amount), 0)).toBe(0);
    for (const { accountKind, amount } of postings) sums[accountKind] = (sums[accountKind] ?? 0) + minor(amount.amount);
  }
  expect(sums).toEqual({ MEMBER: 2745, ISSUANCE: -2777, TREASURY: 32 });
  const TRIAL = '{ trialBalance { kind balance { amount } reserved { amount } negative { amount } } }';
  const trial = (await olga.ask(TRIAL)).trialBalance;
  expect(trial).toHaveLength(3);
  expect(trial).toEqual(
    expect.arrayContaining([
      { kind: 'MEMBER', balance: money('27.45'), reserved: money('0.00'), negative: money('-15.29') },
      { kind: 'TREASURY', balance: money('0.32'), reserved: money('0.00'), negative: money('0.00') },
      { kind: 'ISSUANCE', balance: money('-27.77'), reserved: money('0.00'), negative: money('-27.77') },
    ]),
  );
  const COINAGE = `{ coinageReport { granted { amount } minted { amount } pending { amount } remaining { amount } voided { amount } expired { amount } }
    moneyReport { supply { amount } minted { amount } demurrage { amount } treasury { amount } } }`;
  const { coinageReport, moneyReport } = await olga.ask(COINAGE);
  expect(coinageReport).toEqual({
    ...{ granted: money('400.00'), minted: money('27.77'), remaining: money('372.23') },
    ...{ pending: money('0.00'), voided: money('0.00'), expired: money('0.00') },
  });
  expect(moneyReport).toEqual({
    ...{ supply: money('27.77'), minted: money('27.77'), demurrage: money('0.32'), treasury: money('0.32') },
  });
  expect(await program(kith, 'audit', '--community', SLUG)).toBe(
    '1 communities, 8 entries, 19 postings; 0 accounts in arrears after a reversal.\nEverything adds up.\n',
  );
}
type Line = { node: { kind: string; memo: string; amount: { amount: string }; balanceAfter: { amount: string } } };
type Journal = {
  total: number;
  items: { kind: string; postings: { accountKind: string; amount: { amount: string } }[] }[];
};
