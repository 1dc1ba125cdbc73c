import pg from 'pg';
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client/client.ts';

/**
 * The one place where a connection puts on its community (see tenancy decision record).
 * A query runs as [set_config(app.community_id, local)] [the query] [one Sync]: one round trip, one implicit transaction,
 * nothing left on the connection. A distributed database would need SET LOCAL in an explicit transaction instead: here.
 */
const scope = new AsyncLocalStorage<string>();
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Outside every community: tables of communities are empty and refuse writes, tables shared by all answer. */
export const NO_COMMUNITY = '00000000-0000-0000-0000-000000000000';

/** Runs `work` as the given community (a lower-case uuid, or NO_COMMUNITY). Everything it awaits sees only that community. */
export function withCommunity<T>(communityId: string, work: () => Promise<T>): Promise<T> {
  if (!UUID.test(communityId)) throw new Error('A community id is a lower-case uuid.');
  // The await inside matters: a lazy PrismaPromise uses the scope in which it is awaited, not the one in which it was made.
  return scope.run(communityId, async () => await work());
}

/** The community this code runs as; throws outside any `withCommunity`. */
export function currentCommunity(): string {
  const community = scope.getStore();
  if (community === undefined) throw new Error('No community was put on: call withCommunity().');
  return community;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- pg's and Prisma's internals have no types; the tests of this file guard them. */

class TenantQuery extends (pg as any).Query {
  declare submitted: boolean;
  private setting = true;
  private community: string;
  constructor(config: any, values: any, community: string) {
    super(config, values);
    this.community = community;
  }
  requiresPreparation() {
    return true;
  }
  prepare(connection: any) {
    connection.bind({
      portal: '',
      statement: 'tenant',
      values: [this.community],
      valueMapper: (value: unknown) => value,
    });
    connection.execute({ portal: '', rows: 0 });
    return super.prepare(connection);
  }
  handleDataRow(message: any) {
    if (!this.setting) super.handleDataRow(message);
  }
  handleCommandComplete(message: any, connection: any) {
    if (this.setting) this.setting = false;
    else super.handleCommandComplete(message, connection);
  }
}

/** A pool whose every `query()` runs as the current community. `connect()` gives a bare client: use `tenantTransaction`. */
export class TenantPool extends pg.Pool {
  constructor(options: pg.PoolConfig) {
    super({
      ...options,
      onConnect: (client: pg.ClientBase) =>
        client.query({ name: 'tenant', text: "select set_config('app.community_id', $1, true)", values: [''] }),
    } as pg.PoolConfig);
    this.on('connect', (client) => client.on('error', () => {}));
    // Without a listener a restart of the database ends the process.
    this.on('error', () => {});
  }
  // The scope is read here, synchronously: the pool's own callback runs in another caller's scope.
  override query(config: any, values?: any, callback?: any): any {
    if (typeof values === 'function') return this.query(config, undefined, values);
    return (super.query as any)(new TenantQuery(config, values, currentCommunity()), undefined, callback);
  }
}

class TenantAdapter extends PrismaPg {
  override async connect() {
    const adapter: any = await super.connect();
    const begin = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolation?: string) => {
      const community = currentCommunity();
      const tx = await begin();
      try {
        // SET LOCAL takes no snapshot, so SET TRANSACTION may follow it. The community is a checked uuid.
        const sql = [`SET LOCAL app.community_id='${community}'`];
        if (isolation) sql.push(`SET TRANSACTION ISOLATION LEVEL ${isolation}`);
        for (const text of sql) await tx.executeRaw({ sql: text, args: [], argTypes: [] });
        return tx;
      } catch (error) {
        tx.cleanup?.();
        tx.client.release(error);
        throw error;
      }
    };
    return adapter;
  }
}

const PREPARED_MOST = 500;
/** Names a prepared statement by its text; capped, because IN lists of varying length make new texts without end. */
function statementNames() {
  const names = new Map<string, string>();
  // Prisma's types ask for a name always; without one the statement is simply not prepared.
  return ({ sql }: { sql: string }): string => {
    const known = names.get(sql);
    if (known || names.size >= PREPARED_MOST) return known as string;
    const name = `k${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** A Prisma client on the tenant pool. Safe for every kind of call, also for two communities in one tick. */
export function tenantPrisma(pool: TenantPool, transactionOptions: { maxWait?: number; timeout?: number } = {}) {
  const adapter = new TenantAdapter(pool, { statementNameGenerator: statementNames() });
  const prisma = new PrismaClient({ adapter, transactionOptions });
  // Prisma batches findUnique calls of one tick and sends them in the FIRST caller's scope; here they are batched by community too.
  const options = (prisma as any)._requestHandler.dataloader.options;
  const { batchBy, singleLoader, batchLoader } = options;
  options.batchBy = (request: any) => {
    const key = batchBy(request);
    if (!key) return key;
    request.community = currentCommunity();
    return `${request.community}|${key}`;
  };
  options.singleLoader = (request: any) =>
    request.community === undefined ? singleLoader(request) : scope.run(request.community, () => singleLoader(request));
  options.batchLoader = (requests: any[]) => scope.run(requests[0].community, () => batchLoader(requests));
  return prisma;
}
export type Prisma = ReturnType<typeof tenantPrisma>;
/* eslint-enable @typescript-eslint/no-explicit-any */
