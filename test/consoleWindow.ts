import type { Browser, BrowserContext, Page } from 'playwright-core';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { hashPassword } from '../api/src/identity/passwords.ts';
import { newId } from '../api/src/ids.ts';
import { launchBrowser } from './browser.ts';
import { testKith, type Person, type TestKith } from './kit.ts';

export const PASSWORD = 'correct horse battery';
export const WITHIN_MS = 15_000;

/** The built console in a browser, over a Kith of its own, for the tests of one `describe`; with what they do again and again. */
export function testConsole() {
  let kith: TestKith;
  let browser: Browser;
  let context: BrowserContext | undefined;
  const faults: string[] = [];

  beforeAll(async () => {
    kith = await testKith({ worker: true });
    if (!existsSync(path.join(kith.config.root, 'admin/dist/index.html')))
      throw new Error('The console is not built: run "npm run build" first, as "npm test" does.');
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await kith?.stop();
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
    // A page that throws, or that the content security policy stops, is broken whatever it shows.
    expect(faults.splice(0)).toEqual([]);
  });

  /** A browser window at one page of the console; signed in when somebody is given. */
  async function open(at: string, person?: Pick<Person, 'token' | 'community'>, size = { width: 1280, height: 860 }) {
    context = await browser.newContext({ viewport: size, locale: 'en-GB' });
    context.setDefaultTimeout(WITHIN_MS);
    if (person)
      await context.addInitScript(`if (!sessionStorage.getItem('test.signedIn')) {
        sessionStorage.setItem('test.signedIn', 'yes');
        sessionStorage.setItem('kith.token', ${JSON.stringify(person.token)});
        sessionStorage.setItem('kith.community', ${JSON.stringify(person.community)});
      }`);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => line.text().includes('Content Security Policy') && faults.push(line.text()));
    await page.goto(`${kith.url}${at}`);
    return page;
  }

  async function operator(name = 'Olga') {
    const place = await kith.community({ name: 'Lindenhof' });
    const olga = await kith.member(place, { name, roles: ['MEMBER', 'OPERATOR'] });
    return { place, olga };
  }
  const setPassword = async ({ userId }: { userId: string }) =>
    kith.sql('update users set password_hash = $2 where id = $1', [userId, await hashPassword(PASSWORD)]);

  async function listing(of: { id: string }, memberId: string, title: string) {
    const id = newId();
    await kith.sql(
      `insert into listings (community_id, id, member_id, kind, state, title, published_at) values ($1, $2, $3, 'OFFER', 'PUBLISHED', $4, now())`,
      [of.id, id, memberId, title],
    );
    return id;
  }
  return {
    /** There once the tests run. */
    kith: () => kith,
    open,
    operator,
    setPassword,
    listing,
  };
}

export const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
