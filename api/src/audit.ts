import { parseArgs } from 'node:util';
import { ConfigurationError, readConfig } from './config.ts';
import { closeDatabase } from './db.ts';
import { startDatabase } from './kith.ts';
import { auditLedger } from './ledger/audit.ts';
import { log } from './log.ts';

const USAGE = `Recomputes every balance, reservation and rule of the ledger from its postings. Ends with 1 when something differs.

  npm run audit                          of every community
  npm run audit -- --community <slug>    of one
`;

async function main() {
  const { values } = parseArgs({ options: { community: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) return void process.stdout.write(USAGE);
  const config = readConfig(process.env);
  log.level = 'warn';
  const database = await startDatabase(config);
  try {
    const { communities, entries, postings, arrears, differences } = await auditLedger(values.community);
    if (values.community && !communities) return refuse(`There is no community with the slug "${values.community}".`);
    process.stdout.write(
      `${communities} communities, ${entries} entries, ${postings} postings; ${arrears} accounts in arrears after a reversal.\n`,
    );
    for (const { slug, rule, subject_id, expected, found } of differences)
      process.stdout.write(`${slug}: ${rule}: ${subject_id ?? ''} is ${found}, not ${expected}\n`);
    process.stdout.write(differences.length ? `${differences.length} differences.\n` : 'Everything adds up.\n');
    if (differences.length) process.exitCode = 1;
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

function refuse(sentence: string) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}

try {
  await main();
} catch (error) {
  const isTold =
    error instanceof ConfigurationError || String((error as { code?: string }).code).startsWith('ERR_PARSE');
  process.stderr.write(`${isTold ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 2;
}
