import { parseArgs } from 'node:util';
import { byChance, crash, type Report } from './crash.ts';
import { VICTIMS } from './installation.ts';

const USAGE = `Kills the API, what works on its jobs, and PostgreSQL while clients pay, trade and ask to be paid; then compares what the clients
were told with what is there. Ends with 1 when something differs. The seed decides what is killed when, and what each client does.

  npm run crash -- --seconds 60 --seed 1 --members 100 --clients 32
`;

async function main() {
  const options = {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    members: { type: 'string', default: '100' },
    clients: { type: 'string', default: '32' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return void process.stdout.write(USAGE);
  const [seconds, seed, members, clients] = [values.seconds, values.seed, values.members, values.clients].map(Number);
  if (![seconds, seed, members, clients].every((given) => Number.isSafeInteger(given) && given! >= 1) || members! < 2) {
    process.stderr.write(`These are whole numbers above zero, and there are two members or more.\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const killer = byChance({ seed: seed!, milliseconds: seconds! * 1000 });
  const report = await crash({ seed: seed!, members: members!, clients: clients!, killer, bundle: true }, say);
  say(`\n${figuresOf(report)}\n\n${report.audit.said.trim()}`);
  for (const difference of report.differences) say(difference);
  const isWhole = !report.differences.length && report.audit.status === 0;
  say(isWhole ? '\nEverything that was acknowledged is there, once, and nothing else.' : '\nSomething differs.');
  if (!isWhole) process.exitCode = 1;
}

function figuresOf({ kills, log, milliseconds, unheard, community }: Report): string {
  const counts = VICTIMS.map((victim) => `${victim} ${kills.filter((kill) => kill.victim === victim).length}`);
  const times = kills.map(({ backAfterMs }) => backAfterMs).sort((one, other) => one - other);
  const answered = log.acknowledged / (milliseconds / 1000);
  const silences = [...log.silences].map(([what, count]) => `${what} ${count}`).join(', ');
  const twice = log.payments.filter(({ attempts }) => attempts > 1).length;
  return [
    `kills          ${kills.length} (${counts.join(', ')}) in ${(milliseconds / 1000).toFixed(1)} s`,
    `back after     ${times.length ? `${times[times.length >> 1]} ms in the middle, ${times.at(-1)} ms at most` : '–'}`,
    `sent           ${log.sent} requests by ${community.people.length} members`,
    `acknowledged   ${log.acknowledged} (${answered.toFixed(0)} a second), refused by rules ${log.refused}`,
    `no answer      ${[...log.silences.values()].reduce((sum, count) => sum + count, 0)}${silences ? ` (${silences})` : ''}`,
    `retried        ${log.retried} calls, ${twice} of them payments; restored ${log.restored}; given up ${log.abandoned}`,
    `unheard of     ${unheard.made} payments were made, ${unheard.lost} were not`,
    `what was done  ${log.payments.length} payments, ${log.batches.length} batches, ${log.requests.length} payment requests, ${log.trades.length} trades`,
  ].join('\n');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
}
process.exit();
