import { randomUUID } from 'node:crypto';
import net from 'node:net';
import pg from 'pg';
import { percentile } from './bench.ts';
import { reader } from './http.ts';

/** Stands in a prepared request where each sending puts an id of its own; as long as a uuid. */
export const FRESH_ID = 'ffffffff-0000-4000-8000-00000000feed';

/** Sends payments over kept connections, each with an id of its own; answers payments a second and the times of answers. */
export async function loadPay({
  url,
  requests,
  connections,
  milliseconds,
}: {
  url: string;
  requests: string[];
  connections: number;
  milliseconds: number;
}): Promise<{ perSecond: number; p50: number; p99: number }> {
  const { hostname, port } = new URL(url);
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async (_, number) => {
      const socket = net.connect(Number(port), hostname);
      socket.setNoDelay(true);
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      const read = reader(socket);
      for (let turn = number; performance.now() - began < milliseconds; turn += connections) {
        const sent = performance.now();
        socket.write(requests[turn % requests.length]!.replace(FRESH_ID, randomUUID()));
        const body = await read();
        if (!body.includes('"JournalEntry"')) throw new Error(body);
        times.push(performance.now() - sent);
      }
      socket.destroy();
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: times.length / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** Who pays whom, by the ids the database knows. */
export interface Pair {
  communityId: string;
  payerId: string;
  payeeId: string;
  from: string;
  to: string;
}

/** The same payments through bare pg: by hand in a transaction of their own, or by one function call each. */
export async function loadPaySql({
  url,
  how,
  pairs,
  connections,
  milliseconds,
}: {
  url: string;
  how: 'transaction' | 'post' | 'pay';
  pairs: Pair[];
  connections: number;
  milliseconds: number;
}): Promise<number> {
  const began = performance.now();
  let paid = 0;
  await Promise.all(
    Array.from({ length: connections }, async (_, number) => {
      const client = new pg.Client(url);
      await client.connect();
      // All pairs are of one community here.
      await client.query("select set_config('app.community_id', $1, false)", [pairs[0]!.communityId]);
      for (let turn = number; performance.now() - began < milliseconds; turn += connections) {
        await pay[how](client, pairs[turn % pairs.length]!);
        paid++;
      }
      await client.end();
    }),
  );
  return paid / ((performance.now() - began) / 1000);
}

const pay: Record<'transaction' | 'post' | 'pay', (client: pg.Client, pair: Pair) => Promise<unknown>> = {
  /** What somebody would write by hand: two updates, three inserts, and no rule looked at. */
  async transaction(client, { communityId, from, to }) {
    const id = randomUUID();
    await client.query({ name: 'begin', text: 'begin' });
    for (const [account, amount] of [[from, -1] as const, [to, 1] as const].sort())
      await client.query({
        name: 'move',
        text: 'update accounts set balance = balance + $3 where community_id = $1 and id = $2',
        values: [communityId, account, amount],
      });
    await client.query({
      name: 'entry',
      text: "insert into journal_entries (community_id, id, content_hash, kind, posted_at) values ($1, $2, '', 'PAYMENT', clock_timestamp())",
      values: [communityId, id],
    });
    for (const [account, amount] of [[from, -1] as const, [to, 1] as const])
      await client.query({
        name: 'posting',
        text: 'insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after) values ($1, $2, clock_timestamp(), $3, $4, 0)',
        values: [communityId, account, id, amount],
      });
    await client.query({ name: 'commit', text: 'commit' });
  },
  post: (client, { from, to, payerId }) =>
    client.query({
      name: 'post',
      text: 'select * from ledger.post($1, now(), true)',
      values: [
        JSON.stringify({
          ...{ id: randomUUID(), kind: 'PAYMENT', memo: 'Bread', actorId: payerId },
          postings: [
            { accountId: from, amount: '-1' },
            { accountId: to, amount: '1' },
          ],
        }),
      ],
    }),
  pay: (client, { payerId, payeeId }) =>
    client.query({
      name: 'pay',
      text: 'select * from payments.pay_many($1, now())',
      values: [JSON.stringify([{ id: randomUUID(), payerId, payeeId, amount: '1', memo: 'Bread', actorId: payerId }])],
    }),
};
