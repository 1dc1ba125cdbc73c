import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { goBehind } from './background.ts';
import { ConfigurationError, readConfig, type Config } from './config.ts';
import { describeDemo, prepareInstallation } from './demo/installation.ts';
import { closeDatabase, ownerPool } from './db.ts';
import { Rejection, DomainError } from './errors.ts';
import { configureIdentity } from './identity/sessions.ts';
import { USAGE, WrongUsage, readOrder, type Order } from './imports/commandLine.ts';
import { UnreadableFile } from './imports/csv.ts';
import { importFile, type Report } from './imports/fileImport.ts';
import { ProgressLine, count } from './imports/progressLine.ts';
import { startWorker } from './jobs.ts';
import { startDatabase } from './kith.ts';
import { setPublicUrl } from './links.ts';
import { log } from './log.ts';
import { configureMail } from './notifications/mail.ts';
import { openSearchIndex } from './searchIndex.ts';
import { isAnybodyWorking } from './workerPresence.ts';

const LOOK_EVERY_MS = 250;

// Imports a file from the command line. It works beside a running server, which then indexes too, and without one.
// 0: done; 1: lines were refused, or the file or the database cannot be used; 2: wrong arguments.
try {
  const order = readOrder(process.argv.slice(2));
  if (order) process.exitCode = await run(order);
  else process.stdout.write(USAGE);
} catch (error) {
  const isTold = [WrongUsage, UnreadableFile, ConfigurationError, DomainError, Rejection].some(
    (kind) => error instanceof kind,
  );
  process.stderr.write(`\n${isTold ? (error as Error).message : (error as Error).stack}\n`);
  if (error instanceof WrongUsage) process.stderr.write('\n"npm run import -- --help" tells how it is used.\n');
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}

async function run(order: Order): Promise<number> {
  // npm changes to the project's folder; a relative path is meant from where the command was typed.
  const file = resolve(process.env.INIT_CWD ?? '.', order.file);
  if (!(await stat(file).catch(() => null))?.isFile()) throw new WrongUsage(`There is no file ${file}.`);
  const config = readConfig(process.env);
  log.level = process.env.LOG_LEVEL ? config.LOG_LEVEL : 'warn';
  const database = await startDatabase(config);
  goBehind();
  configureIdentity(config);
  configureMail(config);
  const url = config.PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}`;
  setPublicUrl(url);
  const search = await openSearchIndex(config);
  const progress = new ProgressLine(process.stderr);
  try {
    const demo = await prepareInstallation(config);
    if (demo?.isNew) process.stderr.write(`\n${describeDemo(demo, url)}\n`);
    const report = await importFile(order, file, (phase, done, total) =>
      progress.tell(phase, linesOf(done, total), done === total),
    );
    progress.end();
    tell(report, order);
    process.stderr.write(`\n${progress.summary(report.lines)}\n`);
    if (report.applied) await workUntilIdle(config, progress);
    return report.refused > 0 && !(report.applied && order.acceptRefused) ? 1 : 0;
  } finally {
    progress.end();
    await search.close();
    await closeDatabase();
    await database.stop();
  }
}

/** What is imported is searchable and matched only after jobs. A running server does them; where there is none, or it ends, they are done here. */
async function workUntilIdle({ WORKER_CONCURRENCY }: Config, progress: ProgressLine) {
  let worker: Awaited<ReturnType<typeof startWorker>> | undefined;
  try {
    for (;;) {
      const { rows } = await ownerPool.query(
        'select count(*)::int as jobs from graphile_worker.jobs where run_at <= now() and attempts < max_attempts',
      );
      if (!rows[0].jobs) return;
      if (!worker && !(await isAnybodyWorking())) worker = await startWorker(WORKER_CONCURRENCY);
      const who = worker ? '' : ' (the running server does it)';
      progress.tell(`indexing and matching${who}`, `${count(rows[0].jobs)} jobs left`);
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    await worker?.stop();
  }
}

function tell({ communities, refusals, refused, applied }: Report, { dryRun }: Order) {
  const rows = communities.map(({ slug, isNew, lines, counts }) => [
    isNew ? `${slug} (new)` : slug,
    ...[lines, counts.rowsCreated, counts.rowsUpdated, counts.rowsUnchanged, counts.rowsRefused].map(String),
  ]);
  const totals = [1, 2, 3, 4, 5].map((column) => String(rows.reduce((sum, row) => sum + Number(row[column]), 0)));
  if (rows.length > 1) rows.push(['all', ...totals]);
  process.stdout.write(`\n${table([['community', 'lines', 'created', 'updated', 'unchanged', 'refused'], ...rows])}\n`);
  if (refused) {
    const lines = refusals.map(({ line, community, reason }) => [String(line), community, reason]);
    process.stdout.write(`\nRefused:\n${table([['line', 'community', 'reason'], ...lines])}\n`);
    if (refused > refusals.length) process.stdout.write(`… and ${refused - refusals.length} more\n`);
  }
  if (applied) return;
  process.stdout.write(
    dryRun
      ? '\nThis was a dry run: nothing was imported.\n'
      : '\nNothing was imported. Mend the file, or leave these lines out with --accept-refused.\n',
  );
}

function linesOf(done: number, total?: number): string {
  return `${count(done)} lines${total ? ` of ${count(total)} (${Math.floor((100 * done) / total)} %)` : ''}`;
}

/** Columns of even width; numbers to the right, the last column as it is. */
function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const cell = (text: string, column: number) => {
    if (/^\d+$/.test(text)) return text.padStart(widths[column]!);
    return column === widths.length - 1 ? text : text.padEnd(widths[column]!);
  };
  return rows.map((row) => row.map(cell).join('  ')).join('\n');
}
