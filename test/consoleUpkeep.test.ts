import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../api/src/ids.ts';
import { noBrowser } from './browser.ts';
import { PASSWORD, row, shows, testConsole } from './consoleWindow.ts';
import type { TestKith } from './kit.ts';

describe.skipIf(noBrowser)(`the upkeep of a community in a browser${noBrowser ? `: ${noBrowser}` : ''}`, () => {
  const { open, operator, setPassword, listing, kith: made } = testConsole();
  let kith: TestKith;
  beforeAll(() => void (kith = made()));

  test('an operator changes their password, ends another session, and keeps this one', async () => {
    const { olga } = await operator();
    await setPassword(olga);
    const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { token } } }`;
    const input = { email: olga.email, password: PASSWORD, label: 'backup script' };
    const other = (await kith.gql(SIGN_IN, { input })).data.signIn.token as string;
    const page = await open('/#/members', olga);
    await page.getByText('Olga').first().waitFor();
    await page.getByRole('button', { name: 'Profile' }).or(page.locator('.RaUserMenu-userButton')).first().click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.getByRole('group', { name: 'backup script' }).getByRole('button', { name: 'End' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
    await shows(page, 'The session has ended.');
    expect((await kith.gql('{ me { name } }', {}, { token: other })).data.me).toBeNull();

    await page.getByLabel('Present password').fill('not the password');
    await page.getByLabel('New password').fill('a whole new password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await shows(page, 'The present password is another one.');
    await page.getByLabel('Present password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await shows(page, 'The password is changed');
    const again = { email: olga.email, password: 'a whole new password' };
    expect((await kith.gql(SIGN_IN, { input: again })).data.signIn.token).toBeTruthy();
    await page.getByLabel('Shown name').fill('Olga Neu');
    await page.getByRole('region', { name: 'In this community' }).getByRole('button', { name: 'Save' }).click();
    await shows(page, 'Your profile is saved.');
    expect(await kith.sql('select display_name from members where id = $1', [olga.memberId])).toEqual([
      { display_name: 'Olga Neu' },
    ]);
  });

  test('a member without offers is found, and erased with a reason', async () => {
    const { place, olga } = await operator();
    const [anna, boris] = [await kith.member(place, { name: 'Anna' }), await kith.member(place, { name: 'Boris' })];
    await listing(place, anna.memberId, 'Bread');
    const filter = encodeURIComponent(JSON.stringify({ offers: 'NONE' }));
    const page = await open(`/#/members?filter=${filter}`, olga);
    await row(page, 'Boris').waitFor();
    expect(await row(page, 'Anna').count()).toBe(0);
    await row(page, 'Boris').click();
    await page.getByRole('button', { name: 'Erase' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Erase' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('He asked by phone.');
    await dialog.getByRole('button', { name: 'Erase' }).click();
    await shows(page, 'Boris is erased.');
    expect(await kith.sql('select user_id, state from members where id = $1', [boris.memberId])).toEqual([
      { user_id: null, state: 'LEFT' },
    ]);
  });

  test('equal words are changed, the category tree goes out as a file and comes back, all members are saved', async () => {
    const { olga } = await operator();
    const make = 'mutation { createSynonyms(input: { terms: ["lift", "ride"] }) { __typename } }';
    await kith.gql(make, {}, olga);
    const page = await open('/#/synonyms', olga);
    await row(page, 'ride').getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Words that mean the same').fill('lift, ride, car share');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await row(page, 'car share').waitFor();

    await page.goto(`${kith.url}/#/categories`);
    await page.getByLabel('Category file').setInputFiles({
      name: 'tree.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('key,parent_key,name\nhome,,Home\ngarden,home,Garden\n'),
    });
    await shows(page, 'The categories of tree.csv are in the tree.');
    await page.getByText('Garden', { exact: true }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const tree = await readFile(await (await saved).path(), 'utf8');
    expect(tree).toContain('garden,home,Garden');
    await page.getByLabel('Category file').setInputFiles({
      name: 'wrong.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('key,parent_key,name\nNo Key,,Home\n'),
    });
    await shows(page, /Nothing was imported: Line 2/);

    await page.goto(`${kith.url}/#/members`);
    const members = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download all' }).click();
    expect((await members).suggestedFilename()).toBe('members.csv');
    expect(await readFile(await (await members).path(), 'utf8')).toMatch(/^\uFEFFexternal_id,|^\uFEFF.*name/);
  });

  test('policies are saved with a reason, which members read in the history and operators in the audit log', async () => {
    const { place, olga } = await operator();
    const page = await open('/#/settings', olga);
    const policies = page.getByRole('region', { name: 'Policies' });
    await policies.getByLabel('Days a want stays published').fill('30');
    await policies.getByLabel('Reason').fill('The assembly voted so.');
    await policies.getByRole('button', { name: 'Save policies' }).click();
    await shows(page, 'The policies are saved.');
    expect(await policies.getByLabel('Reason').inputValue()).toBe('');
    const changes = 'select name, after, reason from policy_changes where community_id = $1';
    expect(await kith.sql(changes, [place.id])).toEqual([
      { name: 'wantDays', after: 30, reason: 'The assembly voted so.' },
    ]);
    const money = page.getByRole('region', { name: 'Money, trades and coinage' });
    await money.getByLabel('Share that is minted, %').fill('40');
    await money.getByLabel('New coinage').uncheck();
    await money.getByRole('button', { name: 'Save these policies' }).click();
    await expect
      .poll(async () => (await kith.sql(`${changes} and reason is null order by name`, [place.id])).length)
      .toBe(2);
    expect((await kith.sql('select policies from communities where id = $1', [place.id]))[0]!.policies).toEqual({
      ...{ wantDays: 30, coinage: false, coinageShare: 40 },
    });
    await page.getByRole('menuitem', { name: 'Audit log' }).click();
    await row(page, 'The assembly voted so.').getByText('Community: policies').waitFor();
  });

  test('the dashboard leads to the disputes that wait for a decision; a role that does not decide sees their number', async () => {
    const { place, olga } = await operator();
    const anna = await kith.member(place, { name: 'Anna' });
    for (const [title, state] of [
      ['Plum jam', 'OPEN'],
      ['Bicycle repair', 'APPEALED'],
      ['Bread', 'CLOSED'],
    ]) {
      const id = newId();
      await kith.sql(
        `insert into trades (community_id, id, created_from, buyer_id, provider_id, title, state, expires_at) values ($1, $2, '\\x00', $3, $4, $5, 'DISPUTED', now())`,
        [place.id, id, anna.memberId, olga.memberId, title],
      );
      await kith.sql(
        `insert into trade_proposals (community_id, trade_id, version, side, terms) values ($1, $2, 1, 'BUYER', 'AFTER')`,
        [place.id, id],
      );
      await kith.sql(
        `insert into disputes (community_id, id, trade_id, side, reason, opened_from, state) values ($1, $2, $3, 'BUYER', 'It never came.', 'AGREED', $4::dispute_state)`,
        [place.id, newId(), id, state],
      );
    }
    const page = await open('/', olga);
    await page.getByRole('link', { name: 'Accounts in arrears: 0' }).waitFor();
    await page.getByRole('link', { name: 'Imports to start: 0' }).waitFor();
    await page.getByRole('link', { name: 'Disputes: 2' }).click();
    await row(page, 'Plum jam').waitFor();
    await row(page, 'Bicycle repair').waitFor();
    expect(await row(page, 'Bread').count()).toBe(0);
    await page.close();
    const treasurer = await kith.member(place, { name: 'Toni', roles: ['MEMBER', 'TREASURER'] });
    const other = await open('/', treasurer);
    await other.getByRole('region', { name: 'Disputes: 2' }).waitFor();
    expect(await other.getByRole('link', { name: 'Disputes: 2' }).count()).toBe(0);
  });
});
