import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clock } from '../api/src/clock.ts';
import { grantOnAdmission } from '../api/src/coinage/grants.ts';
import { establish, sell, standingOf } from '../api/src/coinage/testCoinage.ts';
import { newId } from '../api/src/ids.ts';
import { treasuryOf } from '../api/src/ledger/accounts.ts';
import { credit, debit, post } from '../api/src/ledger/entries.ts';
import { balancesOf, differences, ledgerOf, mint, moneyed } from '../api/src/ledger/testLedger.ts';
import { dealing } from '../api/src/trades/testTrades.ts';
import { noBrowser } from './browser.ts';
import { row, shows, testConsole, WITHIN_MS } from './consoleWindow.ts';
import type { Person, TestKith } from './kit.ts';
import { globalId } from './listing.ts';

const DAY_MS = 86_400_000;
const MOST = 390;
const NAMES = ['Anna Berg', 'Boris', 'Carla'];

describe.skipIf(noBrowser)(`money in the console, in a browser${noBrowser ? `: ${noBrowser}` : ''}`, () => {
  const { open, kith: made } = testConsole();
  let kith: TestKith;
  beforeAll(() => void (kith = made()));
  const realNow = clock.now;
  afterEach(async () => {
    clock.now = realNow;
    expect(await differences(kith)).toEqual([]);
  });

  /** Members called by their names, and Olga who runs the community. */
  async function named<Made extends { community: { id: string; slug: string }; people: Person[] }>(world: Made) {
    for (const [at, { memberId }] of world.people.entries())
      await kith.sql('update members set display_name = $2 where id = $1', [memberId, NAMES[at]]);
    const olga = await kith.member(world.community, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] });
    return { ...world, olga };
  }
  const village = async (amounts: bigint[]) => named(await moneyed(kith, amounts));
  const statementOf = async (page: Page, account: { id: string }) => {
    await page.goto(`${kith.url}/#/accounts/${encodeURIComponent(globalId('Account', account.id))}/show`);
    return page.getByRole('region', { name: 'Statement' });
  };
  const dialogOf = (page: Page) => page.getByRole('dialog');
  async function choose(dialog: Locator, page: Page, name: string) {
    await dialog.getByLabel('Member').fill(name.slice(0, 3));
    await page.getByRole('option', { name }).click();
  }

  test('an entry is reversed with a reason; the statement shows both, and it is reversed once', async () => {
    const { accounts, olga, inside } = await village([10_000n, 0n]);
    const postings = [debit(accounts[0]!, 1250n), credit(accounts[1]!, 1250n)];
    await inside((tx) => post(tx, { id: newId(), kind: 'PAYMENT', memo: 'For the lamp', postings }));
    const page = await open('/#/journal', olga);
    await row(page, 'For the lamp').getByText('Anna Berg → Boris').waitFor();
    await row(page, 'For the lamp').getByText('12.50 TEST').click();
    await page.getByRole('button', { name: 'Reverse' }).click();
    const confirm = dialogOf(page).getByRole('button', { name: 'Reverse' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialogOf(page).getByLabel('Reason').fill('The lamp went to Carla.');
    await confirm.click();
    await shows(page, 'Reversed on');
    await page.getByLabel('It was reversed already.').waitFor();
    await page.getByRole('link', { name: 'Boris' }).click();
    const statement = page.getByRole('region', { name: 'Statement' });
    await statement.getByRole('row').filter({ hasText: 'The lamp went to Carla.' }).getByText('-12.50').waitFor();
    await statement.getByRole('row').filter({ hasText: 'For the lamp' }).getByText('12.50').first().waitFor();
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
  });

  test('a dispute is decided by a part, which both statements show; more than the whole is refused in words', async () => {
    const { act, buyer, tradeId, olga, accounts } = await named(await dealing(kith, { until: 'DELIVERED' }));
    await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Half of it was stale' });
    const page = await open('/#/disputes', olga);
    await row(page, 'Anna Berg').getByText('40.00 TEST').click();
    await shows(page, 'Half of it was stale');
    await page.getByRole('button', { name: 'Decide' }).click();
    const dialog = dialogOf(page);
    await dialog.getByLabel('Split: the provider has a part').check();
    await dialog.getByLabel('Part of the provider').fill('45');
    await dialog.getByLabel('Reason').fill('Two of five loaves were good.');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'more than nothing and less than the whole' }).waitFor();
    expect(await balancesOf(kith, accounts)).toEqual(['10000 (4000 reserved)', '0']);
    await dialog.getByLabel('Part of the provider').fill('15,55');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await shows(page, 'Olga decided: Split, 15.55 TEST to the provider');
    expect(await balancesOf(kith, accounts)).toEqual(['8445', '1555']);
    await (await statementOf(page, accounts[0]!)).getByText('-15.55').waitFor();
    await (await statementOf(page, accounts[1]!)).getByRole('row', { name: /Trade · Anna Berg/ }).waitFor();
    await shows(page, '15.55 TEST');
  });

  test('what belongs to a trade is undone there, not in the journal', async () => {
    const { olga, accounts } = await named(await dealing(kith, { until: 'COMPLETED' }));
    const page = await open('/#/journal', olga);
    await row(page, 'Anna Berg → Boris').click();
    await page.getByLabel('It belongs to a trade').waitFor();
    await page.getByRole('link', { name: 'Bread' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await dialogOf(page).getByLabel('Reason').fill('Both asked for it.');
    await dialogOf(page).getByRole('button', { name: 'Undo' }).click();
    await shows(page, 'The trade is undone.');
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
    await page.getByRole('menuitem', { name: 'Trades' }).click();
    await row(page, 'Bread').getByText('Undone').waitFor();
  });

  test('coins are earmarked in the decimals of the currency, and a founder is appointed and dismissed', async () => {
    const { community, people, olga, inside } = await village([0n]);
    const { memberId } = people[0]!;
    await inside((tx) => grantOnAdmission(tx, { communityId: community.id, memberId }));
    const page = await open('/#/coinage', olga);
    const anna = row(page, 'Anna Berg');
    await anna.getByRole('button', { name: 'Grant' }).click();
    const dialog = dialogOf(page);
    await dialog.getByLabel('Amount, TEST').fill('12.345');
    await dialog.getByLabel('Reason').fill('A second start.');
    await dialog.getByRole('button', { name: 'Grant' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'at most 2 decimals' }).waitFor();
    await dialog.getByLabel('Amount, TEST').fill('1150.50');
    await dialog.getByRole('button', { name: 'Grant' }).click();
    await shows(page, 'Anna Berg may earn 1,150.50 TEST more.');
    await anna.getByText('1,250.50').first().waitFor();
    await page.getByRole('region', { name: 'In total' }).getByText('1,250.50 TEST').first().waitFor();
    expect(await standingOf(kith, memberId)).toEqual(['125050', '0', '0']);

    const founders = () => kith.sql('select reason from coinage_founders where member_id = $1', [memberId]);
    await anna.getByRole('button', { name: 'Appoint founder' }).click();
    await dialogOf(page).getByLabel('Reason').fill('She began it all.');
    await dialogOf(page).getByRole('button', { name: 'Appoint founder' }).click();
    await anna.getByText('Founder', { exact: true }).waitFor();
    expect(await founders()).toEqual([{ reason: 'She began it all.' }]);
    await anna.getByRole('button', { name: 'Dismiss founder' }).click();
    await dialogOf(page).getByLabel('Reason').fill('Others can buy now.');
    await dialogOf(page).getByRole('button', { name: 'Dismiss founder' }).click();
    await anna.getByRole('button', { name: 'Appoint founder' }).waitFor();
    expect(await founders()).toEqual([]);
  });

  test('a mint is undone with a reason, once: the coins go, and may be earned again', async () => {
    const { community, people, accounts, olga, inside } = await village([10_000n, 0n]);
    const [buyer, provider] = people as [Person, Person];
    await establish(kith, community.id, buyer);
    await inside((tx) => grantOnAdmission(tx, { communityId: community.id, memberId: provider.memberId }));
    const sides = { buyerId: buyer.memberId, providerId: provider.memberId };
    expect(await sell({ communityId: community.id, ...sides, price: 2000n })).toBe(1000n);
    const page = await open('/#/mints', olga);
    await row(page, '10.00 TEST').getByRole('button', { name: 'Undo' }).click();
    await dialogOf(page).getByText('Boris gives 10.00 TEST back').waitFor();
    await dialogOf(page).getByLabel('Reason').fill('Nothing was delivered.');
    await dialogOf(page).getByRole('button', { name: 'Undo' }).click();
    await row(page, 'Nothing was delivered.').getByLabel('It was undone already.').waitFor();
    expect(await balancesOf(kith, accounts)).toEqual(['9000', '1000']);
    expect(await standingOf(kith, provider.memberId)).toEqual(['10000', '0', '0']);
  });

  test('rules of demurrage are tried out, what is due is charged, and the page of the run says who paid', async () => {
    // In the last day just one day has ended.
    const yesterday = new Date(Date.now() - DAY_MS);
    clock.now = () => yesterday;
    const { community, accounts, olga } = await village([50_000n, 9_000n]);
    clock.now = realNow;
    await kith.sql('update members set admitted_at = $2 where community_id = $1', [community.id, yesterday]);
    const rules = { demurrage: true, demurrageGraceDays: 0, demurrageAllowance: 100, demurragePeriod: 'DAY' };
    await kith.sql('update communities set policies = $2, created_at = $3 where id = $1', [
      ...[community.id, rules, yesterday],
    ]);
    const page = await open('/#/demurrage', olga);
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByRole('row', { name: 'Anna Berg' }).getByText('4.00 TEST').waitFor();
    await page.getByLabel('The rules above are those in force.').waitFor();
    await page.getByLabel('Rate of a period, %').fill('10');
    await page.getByRole('button', { name: 'Who would pay what' }).click();
    await preview.getByRole('row', { name: 'Anna Berg' }).getByText('40.00 TEST').waitFor();
    expect(await balancesOf(kith, accounts)).toEqual(['50000', '9000']);

    await page.getByRole('button', { name: 'Charge what is due' }).click();
    await dialogOf(page).getByRole('button', { name: 'Charge what is due' }).click();
    await shows(page, 'Whatever is due is being charged.');
    const done = () =>
      kith.sql("select from demurrage_runs where community_id = $1 and state = 'DONE'", [community.id]);
    await expect.poll(async () => (await done()).length, { timeout: WITHIN_MS }).toBe(1);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await row(page, '1 of 2').getByText('4.00 TEST').click();
    await page.getByRole('heading', { name: /^Demurrage to / }).waitFor();
    const charges = page.getByRole('region', { name: 'Charges' });
    await charges.getByRole('row', { name: 'Anna Berg' }).getByText('496.00 TEST').waitFor();
    expect(await charges.getByRole('row', { name: 'Boris' }).count()).toBe(0);
    expect(await balancesOf(kith, accounts)).toEqual(['49600', '9000']);
  });

  test('the treasury grants; a burn beyond what it holds is refused in words and moves nothing', async () => {
    const { community, accounts, olga, inside } = await village([0n]);
    const fund = await inside(treasuryOf);
    await inside((tx) => mint(tx, fund, 10_000n));
    const page = await open('/#/treasury', olga);
    await page.getByRole('button', { name: 'Grant' }).click();
    await choose(dialogOf(page), page, 'Anna Berg');
    await dialogOf(page).getByLabel('Amount').fill('12.50');
    await dialogOf(page).getByLabel('Reason').fill('Harvest help');
    await dialogOf(page).getByRole('button', { name: 'Grant' }).click();
    await row(page, 'Harvest help').getByText('87.50 TEST').waitFor();
    expect(await balancesOf(kith, [...accounts, fund])).toEqual(['1250', '8750']);

    const before = await ledgerOf(kith, community.id);
    await page.getByRole('button', { name: 'Burn' }).click();
    await dialogOf(page).getByLabel('Amount').fill('87.51');
    await dialogOf(page).getByLabel('Reason').fill('Too much in the world');
    await dialogOf(page).getByRole('button', { name: 'Burn' }).click();
    await dialogOf(page).getByRole('alert').filter({ hasText: 'There is not enough available' }).waitFor();
    expect(await ledgerOf(kith, community.id)).toEqual(before);
    await dialogOf(page).getByLabel('Amount').fill('87.50');
    await dialogOf(page).getByRole('button', { name: 'Burn' }).click();
    await row(page, 'Too much in the world').getByText('0.00 TEST').waitFor();
    expect(await balancesOf(kith, [...accounts, fund])).toEqual(['1250', '0']);
  });

  test('karma is given for work, and taken back with a reason', async () => {
    const { community, people, olga } = await village([0n]);
    await kith.sql('update communities set policies = $2 where id = $1', [community.id, { karma: true }]);
    const points = () =>
      kith.sql('select points, reason from karma_awards where member_id = $1', [people[0]!.memberId]);
    const page = await open('/#/karma', olga);
    await page.getByRole('button', { name: 'Give points' }).click();
    await choose(dialogOf(page), page, 'Anna Berg');
    await dialogOf(page).getByLabel('Points').fill('7');
    await dialogOf(page).getByLabel('What they did').fill('Painted the hall.');
    await dialogOf(page).getByRole('button', { name: 'Give' }).click();
    await shows(page, 'Anna Berg has 7 points more.');
    expect(await points()).toEqual([{ points: 7, reason: 'Painted the hall.' }]);
    await row(page, 'Painted the hall.').getByRole('button', { name: 'Take back' }).click();
    await dialogOf(page).getByLabel('Reason').fill('It was Boris.');
    await dialogOf(page).getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('heading', { name: 'No points yet' }).waitFor();
    expect(await points()).toEqual([]);
  });

  test('on a phone no page of money is wider than the screen, and its acts are there', async () => {
    const { community, people, olga, inside } = await village([1_234_567_890n, 0n]);
    const [buyer, provider] = people as [Person, Person];
    await establish(kith, community.id, buyer);
    await inside((tx) => grantOnAdmission(tx, { communityId: community.id, memberId: provider.memberId }));
    const sides = { buyerId: buyer.memberId, providerId: provider.memberId };
    await sell({ communityId: community.id, ...sides, price: 2000n });
    const page = await open('/', olga, { width: MOST, height: 800 });
    for (const [at, heading, shown] of [
      ['accounts', 'Accounts', /12,345,6/],
      ['journal', 'Journal', 'Anna Berg, Issuance → Boris'],
      ['demurrage', 'Demurrage', 'No period charged yet'],
      ['coinage', 'Coinage', 'Appoint founder'],
      ['mints', 'Mints', 'Undo'],
      ['treasury', 'Treasury', 'The economy'],
      ['trades', 'Trades', 'No trades here'],
      ['disputes', 'Disputes', 'No disputes here'],
      ['karma', 'Karma', 'Give points'],
      ['understanding', 'Understanding', 'By words alone'],
    ] as const) {
      await page.goto(`${kith.url}/#/${at}`);
      await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
      await shows(page, shown);
      expect(await page.evaluate('document.documentElement.scrollWidth'), heading).toBeLessThanOrEqual(MOST);
    }
  });

  test('an administrator without a community reads how the texts of all are understood', async () => {
    const { token } = await kith.user({ name: 'Kit', administrator: true });
    const page = await open('/#/communities', { token, community: '' });
    await page.getByRole('link', { name: 'How texts are understood' }).click();
    await page.getByRole('heading', { name: 'All communities' }).waitFor();
    await page.getByRole('button', { name: 'Learn now' }).waitFor();
    await page.getByRole('link', { name: 'Your communities' }).click();
    await page.getByRole('heading', { name: 'Choose a community' }).waitFor();
  });
});
