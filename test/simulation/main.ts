import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../../api/src/config.ts';
import { closeDatabase } from '../../api/src/db.ts';
import '../../api/src/schema.ts';
import { configureIdentity } from '../../api/src/identity/sessions.ts';
import { startDatabase } from '../../api/src/kith.ts';
import { log } from '../../api/src/log.ts';
import { fromMinor } from '../../api/src/money.ts';
import { configureMail } from '../../api/src/notifications/mail.ts';
import { openSearchIndex } from '../../api/src/searchIndex.ts';
import { chartOf } from './chart.ts';
import type { DayFigures } from './figures.ts';
import { simulate } from './simulate.ts';

const USAGE = `Lets a community live in a database of its own: people join, list, trade, pay, dispute and leave, coins are minted, demurrage is
charged. Every day the invariants of the ledger are checked; the first that does not hold ends it.

  npm run simulate -- --seed 1 --members 50 --days 90 [--chart simulation.svg]
`;
const SCALE = 2;
const amount = (minor: bigint) => fromMinor(minor, SCALE);

async function main() {
  const options = {
    seed: { type: 'string', default: '1' },
    members: { type: 'string', default: '50' },
    days: { type: 'string', default: '90' },
    chart: { type: 'string', default: 'simulation.svg' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  const [seed, members, days] = [values.seed, values.members, values.days].map(Number) as [number, number, number];
  if (values.help) return void process.stdout.write(USAGE);
  if (![seed, members, days].every((given) => Number.isSafeInteger(given) && given >= 0) || members < 2 || days < 1) {
    process.stderr.write(`A simulation takes whole numbers: two members or more, and a day or more.\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-simulation-'));
  // Open to the account the server runs under; else its files would stand elsewhere and stay.
  fs.chmodSync(dataDir, 0o755);
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', SEARCH_ENGINE: 'postgres', EMBEDDER: 'none' });
  log.level = config.LOG_LEVEL;
  const database = await startDatabase(config);
  configureIdentity(config);
  configureMail(config);
  const search = await openSearchIndex(config);
  try {
    process.stdout.write('   day  members     supply   treasury   median  velocity    gini\n');
    const {
      days: history,
      acts,
      refusals,
    } = await simulate({ seed, members, days }, (day) => {
      if ((day.day + 1) % 10 === 0 || day.day + 1 === days) process.stdout.write(`${lineOf(day)}\n`);
    });
    process.stdout.write(`\n${listed('Done', acts)}\n${listed('Refused by rules', refusals)}\n`);
    // npm changes to the project's folder; a relative path is meant from where the command was typed.
    const chart = path.resolve(process.env.INIT_CWD ?? '.', values.chart);
    fs.writeFileSync(chart, chartOf(history, { scale: SCALE, currencyCode: 'SIM' }));
    process.stdout.write(`\nEvery invariant held on each of ${days} days. The chart is ${chart}.\n`);
  } finally {
    await search.close();
    await closeDatabase();
    await database.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

const lineOf = ({ day, members, supply, treasury, balances, velocity, gini }: DayFigures) =>
  [
    ...[String(day + 1).padStart(6), String(members).padStart(8), amount(supply).padStart(10)],
    ...[amount(treasury).padStart(10), amount(balances[2]).padStart(8)],
    ...[(velocity ?? '–').padStart(9), (gini ?? '–').padStart(7)],
  ].join(' ');

const listed = (title: string, counts: Record<string, number>) =>
  `${title}: ${
    Object.entries(counts)
      .sort(([, one], [, other]) => other - one)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'nothing'
  }`;

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
}
process.exit();
