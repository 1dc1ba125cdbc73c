import { goBehind } from './background.ts';
import { readConfig } from './config.ts';
import { closeDatabase, openDatabase } from './db.ts';
import { configureIdentity } from './identity/sessions.ts';
import { startWorker } from './jobs.ts';
import { setPublicUrl } from './links.ts';
import { log } from './log.ts';
import { configureMail } from './notifications/mail.ts';
import './schema.ts';
import { openSearchIndex } from './searchIndex.ts';

// What a server starts beside it to work on jobs: matching a directory takes its processor for minutes, and requests are not to wait for that.
// It ends with its server.
/** Some jobs read several things at once. */
const MORE_CONNECTIONS = 4;

process.on('disconnect', () => process.exit());
// Of the whole terminal: its server hears it too, and says when to stop.
process.on('SIGINT', () => {});
goBehind();

const config = readConfig(process.env);
log.level = config.LOG_LEVEL;
openDatabase({
  ownerUrl: config.DATABASE_URL!,
  appUrl: config.DATABASE_APP_URL!,
  connections: config.WORKER_CONCURRENCY + MORE_CONNECTIONS,
});
configureIdentity(config);
configureMail(config);
setPublicUrl(config.PUBLIC_URL!);
const search = await openSearchIndex(config);
const worker = await startWorker(config.WORKER_CONCURRENCY);
process.on('SIGTERM', async () => {
  await worker.stop();
  await search.close();
  await closeDatabase();
  process.exit();
});
process.send?.('ready');
