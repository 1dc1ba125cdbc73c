import { join } from 'node:path';
import { prepareDatabase, startEmbedded } from '@kith/db';
import type { Config } from './config.ts';
import { closeDatabase, openDatabase } from './db.ts';
import { describeDemo, prepareInstallation } from './demo/installation.ts';
import { configureIdentity } from './identity/sessions.ts';
import { log } from './log.ts';
import { configureMail } from './notifications/mail.ts';
import { openSearchIndex, searchIndex } from './searchIndex.ts';
import { startServer } from './server.ts';
import { startWorkerProcess } from './workerProcess.ts';

/** Starts all of Kith: database, migrations, search and server in this process, work on jobs in another. */
export async function startKith(config: Config) {
  log.level = config.LOG_LEVEL;
  const database = await startDatabase(config);
  configureIdentity(config);
  configureMail(config);
  const search = await openSearchIndex(config);
  const demo = await prepareInstallation(config);
  const server = await startServer(config, database);
  // After the server: what the worker mails has links to the address that the server has only now.
  const worker = config.WORKER
    ? await startWorkerProcess({
        ...search.settings,
        DATABASE_URL: database.ownerUrl,
        DATABASE_APP_URL: database.appUrl,
        PUBLIC_URL: config.PUBLIC_URL ?? server.url,
      })
    : undefined;
  // Beside the first requests: nobody waits for it, and whoever comes later finds it ready.
  searchIndex.meaning.warm().catch(() => log.warn('what understands texts is not ready; words serve until it is'));
  return {
    ...server,
    announce() {
      process.stdout.write(
        `\n  Kith is running\n\n  Console    ${server.url}/\n  GraphQL    ${server.url}/graphql  (GraphiQL in a browser)\n\n${demo ? `${describeDemo(demo, server.url)}\n` : ''}`,
      );
    },
    async stop() {
      await server.stop();
      await worker?.stop();
      await search.close();
      await closeDatabase();
      await database.stop();
    },
  };
}

/** The database that is configured, or the embedded one; migrated and open. For the server and for command-line programs. */
export async function startDatabase(config: Config) {
  const embedded = config.DATABASE_URL ? undefined : await startEmbedded({ dataDir: join(config.dataDir, 'postgres') });
  const ownerUrl = config.DATABASE_URL ?? embedded!.ownerUrl;
  const { appUrl, applied } = await prepareDatabase(ownerUrl, {
    ...(config.DATABASE_APP_URL && { appUrl: config.DATABASE_APP_URL }),
  });
  if (applied.length) log.info({ applied }, 'the database was migrated');
  openDatabase({ ownerUrl, appUrl, connections: config.DATABASE_POOL });
  return { ownerUrl, appUrl, stop: async () => embedded?.stop() };
}
