import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { operatedPlace, rowsOf, send, start } from './testImport.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

test('a line that names a member goes to them by id, address or name, and a name that means several is refused', async () => {
  const { slug, operator } = await operatedPlace(kith);
  const anna = await kith.member(
    { id: (await kith.sql('select id from communities where slug = $1', [slug]))[0]!.id, slug },
    { name: 'Anna' },
  );
  await kith.member(
    { id: (await kith.sql('select id from communities where slug = $1', [slug]))[0]!.id, slug },
    { name: 'Twin' },
  );
  await kith.member(
    { id: (await kith.sql('select id from communities where slug = $1', [slug]))[0]!.id, slug },
    { name: 'Twin' },
  );
  const csv = `kind,title,member\noffer,By id,kith:${anna.memberId}\noffer,By address,${anna.email.toUpperCase()}\noffer,By name,Anna\noffer,By twins,Twin\noffer,By nobody,Zoe\n`;
  const checked = await send(kith, csv, operator);
  expect((await rowsOf(kith, checked.id, operator, 'REFUSED')).map(({ reason }: { reason: string }) => reason)).toEqual(
    [
      'member: 2 members are called "Twin": write the external id instead.',
      'member: the community knows nobody by "Zoe". Import the members first, or ask for placeholder members.',
    ],
  );
  await start(kith, checked.id, operator, true);
  const rows = await kith.sql('select title from listings where member_id = $1 order by title', [anna.memberId]);
  expect(rows.map(({ title }) => title)).toEqual(['By address', 'By id', 'By name']);
});

test('no more members come by a file than the community has room for', async () => {
  const { id: communityId, operator } = await operatedPlace(kith);
  await kith.sql('update communities set member_capacity = 3 where id = $1', [communityId]);
  const csv =
    'external_id,kind,title,member\n1,offer,First,Anna\n2,offer,Second,Boris\n3,offer,Third,Clara\n4,offer,Fourth,Anna\n';
  const checked = await send(kith, csv, operator, { placeholderMembers: 'EACH' });
  expect((await rowsOf(kith, checked.id, operator, 'REFUSED')).map(({ line }: { line: number }) => line)).toEqual([4]);
  // Somebody joins between the check and the start.
  await kith.member({ id: communityId, slug: operator.community }, { name: 'Late' });
  await start(kith, checked.id, operator, true);
  expect(
    (await kith.sql('select count(*)::int as members from members where community_id = $1', [communityId]))[0],
  ).toEqual({ members: 3 });
  const refused = await rowsOf(kith, checked.id, operator, 'REFUSED');
  expect(refused.map(({ line, reason }: { line: number; reason: string }) => [line, reason.slice(0, 40)])).toEqual([
    [3, 'The community has no room for another me'],
    [4, 'The community has no room for another me'],
  ]);
});

const MEMBERS = `external_id;name;email;phone;bio;roles;state;latitude;longitude;locale
m1;Anna Berg;Anna@Example.org;+47 12 34;"Bakes; sings";member|broker;active;59,9;10,7;nb
m2;Boris;;;;;;;;
m3;Clara;clara@example.org;;;;suspended;;;
`;

test('members come as placeholders, are known again, and those who sign in keep their profile', async () => {
  const { id: communityId, operator } = await operatedPlace(kith);
  const checked = await send(kith, MEMBERS, operator, { kind: 'MEMBERS' });
  expect(checked).toMatchObject({ state: 'CHECKED', rowsCreated: 3, rowsRefused: 0 });
  await start(kith, checked.id, operator);
  const members = () =>
    kith.sql(
      'select external_id, display_name, contact_email, roles::text, state::text, latitude, user_id, locale from members where community_id = $1 and external_id is not null order by 1',
      [communityId],
    );
  const rest = { user_id: null, latitude: null, roles: '{MEMBER}', contact_email: null, locale: 'en' };
  expect(await members()).toEqual([
    {
      ...rest,
      external_id: 'm1',
      display_name: 'Anna Berg',
      contact_email: 'anna@example.org',
      roles: '{MEMBER,BROKER}',
      state: 'ACTIVE',
      latitude: 59.9,
      locale: 'nb',
    },
    { ...rest, external_id: 'm2', display_name: 'Boris', state: 'ACTIVE' },
    { ...rest, external_id: 'm3', display_name: 'Clara', contact_email: 'clara@example.org', state: 'SUSPENDED' },
  ]);
  const { userId } = await kith.user({ name: 'Boris' });
  await kith.sql('update members set user_id = $2 where community_id = $1 and external_id = $3', [
    communityId,
    userId,
    'm2',
  ]);
  const again = await send(
    kith,
    'external_id,name,roles,state\nm1,Anna Lund,broker,\nm2,Bob,,\nm3,Clara,,active\nm4,Dora,,left\n',
    operator,
    { kind: 'MEMBERS' },
  );
  expect(again).toMatchObject({ rowsUpdated: 1, rowsUnchanged: 1, rowsRefused: 2 });
  expect(
    (await rowsOf(kith, again.id, operator)).map(
      ({ reason }: { reason: string | null }) => reason?.slice(0, 44) ?? null,
    ),
  ).toEqual([
    null,
    'This member signs in by now and keeps the pr',
    'state: the member is suspended here. An oper',
    'state: a new member is active, suspended or ',
  ]);
  await start(kith, again.id, operator, true);
  expect((await members()).map(({ display_name, state }) => [display_name, state])).toEqual([
    ['Anna Lund', 'ACTIVE'],
    ['Boris', 'ACTIVE'],
    ['Clara', 'SUSPENDED'],
  ]);
});

test('new members with an address are invited once to take their place over', async () => {
  const { id: communityId, operator } = await operatedPlace(kith);
  const { id } = await send(kith, MEMBERS, operator, { kind: 'MEMBERS', invite: true });
  await start(kith, id, operator);
  const invited = () =>
    kith.sql<{ email: string; name: string }>(
      'select i.email, m.display_name as name from invitations i join members m on m.community_id = i.community_id and m.id = i.claims_member_id where i.community_id = $1',
      [communityId],
    );
  expect(await invited()).toEqual([{ email: 'anna@example.org', name: 'Anna Berg' }]);
  const memberIds = (
    await kith.sql('select id from members where community_id = $1 and user_id is null', [communityId])
  ).map(({ id }) => id);
  const importId = Buffer.from(id, 'base64').toString().slice('Import:'.length);
  await inCommunity(communityId, (tx) => enqueue(tx, 'import.invite', { communityId, importId, memberIds }));
  await kith.jobs();
  expect(await invited()).toHaveLength(1);
});
