import { afterAll, beforeAll, expect, test } from 'vitest';
import { listing } from '../../../test/listing.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { phrase } from '../texts/text.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const INBOX = '{ notifications { totalCount edges { node { id title readAt } } } }';
const LIVE = 'subscription ($after: ID) { notificationReceived(after: $after) { id notification { title } } }';

const notify = (communityId: string, memberId: string, ...titles: string[]) =>
  inCommunity(communityId, (tx) =>
    enqueue(tx, 'notify', {
      communityId,
      notices: titles.map((title) => ({ memberId, kind: 'test', key: title, title })),
    }),
  );

test('a member is told live, and once, however often it is said', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const live = kith.subscribe(LIVE, {}, anna);
  await live.started;
  await notify(place.id, anna.memberId, 'first');
  await kith.jobs();
  await notify(place.id, anna.memberId, 'first', 'second');
  await kith.jobs();
  expect((await live.next()).data.notificationReceived.notification.title).toBe('first');
  expect((await live.next()).data.notificationReceived.notification.title).toBe('second');
  const { data } = await kith.gql(INBOX, {}, anna);
  expect(data.notifications.totalCount).toBe(2);
});

test('a client that comes back gets what it missed, in order, and nothing twice', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const live = kith.subscribe(LIVE, {}, anna);
  await live.started;
  await notify(place.id, anna.memberId, 'one');
  await kith.jobs();
  const { id } = (await live.next()).data.notificationReceived;
  await live.close();
  await notify(place.id, anna.memberId, 'two', 'three');
  await kith.jobs();
  const again = kith.subscribe(LIVE, { after: id }, anna);
  await again.started;
  await notify(place.id, anna.memberId, 'four');
  await kith.jobs();
  const titles = [];
  for (let i = 0; i < 3; i++) titles.push((await again.next()).data.notificationReceived.notification.title);
  expect(titles).toEqual(['two', 'three', 'four']);
});

test('nobody reads the inbox of another member', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place), await kith.member(place)];
  await notify(place.id, anna.memberId, 'secret');
  await kith.jobs();
  const { id } = (await kith.gql(INBOX, {}, anna)).data.notifications.edges[0].node;
  expect((await kith.gql(INBOX, {}, boris)).data.notifications.totalCount).toBe(0);
  const { data } = await kith.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, boris);
  expect(data.node).toBeNull();
  expect(
    (await kith.gql('mutation ($ids: [ID!]) { markNotificationsRead(ids: $ids) }', { ids: [id] }, boris)).data
      .markNotificationsRead,
  ).toBe(0);
  expect((await kith.gql(INBOX, {}, anna)).data.notifications.edges[0].node.readAt).toBeNull();
});

test('our words reach each member in the language of their membership, names as they are', async () => {
  const place = await kith.community();
  const people = { de: await kith.member(place), zh: await kith.member(place), fi: await kith.member(place) };
  for (const [locale, { memberId }] of Object.entries(people))
    await kith.sql('update members set locale = $2 where id = $1', [memberId, locale]);
  await inCommunity(place.id, (tx) =>
    enqueue(tx, 'notify', {
      communityId: place.id,
      notices: Object.values(people).map(({ memberId }) => ({
        ...{ memberId, kind: 'test', key: 'hidden', body: 'As it was written' },
        title: phrase('listing.hidden', { title: 'Soup' }),
      })),
    }),
  );
  await kith.jobs();
  const inbox = '{ notifications { edges { node { title body } } } }';
  const read = async (as: (typeof people)['de']) => (await kith.gql(inbox, {}, as)).data.notifications.edges[0].node;
  expect([await read(people.de), await read(people.zh), await read(people.fi)]).toEqual([
    { title: '„Soup“ wurde von der Moderation verborgen', body: 'As it was written' },
    { title: '“Soup”已被管理员隐藏', body: 'As it was written' },
    { title: '“Soup” was hidden by a moderator', body: 'As it was written' },
  ]);
});

test('a suggestion says why in the language of the membership that reads it', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place), await kith.member(place)];
  await kith.sql("update members set locale = 'fr' where id = $1", [anna.memberId]);
  await kith.sql("update members set locale = 'es-MX' where id = $1", [boris.memberId]);
  await listing(kith, anna, { kind: 'OFFER', title: 'Piano', tags: ['music'] });
  await listing(kith, boris, { kind: 'WANT', title: 'Piano', tags: ['music'] });
  await kith.jobs();
  const why = async (as: typeof anna) =>
    (await kith.gql('{ suggestions { items { reasons } } notifications { edges { node { title } } } }', {}, as)).data;
  const [french, spanish] = [await why(anna), await why(boris)];
  expect(french.suggestions.items[0].reasons).toContain('étiquettes communes : music');
  expect(french.notifications.edges[0].node.title).toBe('Quelqu’un cherche ce que vous proposez : Piano');
  expect(spanish.suggestions.items[0].reasons).toContain('etiquetas en común: music');
  expect(spanish.notifications.edges[0].node.title).toBe('Alguien ofrece lo que busca: Piano');
});
