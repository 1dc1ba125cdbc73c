import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

/** What the global setup made for all workers of this run. */
export type TestServer = { adminUrl: string; appUrl: string; template: string; prefix: string };

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** A fresh database with the whole schema and no rows, for the caller alone; about 20 ms. */
export async function testDatabase(): Promise<{ ownerUrl: string; appUrl: string; drop(): Promise<void> }> {
  const { adminUrl, appUrl, template, prefix } = inject('testServer');
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  await withClient(adminUrl, (admin) => clone(admin, template, name));
  const ownerUrl = onDatabase(adminUrl, name);
  // A database's own rights do not come with its template.
  await withClient(ownerUrl, (owner) => owner.query(`grant connect on database ${name} to kith_app`));
  const drop = () => withClient(adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  return { ownerUrl, appUrl: onDatabase(appUrl, name), drop: async () => void (await drop()) };
}

async function clone(admin: pg.Client, template: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.query(`create database ${name} template ${template} strategy file_copy`);
      return;
    } catch (error) {
      // "Source database is being accessed": another run is looking whether the template is up to date.
      if ((error as pg.DatabaseError).code !== '55006' || attempt === 100) throw error;
      await sleep(100);
    }
  }
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function onDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
