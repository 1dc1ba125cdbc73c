import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';

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
