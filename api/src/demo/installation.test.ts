import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { prepareInstallation } from './installation.ts';
import { demoCommunities } from './seed.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const signIn = async (email: string, password: string) => {
  const query =
    'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { token } ... on Error { code } } }';
  return (await kith.gql(query, { input: { email, password } })).data.signIn as { token?: string; code?: string };
};
const settings = { DEMO: true, HOST: '127.0.0.1', PUBLIC_URL: undefined, TRUST_PROXY: false };
const counts = async () =>
  (
    await kith.sql(
      'select (select count(*) from communities)::int as communities, (select count(*) from members)::int as members, (select count(*) from listings)::int as listings, (select count(*) from users)::int as users',
    )
  )[0];

test('without a demo an empty installation stays empty', async () => {
  expect(await prepareInstallation({ ...settings, DEMO: false })).toBeNull();
  expect(await counts()).toEqual({ communities: 0, members: 0, listings: 0, users: 0 });
});

test('an empty installation gets its demo once, however many processes start at once', async () => {
  const demos = await Promise.all([1, 2, 3].map(() => prepareInstallation(settings)));
  expect(demos.map((demo) => demo!.password)).toEqual(Array(3).fill('kith-demo-2026'));
  expect(demos.filter((demo) => demo!.isNew)).toHaveLength(1);
  expect(await counts()).toEqual({ communities: 3, members: 30, listings: 121, users: 31 });
  await prepareInstallation(settings);
  expect((await counts())!.listings).toBe(121);
});

test('its people sign in, its listings are published in categories and places, and wait to be indexed', async () => {
  const { token } = await signIn('tomas@harbour.example', 'kith-demo-2026');
  const { data } = await kith.gql(
    '{ me { email } myMember { displayName } }',
    {},
    { token: token!, community: 'harbour-lane' },
  );
  expect(data).toEqual({ me: { email: 'tomas@harbour.example' }, myMember: { displayName: 'Tomas Lind' } });
  const [whole] = await kith.sql(
    `select count(*) filter (where state = 'PUBLISHED')::int as published, count(category_id)::int as filed, count(*) filter (where remote or latitude is not null)::int as placed,
       count(*) filter (where tags <> '{}')::int as tagged, count(*) filter (where kind = 'WANT')::int as wants from listings`,
  );
  expect(whole).toEqual({ published: 121, filed: 121, placed: 121, tagged: 121, wants: 60 });
  const jobs = await kith.sql(
    "select count(*)::int as jobs from graphile_worker.jobs where task_identifier = 'listings.imported'",
  );
  expect(jobs).toEqual([{ jobs: 3 }]);
});

test('the password everybody knows ends, with its sessions, as soon as others reach the server', async () => {
  const { token } = await signIn('olga@zarechye.example', 'kith-demo-2026');
  const exposed = await prepareInstallation({ ...settings, HOST: '0.0.0.0' });
  expect(exposed!.password).not.toBe('kith-demo-2026');
  expect(await signIn('olga@zarechye.example', 'kith-demo-2026')).toEqual({ code: 'SIGN_IN_REFUSED' });
  expect((await kith.gql('{ me { email } }', {}, { token: token! })).data?.me ?? null).toBeNull();
  expect((await signIn('olga@zarechye.example', exposed!.password!)).token).toBeTruthy();
  expect(await prepareInstallation(settings)).toEqual({ password: null, isNew: false });
});

test('every want of the demo has an offer of another member with a tag in common', () => {
  for (const { slug, listings } of demoCommunities) {
    const lonely = listings.filter(
      ({ kind, member, tags }) =>
        kind === 'want' &&
        !listings.some((other) => other.kind === 'offer' && other.member !== member && shared(other.tags, tags) >= 1),
    );
    expect([slug, lonely.map(({ title }) => title)]).toEqual([slug, []]);
  }
});
const shared = (a: string, b: string) => a.split('|').filter((tag) => b.split('|').includes(tag)).length;

test('an installation that is in use gets no demo', async () => {
  const other = await testKithInUse();
  expect(other).toBeNull();
});
/** The same database, as if somebody had begun to use it before the demo was ever thought of. */
async function testKithInUse() {
  await kith.sql("delete from installation where key = 'demo'");
  return prepareInstallation(settings);
}
