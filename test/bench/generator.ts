import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { loadHttp } from './http.ts';
import { Listeners } from './listeners.ts';
import { paceHttp } from './pace.ts';
import { loadPay, loadPaySql } from './payLoad.ts';

/** What a load generator does: a process of its own, so that it shares no event loop with what it measures. */
const works = {
  http: loadHttp,
  pace: paceHttp,
  sql: loadSql,
  pay: loadPay,
  paySql: loadPaySql,
  open: (options: Parameters<Listeners['open']>[0]) => listeners.open(options),
  await: (options: Parameters<Listeners['await']>[0]) => listeners.await(options),
  close: async () => listeners.close(),
};
const listeners = new Listeners();
type Works = typeof works;

/** Statements of a page through bare pg, prepared, as many at a time as the API's pool has connections. */
async function loadSql({
  url,
  texts,
  values,
  connections,
  milliseconds,
}: {
  url: string;
  texts: string[];
  values: unknown[][];
  connections: number;
  milliseconds: number;
}): Promise<number> {
  const began = performance.now();
  let pages = 0;
  await Promise.all(
    Array.from({ length: connections }, async (_, number) => {
      const client = new pg.Client(url);
      await client.connect();
      for (let turn = number; performance.now() - began < milliseconds; turn += connections) {
        const [communityId] = values[turn % values.length]!;
        const { rows } = await client.query({ name: 'page', text: texts[0]!, values: [communityId] });
        for (const [index, column] of ['member_id', 'category_id'].entries()) {
          const ids = [...new Set(rows.map((row) => row[column] as string))];
          await client.query({ name: column, text: texts[index + 1]!, values: [communityId, ids] });
        }
        pages++;
      }
      await client.end();
    }),
  );
  return pages / ((performance.now() - began) / 1000);
}

export function startGenerator() {
  const child = fork(fileURLToPath(import.meta.url), ['generator'], { execArgv: ['--import', 'tsx'] });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let number = 0;
  child.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(answer);
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the load generator ended with ${code}`));
  });
  return {
    do<Name extends keyof Works>(
      name: Name,
      options: Parameters<Works[Name]>[0],
    ): Promise<Awaited<ReturnType<Works[Name]>>> {
      return new Promise((resolve, reject) => {
        waiting.set(++number, { resolve: resolve as never, reject });
        child.send({ id: number, name, options });
      });
    },
    stop: () => child.kill(),
  };
}

if (process.argv[2] === 'generator' && process.send) {
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ id, name, options }: { id: number; name: keyof Works; options: never }) => {
    try {
      process.send!({ id, answer: await works[name](options) });
    } catch (error) {
      process.send!({ id, error: (error as Error).stack });
    }
  });
}
