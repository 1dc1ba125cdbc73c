import { Pool } from 'pg';
import { NO_COMMUNITY, TenantPool, tenantPrisma, withCommunity, type Prisma as Client } from '@kith/db';

/** What a domain function is given to write with: always inside one transaction of one community. */
export type Tx = Parameters<Parameters<Client['$transaction']>[0]>[0];

/** The application's connections, under row-level security; set once by `openDatabase`. */
export let prisma: Client;
export let pool: Pool;
/** The owner's few connections, for the job queue's own tables and for maintenance; never for a request. */
export let ownerPool: Pool;

export function openDatabase({
  ownerUrl,
  appUrl,
  connections,
}: {
  ownerUrl: string;
  appUrl: string;
  connections: number;
}) {
  const tenants = new TenantPool({ connectionString: appUrl, max: connections, application_name: 'kith' });
  ownerPool = new Pool({ connectionString: ownerUrl, max: 10, application_name: 'kith' });
  ownerPool.on('error', () => {});
  // A connection that is ended by both sides at once would otherwise end the process.
  ownerPool.on('connect', (client) => client.on('error', () => {}));
  prisma = tenantPrisma(tenants);
  pool = tenants;
}

export async function closeDatabase() {
  await prisma.$disconnect();
  await Promise.all([pool.end(), ownerPool.end()]);
}

const ATTEMPTS = 4;
/** Runs `work` in one transaction of the community; repeats it when the database asks for that (serialization failure, deadlock). */
export async function inCommunity<T>(
  community: string | { communityId: string },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const communityId = typeof community === 'string' ? community : community.communityId;
  return withCommunity(communityId, async () => {
    for (let attempt = 1; ; attempt++) {
      const done: (() => void)[] = [];
      try {
        const result = await prisma.$transaction(
          (tx) => {
            afterwards.set(tx, done);
            return work(tx);
          },
          { timeout: 30_000, maxWait: 10_000 },
        );
        for (const act of done) act();
        return result;
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      }
    }
  });
}

const afterwards = new WeakMap<object, (() => void)[]>();

/** Acts once the transaction of `inCommunity` has committed, never if it was undone; without such a transaction, at once. */
export function afterCommit(tx: object, act: () => void) {
  const done = afterwards.get(tx);
  if (done) done.push(act);
  else act();
}

/** One transaction on what is shared by all communities: users, sessions, the directory of communities. */
export const outsideCommunities = <T>(work: (tx: Tx) => Promise<T>) => inCommunity(NO_COMMUNITY, work);

/** The SQLSTATE PostgreSQL gave, however Prisma wrapped it. */
export function sqlState(error: unknown): string | undefined {
  const { code, meta, cause } = error as {
    code?: string;
    meta?: { driverAdapterError?: { cause?: { originalCode?: string } } };
    cause?: { originalCode?: string };
  };
  return (
    meta?.driverAdapterError?.cause?.originalCode ??
    cause?.originalCode ??
    (code?.length === 5 && !code.startsWith('P') ? code : undefined)
  );
}

/** True when the write broke the unique key that holds exactly these columns or fields. */
export const isUniqueViolation = (error: unknown) =>
  (error as { code?: string }).code === 'P2002' || sqlState(error) === '23505';

const isRetryable = (error: unknown) =>
  (error as { code?: string }).code === 'P2034' || ['40001', '40P01'].includes(sqlState(error) ?? '');
