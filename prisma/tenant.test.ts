import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, withClient } from '../test/database.ts';
import { NO_COMMUNITY, TenantPool, currentCommunity, tenantPrisma, withCommunity, type Prisma } from './tenant.ts';

/** A community with a root category and two below it; the names say whose they are, the keys are the same everywhere. */
interface Place {
  id: string;
  root: string;
}
let database: Awaited<ReturnType<typeof testDatabase>>;
let places: Place[];
const clients: Prisma[] = [];

beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => {
  for (const client of clients) await client.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  places = Array.from({ length: 10 }, () => ({ id: randomUUID(), root: randomUUID() }));
  await owner(async (client) => {
    await client.query('truncate communities cascade');
    for (const { id, root } of places) {
      await client.query(
        "insert into communities (id, slug, name, currency_code, currency_name) values ($1, $2, $2, 'ABC', 'abc')",
        [id, `c${id}`],
      );
      await client.query(
        "insert into categories (community_id, id, parent_id, key, name) values ($1, $2, null, 'root', $3), ($1, gen_random_uuid(), $2, 'a', $3), ($1, gen_random_uuid(), $2, 'b', $3)",
        [id, root, id],
      );
    }
  });
});
const owner = <T>(work: (client: pg.Client) => Promise<T>) => withClient(database.ownerUrl, work);

function open(connections: number) {
  const pool = new TenantPool({ connectionString: database.appUrl, max: connections });
  const prisma = tenantPrisma(pool, { maxWait: 20_000, timeout: 20_000 });
  clients.push(prisma);
  return { pool, prisma };
}
type Open = ReturnType<typeof open>;

const key = ({ id, root }: Place) => ({ communityId_id: { communityId: id, id: root } });
const names = (rows: { name: string }[]) => rows.map(({ name }) => name);

/** Every kind of reading call. None names the community in its condition unless it must; each answers whose rows it saw. */
const reads: Record<string, (db: Open, mine: Place, other: Place) => Promise<(string | null | undefined)[]>> = {
  findUnique: async ({ prisma }, mine) => [(await prisma.category.findUnique({ where: key(mine) }))?.name],
  findUniqueOrThrow: async ({ prisma }, mine) => [(await prisma.category.findUniqueOrThrow({ where: key(mine) })).name],
  'findUnique of the neighbour’s row': async ({ prisma }, mine, other) => {
    expect(await prisma.category.findUnique({ where: key(other) })).toBeNull();
    return [mine.id];
  },
  'findUnique with relations': async ({ prisma }, mine) => {
    const include = { children: { include: { parent: true } } };
    const row = await prisma.category.findUniqueOrThrow({ where: key(mine), include });
    expect(row.children).toHaveLength(2);
    return [row.name, ...row.children.flatMap(({ name, parent }) => [name, parent!.name])];
  },
  'a relation of a findUnique': async ({ prisma }, mine) =>
    names((await prisma.category.findUnique({ where: key(mine) }).children()) ?? []),
  'many findUnique in one tick': async ({ prisma }, mine) =>
    (await Promise.all([1, 2, 3].map(() => prisma.category.findUnique({ where: key(mine) })))).map((row) => row?.name),
  findFirst: async ({ prisma }) => [(await prisma.category.findFirst({ where: { key: 'root' } }))?.name],
  findFirstOrThrow: async ({ prisma }) => [(await prisma.category.findFirstOrThrow({ where: { key: 'a' } })).name],
  findMany: async ({ prisma }) => {
    const rows = await prisma.category.findMany();
    expect(rows).toHaveLength(3);
    return names(rows);
  },
  'findMany with relations': async ({ prisma }) =>
    (await prisma.category.findMany({ where: { key: 'root' }, include: { children: true, community: true } })).flatMap(
      ({ name, children, community }) => [name, community.id, ...names(children)],
    ),
  'a shared table with its rows here': async ({ prisma }, mine, other) => {
    const rows = await prisma.community.findMany({
      where: { id: { in: [mine.id, other.id] } },
      include: { categories: true },
    });
    expect(rows.find(({ id }) => id === other.id)!.categories).toEqual([]);
    return names(rows.flatMap(({ categories }) => categories));
  },
  count: async ({ prisma }, mine) => {
    expect(await prisma.category.count()).toBe(3);
    return [mine.id];
  },
  aggregate: async ({ prisma }) => {
    const { _min, _max, _count } = await prisma.category.aggregate({
      _min: { name: true },
      _max: { name: true },
      _count: true,
    });
    expect(_count).toBe(3);
    return [_min.name, _max.name];
  },
  groupBy: async ({ prisma }) => {
    const groups = await prisma.category.groupBy({ by: ['name'], _count: true });
    expect(groups.map(({ _count }) => _count)).toEqual([3]);
    return names(groups);
  },
  $queryRaw: async ({ prisma }) => names(await prisma.$queryRaw`select name from categories`),
  $queryRawUnsafe: async ({ prisma }) =>
    names(await prisma.$queryRawUnsafe('select name from categories where key = $1', 'a')),
  'array transaction': async ({ prisma }, mine) => {
    const [one, many, raw] = await prisma.$transaction([
      prisma.category.findUnique({ where: key(mine) }),
      prisma.category.findMany(),
      prisma.$queryRaw<{ name: string }[]>`select name from categories`,
    ]);
    expect(many).toHaveLength(3);
    return [one?.name, ...names(many), ...names(raw)];
  },
  'interactive transaction': async ({ prisma }, mine) =>
    prisma.$transaction(async (tx) => {
      const one = await tx.category.findUnique({ where: key(mine), include: { children: true } });
      const [many, raw] = await Promise.all([
        tx.category.findMany(),
        tx.$queryRaw<{ name: string }[]>`select name from categories`,
      ]);
      return [one?.name, ...names(one?.children ?? []), ...names(many), ...names(raw)];
    }),
  'interactive transaction of each isolation': async ({ prisma }, mine) => {
    for (const isolationLevel of ['ReadCommitted', 'RepeatableRead', 'Serializable'] as const) {
      const seen = await prisma.$transaction(
        async (tx) => {
          const rows = await tx.$queryRaw<
            { level: string }[]
          >`select current_setting('transaction_isolation') as level`;
          expect(rows[0]!.level.replace(' ', '')).toBe(isolationLevel.toLowerCase());
          return names(await tx.category.findMany());
        },
        { isolationLevel },
      );
      expect(new Set(seen)).toEqual(new Set([mine.id]));
    }
    return [mine.id];
  },
  'pool.query of a text': async ({ pool }) => names((await pool.query('select name from categories')).rows),
  'pool.query of a text and values': async ({ pool }) =>
    names((await pool.query('select name from categories where key = $1', ['b'])).rows),
  'pool.query of an object': async ({ pool }) =>
    names((await pool.query({ text: 'select name from categories where key = $1', values: ['a'] })).rows),
  'pool.query of a named statement': async ({ pool }) =>
    names(
      (await pool.query({ name: 'named', text: 'select name from categories where key = $1', values: ['a'] })).rows,
    ),
  'pool.query of rows as arrays': async ({ pool }) =>
    (await pool.query({ text: 'select name from categories', rowMode: 'array' })).rows.flat(),
  'pool.query with a callback': ({ pool }) =>
    new Promise((resolve, reject) =>
      pool.query('select name from categories', (error: Error, result: pg.QueryResult) =>
        error ? reject(error) : resolve(names(result.rows)),
      ),
    ),
};

/** Every kind of writing call, without naming the community where Prisma lets one; what is left is judged by the test. */
const writes: Record<string, (db: Open, mine: Place) => Promise<unknown>> = {
  create: ({ prisma }, { id }) =>
    prisma.category.create({ data: { communityId: id, id: randomUUID(), key: randomUUID(), name: id } }),
  createMany: ({ prisma }, { id }) =>
    prisma.category.createMany({ data: [{ communityId: id, id: randomUUID(), key: randomUUID(), name: id }] }),
  createManyAndReturn: ({ prisma }, { id }) =>
    prisma.category.createManyAndReturn({ data: [{ communityId: id, id: randomUUID(), key: randomUUID(), name: id }] }),
  update: ({ prisma }, mine) => prisma.category.update({ where: key(mine), data: { position: { increment: 1 } } }),
  updateMany: ({ prisma }) => prisma.category.updateMany({ data: { position: { increment: 1 } } }),
  updateManyAndReturn: async ({ prisma }, { id }) => {
    const rows = await prisma.category.updateManyAndReturn({ data: { position: { increment: 1 } } });
    expect(new Set(names(rows))).toEqual(new Set([id]));
  },
  upsert: ({ prisma }, { id }) =>
    prisma.category.upsert({
      where: { communityId_key: { communityId: id, key: 'a' } },
      create: { communityId: id, id: randomUUID(), key: 'a', name: id },
      update: { position: { increment: 1 } },
    }),
  'nested create': ({ prisma }, mine) =>
    prisma.category.update({
      where: key(mine),
      data: {
        children: { create: { id: randomUUID(), key: randomUUID(), name: mine.id } as never },
      },
    }),
  $executeRaw: ({ prisma }) => prisma.$executeRaw`update categories set position = position + 1`,
  'array transaction': ({ prisma }, mine) =>
    prisma.$transaction([
      prisma.category.update({ where: key(mine), data: { position: { increment: 1 } } }),
      prisma.category.updateMany({ data: { position: { increment: 1 } } }),
      prisma.$executeRaw`update categories set position = position + 1`,
    ]),
  'interactive transaction with a savepoint': ({ prisma }) =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRaw`update categories set position = position + 1`;
      await tx.$executeRaw`savepoint here`;
      await tx.$queryRaw`select 1 / 0`.catch(() => {});
      await tx.$executeRaw`rollback to savepoint here`;
      await tx.category.updateMany({ data: { position: { increment: 1 } } });
    }),
  'delete and deleteMany': async ({ prisma }, { id }) => {
    const made = await prisma.category.create({
      data: { communityId: id, id: randomUUID(), key: randomUUID(), name: id },
    });
    await prisma.category.delete({ where: { communityId_id: { communityId: id, id: made.id } } });
    await prisma.category.deleteMany({ where: { key: { notIn: ['root', 'a', 'b'] } } });
  },
  'pool.query': ({ pool }) => pool.query('update categories set position = position + $1', [1]),
};

test.each(Object.keys(reads))('two communities in one tick see each their own: %s', async (kind) => {
  const db = open(4);
  for (let round = 0; round < 5; round++) {
    const [one, other] = [places[round]!, places[round + 5]!];
    const [ofOne, ofOther] = await Promise.all([
      withCommunity(one.id, () => reads[kind]!(db, one, other)),
      withCommunity(other.id, () => reads[kind]!(db, other, one)),
    ]);
    expect(new Set(ofOne)).toEqual(new Set([one.id]));
    expect(new Set(ofOther)).toEqual(new Set([other.id]));
  }
});

test.each(Object.keys(writes))(
  'a write in the same tick as others touches its own community alone: %s',
  async (kind) => {
    const db = open(4);
    const state = () =>
      owner(async (client) =>
        Object.fromEntries(
          (
            await client.query(
              "select community_id, array_agg(name || position order by key, name) as rows from categories where key in ('root', 'a', 'b') group by 1",
            )
          ).rows.map(({ community_id, rows }) => [community_id, rows]),
        ),
      );
    const before = await state();
    const [one, other, ...bystanders] = places as [Place, Place, ...Place[]];
    await Promise.all([one, other].map((place) => withCommunity(place.id, () => writes[kind]!(db, place))));
    const after = await state();
    for (const { id } of bystanders) expect(after[id]).toEqual(before[id]);
    // Both did the same, so both look the same but for their names.
    const plain = ({ id }: Place) => after[id].map((row: string) => row.replace(id, ''));
    expect(plain(one)).toEqual(plain(other));
    const strangers = await owner(
      async (client) => (await client.query('select 1 from categories where name <> community_id::text')).rows,
    );
    expect(strangers).toEqual([]);
  },
);

test('fifty callers of ten communities on one connection see each their own', async () => {
  const db = open(1);
  const kinds = Object.values(reads);
  await Promise.all(
    Array.from({ length: 50 }, async (_, caller) => {
      const [mine, other] = [places[caller % 10]!, places[(caller + 1) % 10]!];
      for (let turn = 0; turn < 6; turn++) {
        const seen = await withCommunity(mine.id, () => kinds[(caller + turn * 7) % kinds.length]!(db, mine, other));
        expect(new Set(seen)).toEqual(new Set([mine.id]));
      }
    }),
  );
});

test('cancelled statements, killed connections and errors in the middle show nobody another community', async () => {
  const db = open(3);
  const kinds = [...Object.values(reads)];
  let [going, disturbed, right, failed] = [true, 0, 0, 0];
  const disturber = owner(async (client) => {
    for (; going; disturbed++) {
      const act = disturbed % 3 ? 'pg_cancel_backend' : 'pg_terminate_backend';
      await client.query(
        `select ${act}(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' order by random() limit 1`,
      );
    }
  });
  await Promise.all(
    Array.from({ length: 30 }, async (_, caller) => {
      const [mine, other] = [places[caller % 10]!, places[(caller + 3) % 10]!];
      for (let turn = 0; turn < 40; turn++) {
        const work: () => Promise<(string | null | undefined)[]> =
          turn % 5 === 4
            ? async () => names((await db.pool.query('select name, 1 / (position - position) from categories')).rows)
            : () => kinds[(caller * 3 + turn) % kinds.length]!(db, mine, other);
        const seen: (string | null | undefined)[] | undefined = await withCommunity(mine.id, work).catch(
          (error: Error) => {
            // An expectation that failed is a leak; anything else is the disturbance.
            if (error.name === 'AssertionError') throw error;
            return undefined;
          },
        );
        if (seen) expect(new Set(seen)).toEqual(new Set([mine.id]));
        if (seen) right++;
        else failed++;
      }
    }),
  );
  going = false;
  await disturber;
  expect(right).toBeGreaterThan(300);
  expect(failed).toBeGreaterThan(30);
});

test('nothing is left on a connection: the next user without a community gets an error, not rows', async () => {
  const { pool, prisma } = open(1);
  await withCommunity(places[0]!.id, async () => {
    await pool.query('select name from categories');
    await prisma.$transaction((tx) => tx.category.findMany());
    await pool.query('select 1 / 0').catch(() => {});
    await prisma.$transaction(async (tx) => tx.$queryRaw`select 1 / 0`).catch(() => {});
  });
  const client = await pool.connect();
  expect((await client.query("select current_setting('app.community_id') as id")).rows).toEqual([{ id: '' }]);
  await expect(client.query('select name from categories')).rejects.toThrow('invalid input syntax for type uuid');
  client.release();
});

test('outside every scope nothing is sent', async () => {
  const { pool, prisma } = open(1);
  const refusal = 'No community was put on';
  expect(() => currentCommunity()).toThrow(refusal);
  expect(() => pool.query('select 1')).toThrow(refusal);
  await expect(prisma.category.findMany()).rejects.toThrow(refusal);
  await expect(prisma.category.findUnique({ where: key(places[0]!) })).rejects.toThrow(refusal);
  await expect(prisma.$queryRaw`select 1`).rejects.toThrow(refusal);
  await expect(prisma.$transaction(async () => {})).rejects.toThrow(refusal);
  await expect(prisma.$transaction([prisma.category.findMany()])).rejects.toThrow(refusal);
  expect(() => withCommunity('somewhere', async () => {})).toThrow('lower-case uuid');
  expect(() => withCommunity(`${NO_COMMUNITY}'; select '`, async () => {})).toThrow('lower-case uuid');
});

test('in no community there are no rows and no writes, but what all share', async () => {
  const { prisma } = open(1);
  await withCommunity(NO_COMMUNITY, async () => {
    expect(await prisma.category.findMany()).toEqual([]);
    expect(await prisma.community.count()).toBe(10);
    const data = { communityId: places[0]!.id, id: randomUUID(), key: 'x', name: 'x' };
    await expect(prisma.category.create({ data })).rejects.toThrow('row-level security');
  });
});

test('a row of another community can neither be written nor moved there', async () => {
  const { prisma } = open(2);
  const [mine, other] = places as [Place, Place];
  await withCommunity(mine.id, async () => {
    const data = { communityId: other.id, id: randomUUID(), key: 'x', name: 'x' };
    await expect(prisma.category.create({ data })).rejects.toThrow('row-level security');
    await expect(prisma.category.update({ where: key(other), data: { name: 'x' } })).rejects.toThrow();
    await expect(prisma.category.delete({ where: key(other) })).rejects.toThrow();
    await expect(
      prisma.category.updateMany({ where: { key: 'a' }, data: { communityId: other.id } as never }),
    ).rejects.toThrow();
    expect((await prisma.category.deleteMany({ where: { communityId: other.id } })).count).toBe(0);
  });
});

test('a query belongs to the scope it is made in, whoever frees the connection it waits for', async () => {
  const { pool } = open(1);
  const [first, ...others] = places as [Place, ...Place[]];
  const busy = withCommunity(first.id, () => pool.query('select name from categories, pg_sleep(0.05)'));
  const waiting = others.map(({ id }) => withCommunity(id, () => pool.query('select name from categories')));
  await busy;
  for (const [index, { rows }] of (await Promise.all(waiting)).entries() as Iterable<[number, pg.QueryResult]>)
    expect(new Set(names(rows))).toEqual(new Set([others[index]!.id]));
});

test('a lazy promise that is returned from a scope runs in it', async () => {
  const { prisma } = open(2);
  const [one, other] = places as [Place, Place];
  const rows = await withCommunity(one.id, () =>
    withCommunity(other.id, () => prisma.category.findMany() as Promise<{ name: string }[]>),
  );
  expect(new Set(names(rows))).toEqual(new Set([other.id]));
});

test('a scope inside a transaction does not change whose transaction it is', async () => {
  const { prisma } = open(2);
  const [one, other] = places as [Place, Place];
  const seen = await withCommunity(one.id, () =>
    prisma.$transaction(async (tx) => {
      const inner = await withCommunity(other.id, () => tx.category.findMany());
      return [...names(inner), ...names(await tx.category.findMany())];
    }),
  );
  expect(new Set(seen)).toEqual(new Set([one.id]));
});

test('more distinct statements than are prepared still answer', async () => {
  const { prisma } = open(1);
  const mine = places[0]!;
  await withCommunity(mine.id, async () => {
    for (let length = 1; length <= 600; length++)
      expect(await prisma.category.count({ where: { key: { in: ['a', ...Array.from({ length }, String)] } } })).toBe(1);
  });
});
