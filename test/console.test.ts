import type { Page } from 'playwright-core';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { inCommunity } from '../api/src/db.ts';
import { newId } from '../api/src/ids.ts';
import { enqueue } from '../api/src/jobs.ts';
import { noBrowser } from './browser.ts';
import { PASSWORD, row, shows, testConsole, WITHIN_MS } from './consoleWindow.ts';
import type { TestKith } from './kit.ts';

describe.skipIf(noBrowser)(`the console in a browser${noBrowser ? `: ${noBrowser}` : ''}`, () => {
  const { open, operator, setPassword, listing, kith: made } = testConsole();
  let kith: TestKith;
  beforeAll(() => void (kith = made()));

  async function signIn(page: Page, email: string, password = PASSWORD) {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  const stateOf = async (table: 'members' | 'listings', id: string) =>
    (await kith.sql<{ state: string }>(`select state from ${table} where id = $1`, [id]))[0]!.state;

  test('an operator of two communities signs in, chooses one, and sees its counts', async () => {
    const { place, olga } = await operator();
    const other = await kith.community({ name: 'Riverside' });
    await kith.sql(
      "insert into members (community_id, id, user_id, state, roles, display_name) values ($1, $2, $3, 'ACTIVE', '{MEMBER,OPERATOR}', 'Olga')",
      [other.id, newId(), olga.userId],
    );
    await setPassword(olga);
    await kith.member(place, { name: 'Anna', state: 'APPLIED' });
    await listing(place, olga.memberId, 'Bread');
    const page = await open('/');
    await signIn(page, olga.email);
    await page.getByRole('button', { name: 'Lindenhof' }).click();
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    await page.getByRole('link', { name: 'Applications: 1' }).waitFor();
    await page.getByRole('link', { name: 'Active members: 1' }).waitFor();
    await page.getByRole('link', { name: 'Published offers: 1' }).waitFor();
    await page.getByRole('button', { name: 'Community: Lindenhof' }).click();
    await page.getByRole('menuitem', { name: 'Riverside' }).click();
    await page.getByRole('link', { name: 'Applications: 0' }).waitFor();
  });

  test('a wrong password is told in words, and signs nobody in', async () => {
    const { olga } = await operator();
    await setPassword(olga);
    const page = await open('/');
    await signIn(page, olga.email, 'wrong horse battery');
    await page.getByRole('alert').filter({ hasText: 'The address or the password is wrong.' }).waitFor();
    expect(
      await page.evaluate("sessionStorage.getItem('kith.token') ?? localStorage.getItem('kith.token')"),
    ).toBeNull();
  });

  test('a session that was ended elsewhere leads to sign-in, with a word why', async () => {
    const { olga } = await operator();
    const page = await open('/#/members', olga);
    await row(page, 'Olga').waitFor();
    await kith.gql('mutation { signOutEverywhere }', {}, olga);
    await page.getByRole('menuitem', { name: 'Listings' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await shows(page, 'Your session has ended. Sign in again to go on.');
  });

  test('an operator follows the dashboard to an applicant and admits them', async () => {
    const { place, olga } = await operator();
    const anna = await kith.member(place, { name: 'Anna Berg', state: 'APPLIED' });
    const page = await open('/', olga);
    await page.getByRole('link', { name: 'Applications: 1' }).click();
    await row(page, 'Anna Berg').getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog', { name: 'Admit Anna Berg?' }).getByRole('button', { name: 'Approve' }).click();
    await shows(page, 'Anna Berg is a member now.');
    expect(await stateOf('members', anna.memberId)).toBe('ACTIVE');
    await page.getByRole('heading', { name: 'Nobody here' }).waitFor();
  });

  test('a member is suspended with a reason and not without one; the audit log keeps it', async () => {
    const { place, olga } = await operator();
    const boris = await kith.member(place, { name: 'Boris' });
    const page = await open('/#/members', olga);
    await row(page, 'Boris').getByRole('button', { name: 'Suspend' }).click();
    const dialog = page.getByRole('dialog', { name: 'Suspend Boris?' });
    const confirm = dialog.getByRole('button', { name: 'Suspend' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('Three deliveries never came.');
    await confirm.click();
    await shows(page, 'Boris is suspended.');
    await row(page, 'Boris').getByRole('button', { name: 'Reinstate' }).waitFor();
    expect(await stateOf('members', boris.memberId)).toBe('SUSPENDED');
    await page.getByRole('menuitem', { name: 'Audit log' }).click();
    await row(page, 'Three deliveries never came.').getByText('Member: suspend').waitFor();
  });

  test('what a role does not allow is shown, disabled, with the reason', async () => {
    const { place } = await operator();
    await kith.member(place, { name: 'Boris' });
    const broker = await kith.member(place, { name: 'Berta', roles: ['MEMBER', 'BROKER'] });
    const page = await open('/#/members', broker);
    const suspend = row(page, 'Boris').getByLabel('Your role in this community does not allow this.');
    await suspend.waitFor();
    expect(await suspend.getByRole('button', { name: 'Suspend' }).isDisabled()).toBe(true);
  });

  test('a listing is found by its title and hidden with a reason', async () => {
    const { place, olga } = await operator();
    const anna = await kith.member(place, { name: 'Anna' });
    const jam = await listing(place, anna.memberId, 'Plum jam for cash');
    await listing(place, anna.memberId, 'Bicycle repair');
    const page = await open('/#/listings', olga);
    await row(page, 'Bicycle repair').waitFor();
    await page.getByPlaceholder('Search titles').fill('plum');
    await row(page, 'Bicycle repair').waitFor({ state: 'detached' });
    await row(page, 'Plum jam').getByRole('button', { name: 'Hide' }).click();
    await page.getByLabel('Reason').fill('Money outside of the community.');
    await page.getByRole('dialog').getByRole('button', { name: 'Hide' }).click();
    await shows(page, 'The listing is hidden.');
    expect(await stateOf('listings', jam)).toBe('HIDDEN');
    await row(page, 'Plum jam').getByText('Plum jam').click();
    await page.getByRole('alert').filter({ hasText: 'Money outside of the community.' }).waitFor();
  });

  test('the category tree is grown, renamed, moved and pruned', async () => {
    const { place, olga } = await operator();
    const page = await open('/#/categories', olga);
    const panel = page.getByRole('region', { name: 'Chosen category' });
    for (const name of ['Garden', 'Tools']) {
      await page.getByLabel('New top category').fill(name);
      await page.getByRole('region', { name: 'Tree' }).getByRole('button', { name: 'Add' }).click();
      await shows(page, `“${name}” is added.`);
    }
    await page.getByRole('button', { name: 'Tools' }).click();
    await panel.getByLabel('Name', { exact: true }).fill('Tools and machines');
    await panel.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('button', { name: 'Tools and machines' }).waitFor();
    await panel.getByLabel('Stands below').click();
    await page.getByRole('option', { name: 'Garden' }).click();
    await shows(page, 'The category is moved.');
    await page.getByRole('button', { name: 'Garden' }).click();
    await panel.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await shows(page, '“Garden” is archived.');
    const tree = await kith.sql(
      'select c.name, p.name as parent, c.archived_at is not null as archived from categories c left join categories p on p.id = c.parent_id where c.community_id = $1 order by c.name',
      [place.id],
    );
    expect(tree).toEqual([
      { name: 'Garden', parent: null, archived: true },
      { name: 'Tools and machines', parent: 'Garden', archived: true },
    ]);
  });

  test('a CSV file with a mistake is checked, reported line by line, and imported without it', async () => {
    const { place, olga } = await operator();
    const page = await open('/#/imports', olga);
    await page.getByRole('button', { name: 'Import a file' }).click();
    await page.getByLabel('What the lines are').click();
    await page.getByRole('option', { name: 'Members' }).click();
    await page.getByLabel('CSV file', { exact: true }).setInputFiles({
      name: 'neighbours.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        'external_id,name,email\n1,Anna Berg,anna@example.org\n2,,nobody@example.org\n3,Boris,boris@example.org\n',
      ),
    });
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByRole('heading', { name: 'neighbours.csv' }).waitFor();
    await page.getByLabel('Refused: 1').waitFor();
    await page.getByLabel('New: 2').waitFor();
    await page.getByRole('region', { name: 'Report' }).getByRole('row').filter({ hasText: 'external_id: 2' }).waitFor();
    expect(await kith.sql('select from members where community_id = $1', [place.id])).toHaveLength(1);
    await page.getByRole('button', { name: 'Start import' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start import' }).click();
    await shows(page, 'Every line that was not refused is written.');
    const names = await kith.sql('select display_name from members where community_id = $1 order by display_name', [
      place.id,
    ]);
    expect(names.map(({ display_name }) => display_name)).toEqual(['Anna Berg', 'Boris', 'Olga']);
  });

  test('a neighbour who is invited signs up, confirms by the mail, signs in and joins', async () => {
    const { place, olga } = await operator();
    await kith.gql(
      'mutation ($t: String!) { publishCharter(input: { text: $t }) { version } }',
      { t: 'Be kind.' },
      olga,
    );
    const { data } = await kith.gql(
      'mutation { inviteMembers(input: {}) { ... on Invited { invitations { token } } } }',
      {},
      olga,
    );
    const token = data.inviteMembers.invitations[0].token as string;
    const email = `nora.${place.slug}@example.org`;
    const page = await open(`/#/invitation?token=${token}`);
    await page.getByRole('heading', { name: 'Join Lindenhof' }).waitFor();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByLabel('Your name').fill('Nora');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
    await page.goto(await linkMailedTo(email));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'The address is confirmed' }).waitFor();
    await page.goto(`${kith.url}/#/login?next=${encodeURIComponent(`/invitation?token=${token}`)}`);
    await signIn(page, email);
    await page.getByLabel('I have read the charter and accept it').check();
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'Welcome to Lindenhof' }).waitFor();
    const [nora] = await kith.sql('select state, charter_version from members where display_name = $1', ['Nora']);
    expect(nora).toEqual({ state: 'ACTIVE', charter_version: 1 });
  });

  test('who forgot the password sets a new one by the mail; the old one is good no more', async () => {
    const { olga } = await operator();
    await setPassword(olga);
    const page = await open('/#/forgot-password');
    await page.getByLabel('E-mail').fill(olga.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
    await page.goto(await linkMailedTo(olga.email));
    await page.getByRole('textbox', { name: 'New password' }).fill('another long sentence');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, olga.email);
    await page.getByRole('alert').filter({ hasText: 'The address or the password is wrong.' }).waitFor();
    await signIn(page, olga.email, 'another long sentence');
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  });

  test('on a phone no page is wider than the screen', async () => {
    const { place, olga } = await operator();
    await listing(
      place,
      olga.memberId,
      'A title that goes on for quite a while because somebody had a lot to say about it',
    );
    const page = await open('/', olga, { width: 390, height: 800 });
    for (const [at, heading] of [
      ['', 'Dashboard'],
      ['members', 'Members'],
      ['invitations', 'Invitations'],
      ['listings', 'Listings'],
      ['categories', 'Categories'],
      ['synonyms', 'Synonyms'],
      ['imports', 'Imports'],
      ['audit', 'Audit log'],
      ['settings', 'Settings'],
      ['account', 'Your account'],
    ] as const) {
      await page.goto(`${kith.url}/#/${at}`);
      await page.reload({ waitUntil: 'networkidle' });
      await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), heading).toBeLessThanOrEqual(390);
    }
  });

  test('GraphiQL asks as the console’s session, and follows a subscription', async () => {
    const { place, olga } = await operator();
    const page = await open('/graphql', olga);
    const response = page.locator('.graphiql-response');
    await page.locator('.graphiql-query-editor').getByText('email').waitFor();
    await page.getByRole('button', { name: /execute/i }).click();
    await response.getByText(olga.email).waitFor();
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('subscription Inbox { notificationReceived { notification { title } } }');
    // GraphiQL takes up what is typed a moment later, and names the tab by it.
    await page.getByRole('tab', { name: 'Inbox' }).waitFor();
    const before = kith.subscriptions();
    await page.getByRole('button', { name: /execute/i }).click();
    await expect.poll(() => kith.subscriptions(), { timeout: WITHIN_MS }).toBe(before + 1);
    const notice = { memberId: olga.memberId, kind: 'test', key: 'one', title: 'Quince jelly is ready' };
    await inCommunity(place.id, (tx) => enqueue(tx, 'notify', { communityId: place.id, notices: [notice] }));
    await response.getByText('Quince jelly is ready').waitFor();
  });

  /** The newest link that was mailed to the address. */
  async function linkMailedTo(email: string): Promise<string> {
    const folder = path.join(kith.config.dataDir, 'mail');
    const find = async () => {
      for (const name of (await readdir(folder)).sort().reverse()) {
        const text = await readFile(path.join(folder, name), 'utf8');
        const link = /https?:\/\/\S+/.exec(text)?.[0];
        if (text.includes(`To: ${email}`) && link) return link;
      }
      throw new Error(`There is no mail with a link to ${email}.`);
    };
    return vi.waitFor(find, { timeout: WITHIN_MS, interval: 50 });
  }
});
