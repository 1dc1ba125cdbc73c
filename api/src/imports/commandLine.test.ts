import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { WrongUsage, readOrder } from './commandLine.ts';

/** Each starts the program from its source, up to three times. */
const PROGRAM_MS = 180_000;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-import-'));
let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(async () => {
  await kith.stop();
  fs.rmSync(folder, { recursive: true });
});

function program(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('../import.ts', import.meta.url)), ...args],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: kith.ownerUrl,
        DATA_DIR: folder,
        SEARCH_ENGINE: 'postgres',
        DEMO: 'off',
        INIT_CWD: folder,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended };
}
const run = (...args: string[]) => program(...args).ended;
const file = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
const listings = (slug: string) =>
  kith.sql('select l.external_id from listings l join communities c on c.id = l.community_id where c.slug = $1', [
    slug,
  ]);

test(
  'one command makes communities, placeholder members and listings; again it changes nothing',
  async () => {
    await kith.user({ name: 'Ada', administrator: true });
    file(
      'two.csv',
      'community,listing,kind,title,category,labels\nnorth-side,1,offer,Bread,Home,Painting\nnorth-side,2,want,Cake,Home,\neast,1,offer,Rides,Transportation,Rides|Local Rides\n',
    );
    const first = await run('listings', 'two.csv', '--create-communities', '--placeholder-members');
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/north-side \(new\) +2 +2 +0 +0 +0\neast \(new\) +1 +1 +0 +0 +0\nall +3 +3 +0 +0 +0\n/);
    expect([(await listings('north-side')).length, (await listings('east')).length]).toEqual([2, 1]);
    expect(await kith.sql('select name, currency_code from communities where slug = $1', ['north-side'])).toEqual([
      { name: 'North Side', currency_code: 'HOUR' },
    ]);
    expect(
      await kith.sql('select 1 from graphile_worker.jobs where attempts < max_attempts and run_at <= now()'),
    ).toEqual([]);
    const again = await run('listings', 'two.csv', '--create-communities', '--placeholder-members');
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/all +3 +0 +0 +3 +0\n/);
    const members = await kith.sql("select 1 from members where external_id like 'listing:%'");
    expect(members).toHaveLength(3);
  },
  PROGRAM_MS,
);

test(
  'with a refused line nothing is made, not even the community, and the line is told',
  async () => {
    const count = async () =>
      (
        await kith.sql(
          'select (select count(*) from communities)::int as communities, (select count(*) from listings)::int as listings',
        )
      )[0];
    const { slug } = await kith.community();
    const before = await count();
    file(
      'bad.csv',
      `community,listing,kind,title,member\nwest,1,offer,Bread,Anna\nwest,2,gift,Cake,Anna\n${slug},1,offer,Rides,Boris\nNo Slug,1,offer,Rides,Anna\n`,
    );
    const { code, out } = await run('listings', 'bad.csv', '--create-communities', '--placeholder-members');
    expect(code).toBe(1);
    expect(out).toContain('3  west       kind: "gift" is none of');
    expect(out).toContain('community: write a slug such as north-side');
    expect(out).toContain('Nothing was imported.');
    expect(await count()).toEqual(before);
    const dry = await run(
      'listings',
      'bad.csv',
      '--create-communities',
      '--placeholder-members',
      '--dry-run',
      '--accept-refused',
    );
    expect(dry.out).toContain('This was a dry run');
    expect(await count()).toEqual(before);
    const accepted = await run(
      'listings',
      'bad.csv',
      '--create-communities',
      '--placeholder-members',
      '--accept-refused',
    );
    expect(accepted.code).toBe(0);
    expect([(await listings('west')).length, (await listings(slug)).length]).toEqual([1, 1]);
  },
  PROGRAM_MS,
);

test(
  'who is killed in the middle leaves nothing doubled: a worker goes on where it stopped',
  async () => {
    const { id, slug } = await kith.community();
    const LINES = 3000;
    file(
      'long.csv',
      `external_id,kind,title,member,state\n${Array.from({ length: LINES }, (_, line) => `${line},offer,Offer ${line},Member ${line % 50},draft`).join('\n')}\n`,
    );
    const { child, ended } = program('listings', 'long.csv', '--community', slug, '--placeholder-members');
    const done = async () =>
      (await kith.sql('select rows_done, state::text from imports where community_id = $1', [id]))[0];
    while (!((await done())?.rows_done >= 500)) await sleep(20);
    child.kill('SIGKILL');
    await ended;
    const half = await done();
    expect(half!.state).toBe('APPLYING');
    expect(await listings(slug)).toHaveLength(half!.rows_done);
    // Two workers at once go on.
    await Promise.all([kith.jobs(), kith.jobs()]);
    expect(await done()).toEqual({ rows_done: LINES, state: 'DONE' });
    expect(await listings(slug)).toHaveLength(LINES);
    expect(await kith.sql('select rows_created from imports where community_id = $1', [id])).toEqual([
      { rows_created: LINES },
    ]);
    expect(await kith.sql('select 1 from members where community_id = $1', [id])).toHaveLength(50);
  },
  PROGRAM_MS,
);

test(
  'the acting operator must be one of the community',
  async () => {
    const place = await kith.community();
    const mia = await kith.member(place, { name: 'Mia' });
    const olga = await kith.member(place, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] });
    file('own.csv', 'kind,title,member\noffer,Bread,Mia\n');
    const refused = await run('listings', 'own.csv', '--community', place.slug, '--as', mia.email);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('is no operator of every community') });
    expect(await listings(place.slug)).toEqual([]);
    const done = await run('listings', 'own.csv', '--community', place.slug, '--as', olga.email);
    expect(done.code).toBe(0);
    const acts = await kith.sql(
      'select action, actor_user_id from audit_log where community_id = $1 order by created_at',
      [place.id],
    );
    expect(acts).toEqual(['import.create', 'import.start'].map((action) => ({ action, actor_user_id: olga.userId })));
  },
  PROGRAM_MS,
);

test.each([
  [['listing', 'a.csv'], /listings or members/],
  [['listings'], /Name one file/],
  [['listings', 'a.csv', 'b.csv'], /Name one file/],
  [['listings', 'a.csv', '--comunity', 'x'], /--comunity/],
  [['listings', 'a.csv', '--community', 'No Slug'], /takes a slug/],
  [['listings', 'a.csv', '--placeholder-members=many'], /each or one/],
  [['listings', 'a.csv', '--invite'], /goes with members/],
  [['members', 'a.csv', '--invite'], /needs --as/],
  [['members', 'a.csv', '--currency', 'eur'], /3 to 8 capitals/],
])('the arguments %j are refused with what is wrong', (args, message) => {
  expect(() => readOrder(args)).toThrow(WrongUsage);
  expect(() => readOrder(args)).toThrow(message);
});

test('placeholders may be one for each or one for all, and help is asked for by itself', () => {
  const placeholders = (...args: string[]) => readOrder(['listings', 'a.csv', ...args])?.options.placeholderMembers;
  expect(placeholders()).toBe('NONE');
  expect(placeholders('--placeholder-members')).toBe('EACH');
  expect(placeholders('--placeholder-members', 'one')).toBe('ONE');
  expect(placeholders('--placeholder-members', '--dry-run')).toBe('EACH');
  expect(readOrder(['--help'])).toBeUndefined();
});
