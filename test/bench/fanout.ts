import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from '../process.ts';
import { interleaved, percentile, type BenchOptions, type BenchResult, type Figure } from './bench.ts';
import { startBroadcaster } from './broadcast.ts';
import { benchCluster, fillCommunities, type Cluster } from './cluster.ts';
import { startGenerator } from './generator.ts';

type Person = Awaited<ReturnType<typeof fillCommunities>>[number];

const CHANGES = 'subscription { listingChanged { id listingId kind published } }';
const FOUND = 'subscription { suggestionFound { id suggestion { score want { title } offer { title } } } }';
const initOf = ({ token, community }: Person) =>
  JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}`, community } });
const subscribeTo = (query: string, id: string) => JSON.stringify({ id, type: 'subscribe', payload: { query } });

/** A stream for a whole community beside bare `ws`, and the time from a published want to the counterpart's socket. */
export async function run({ say, quick }: BenchOptions): Promise<BenchResult> {
  const cluster = await benchCluster();
  const people = await fillCommunities(cluster, { communities: 2, members: 1000, listings: 500, sessions: 2000 });
  const [events, rounds, wants] = quick ? [20, 2, 10] : [100, 7, 300];
  const figures: Figure[] = [];
  for (const sockets of quick ? [200] : [1000, 5000]) {
    say(`${sockets} sockets of each kind`);
    figures.push(...(await fanOut(cluster, people, { sockets, events, rounds })));
  }
  say(`${wants} wants`);
  figures.push(...(await toCounterpart(cluster, people, wants)));
  await cluster.stop();
  return {
    name: 'fanout',
    conditions: [
      `every socket is subscribed to listingChanged of its community; from the first message to the last; medians of ${rounds} interleaved rounds, of ${3 * rounds} for one event`,
      'bare ws sends bytes of the same length to as many sockets of its own; with ids of their own, no two sockets get the same bytes',
      `${wants} wants one after another, published over GraphQL while 1,000 sockets of the community are subscribed`,
    ],
    figures,
  };
}

async function fanOut(
  cluster: Cluster,
  people: Person[],
  { sockets, events, rounds }: { sockets: number; events: number; rounds: number },
): Promise<Figure[]> {
  const [api, broadcaster] = await Promise.all([
    startApi({ databaseUrl: cluster.ownerUrl, bundle: true, settings: { WORKER: 'off' } }),
    startBroadcaster(),
  ]);
  const [one, other] = ['c-1', 'c-2'].map((slug) => people.filter(({ community }) => community === slug));
  const [same, own, bare] = [startGenerator(), startGenerator(), startGenerator()];
  const count = sockets;
  await bare.do('open', { url: broadcaster.url, inits: [], count });
  await same.do('open', { url: api.url, inits: one!.map(initOf), subscribe: subscribeTo(CHANGES, '1'), count });
  await own.do('open', {
    url: api.url,
    inits: other!.map(initOf),
    subscribe: subscribeTo(CHANGES, 'own-id-of-the-client-$ID'),
    count,
  });
  await subscribed(api.url, 2 * sockets);

  const rate = async (generator: typeof bare, events: number, send: (events: number) => unknown) => {
    const messages = sockets * events;
    const arrived = generator.do('await', { messages });
    await sleep(200);
    await send(events);
    return messages / ((await arrived).milliseconds / 1000);
  };
  const listingId = Buffer.from(`Listing:${randomUUID()}`).toString('base64');
  const sample = `{"id":"1","type":"next","payload":{"data":{"listingChanged":{"id":"123456-1234","listingId":"${listingId}","kind":"OFFER","published":true}}}}`;
  const broadcast = (events: number) => broadcaster.send(sample, events);
  const [toOne, toOther] = [one, other].map(
    (people) => (events: number) => publish(cluster, people![0]!.communityId, events),
  );
  const together = await interleaved(rounds, {
    bare: () => rate(bare, events, broadcast),
    same: () => rate(same, events, toOne!),
    own: () => rate(own, events, toOther!),
  });
  const single = await interleaved(3 * rounds, {
    bare: () => rate(bare, 1, broadcast),
    same: () => rate(same, 1, toOne!),
    own: () => rate(own, 1, toOther!),
  });
  for (const generator of [same, own, bare]) generator.stop();
  broadcaster.stop();
  await api.stop();
  const figures = (name: string, { bare, same, own }: typeof together): Figure[] => {
    const [unit, limit] = ['messages/s', { name: 'bare ws', value: bare }];
    return [
      { name, value: same, unit, limit, goal: { of: 'ratio', atLeast: 0.9 } },
      { name: `${name}, ids of their own`, value: own, unit, limit },
    ];
  };
  return [
    ...figures(`${sockets} sockets, ${events} events together`, together),
    ...figures(`${sockets} sockets, one event at a time`, single),
  ];
}

/** As a transaction of the API writes them, announced after the commit. */
async function publish({ sql }: Cluster, communityId: string, events: number) {
  await sql(
    `with scope as materialized (select set_config('app.community_id', $1, true))
     select kith.publish('listing.changed', null, jsonb_build_object('listingId', gen_random_uuid(), 'kind', 'OFFER', 'state', 'PUBLISHED'))
     from scope, generate_series(1, $2::int)`,
    [communityId, events],
  );
  await sql("select pg_notify('kith_events', '')");
}

/** Waits until the process feeds so many subscriptions. */
async function subscribed(url: string, count: number) {
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (Number(/^kith_subscriptions (\d+)$/m.exec(metrics)?.[1]) >= count) return;
    await sleep(100);
  }
}

/** A word that no other number gives and no stemmer takes for a form of another. */
const word = (number: number) =>
  `q${[...number.toString(6).padStart(5, '0')].map((digit) => ['ba', 'ko', 'zu', 'mi', 'fe', 'xo'][Number(digit)]).join('')}q`;

async function toCounterpart(cluster: Cluster, people: Person[], wants: number): Promise<Figure[]> {
  const members = people.filter(({ community }) => community === 'c-1');
  const api = await startApi({ databaseUrl: cluster.ownerUrl, bundle: true });
  const ask = async (as: Person, query: string, variables: object) => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${as.token}`,
      'x-kith-community': as.community,
    };
    const body = JSON.stringify({ query, variables });
    const answer = await (await fetch(`${api.url}/graphql`, { method: 'POST', headers, body })).json();
    return answer as { data: Record<string, { id?: string }> };
  };
  const create = async (as: Person, kind: string, title: string) => {
    const query = 'mutation ($input: CreateListingInput!) { createListing(input: $input) { ... on Listing { id } } }';
    const { data, ...rest } = await ask(as, query, { input: { kind, title } });
    if (!data?.createListing?.id) throw new Error(JSON.stringify({ data, ...rest }));
    return data.createListing.id;
  };
  const publishListing = (as: Person, id: string) =>
    ask(as, 'mutation ($id: ID!) { publishListing(input: { id: $id }) { __typename } }', { id });

  const generator = startGenerator();
  await generator.do('open', {
    url: api.url,
    inits: members.map(initOf),
    subscribe: subscribeTo(FOUND, '1'),
    count: members.length,
  });
  await subscribed(api.url, members.length);
  const took: number[] = [];
  for (let number = 0; number < wants; number++) {
    // Each pair has words and members of its own, so that one socket is told of one counterpart.
    const title = `${word(number)} ${word(number + wants)}`;
    const [provider, wanter] = [members[2 * number]!, members[2 * number + 1]!];
    const [offer, want] = [await create(provider, 'OFFER', title), await create(wanter, 'WANT', title)];
    await publishListing(provider, offer);
    await sleep(300);
    const told = generator.do('await', { messages: 1 });
    await sleep(20);
    const began = performance.timeOrigin + performance.now();
    await publishListing(wanter, want);
    took.push((await told).texts[0]!.at - began);
  }
  generator.stop();
  await api.stop();
  const name = 'from a published want to the counterpart’s socket';
  return [
    { name: `${name}, p50`, value: percentile(took, 0.5), unit: 'ms' },
    { name: `${name}, p99`, value: percentile(took, 0.99), unit: 'ms', goal: { of: 'value', below: 250 } },
  ];
}
