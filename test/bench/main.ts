import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { stopClusters } from './cluster.ts';
import { isMet, ratioOf, type Bench, type BenchResult, type Figure } from './bench.ts';

/** A bench is a file here that exports `run`. */
const benches: Record<string, () => Promise<{ run: Bench }>> = {
  reads: () => import('./reads.ts'),
  fanout: () => import('./fanout.ts'),
  search: () => import('./search.ts'),
  matching: () => import('./matching.ts'),
  crosslingual: () => import('./crosslingual.ts'),
  pay: () => import('./pay.ts'),
  embed: () => import('./embed.ts'),
  demurrage: () => import('./demurrage.ts'),
  import: () => import('./import.ts'),
};

const given = process.argv.slice(2);
const [, folds] = given.includes('--folds') ? given.splice(given.indexOf('--folds'), 2) : [];
const [, size] = given.includes('--size') ? given.splice(given.indexOf('--size'), 2) : [];
const [asJson, quick] = [given.includes('--json'), given.includes('--quick')];
const words = given.filter((argument) => !argument.startsWith('--'));
const names = words.filter((word) => benches[word]);
// npm changes to the project's folder; a relative path is meant from where the command was typed.
const files = words.filter((word) => !benches[word]).map((word) => resolve(process.env.INIT_CWD ?? '.', word));
const unknown = files.filter((file) => !existsSync(file));
if (!names.length || unknown.length) {
  const known = Object.keys(benches).join('|');
  console.error(
    `${unknown.length ? `There is no bench and no file "${unknown.join()}". ` : ''}Usage: npm run bench -- ${known} [FILE] [--folds 5] [--size 1000000] [--json] [--quick]`,
  );
  process.exit(2);
}

const results: BenchResult[] = [];
for (const name of names) {
  const { run } = await benches[name]!();
  const result = await run({
    quick,
    files,
    ...(folds && { folds: Number(folds) }),
    ...(size && { size: Number(size) }),
    say: (text) => console.error(`  ${name}: ${text}`),
  }).finally(stopClusters);
  results.push(result);
  print(result);
}
const missed = results.flatMap(({ figures }) => figures).filter((figure) => isMet(figure) === false);
if (asJson) {
  const judged = results.map((result) => ({
    ...result,
    figures: result.figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), met: isMet(figure) })),
  }));
  console.log(JSON.stringify({ benches: judged, missed: missed.map(({ name }) => name) }));
}
process.exit(0);

function print({ name, conditions, figures }: BenchResult) {
  console.log(`\n${name}\n${conditions.map((line) => `  ${line}`).join('\n')}\n`);
  const rows = [['', 'measured', 'limit in the same run', 'ratio', 'goal', ''], ...figures.map(row)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  for (const cells of rows)
    console.log(`  ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}

function row(figure: Figure): string[] {
  const { name, value, unit, limit, goal } = figure;
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    name,
    `${number(value)} ${unit}`,
    limit ? `${number(limit.value)} ${unit}: ${limit.name}` : '',
    ratio === undefined ? '' : ratio.toFixed(2),
    goal ? (goal.atLeast === undefined ? `< ${goal.below}` : `≥ ${goal.atLeast}`) : '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
