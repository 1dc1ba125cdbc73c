import { createReadStream } from 'node:fs';
import type { Viewer } from '../context.ts';
import { outsideCommunities } from '../db.ts';
import { applyImport } from './apply.ts';
import { checkImport } from './check.ts';
import type { Row } from './columns.ts';
import { WrongUsage, type Order } from './commandLine.ts';
import { UnreadableFile } from './csv.ts';
import { startImport } from './imports.ts';
import { readRows } from './staging.ts';
import {
  ExistingTarget,
  REFUSALS_SHOWN,
  TargetToBe,
  communityCalled,
  importerIn,
  type Refusal,
  type Target,
} from './target.ts';
import type { Counts } from './verdicts.ts';

/** What became of the lines of each community, or would. */
export interface Report {
  communities: { slug: string; isNew: boolean; lines: number; counts: Counts }[];
  /** The first of them, by line. */
  refusals: Refusal[];
  refused: number;
  lines: number;
  /** False for a dry run, and when lines were refused and that was not accepted. */
  applied: boolean;
}
/** Told how far each phase is. */
export type Progress = (phase: 'reading' | 'checking' | 'writing', done: number, total?: number) => void;

const TOLD_EVERY_LINES = 500;
const LOOK_EVERY_MS = 250;
const SLUG = /^[a-z0-9][a-z0-9-]{1,62}$/;

/**
 * Imports a file into one or many communities. Everything is checked first; only when nothing is refused, or that is accepted,
 * communities are made and lines written. Indexing is left to a worker.
 */
export async function importFile(order: Order, file: string, progress: Progress): Promise<Report> {
  const actor = await actorOf(order);
  const targets = new Map<string, Target>();
  const unplaced: Refusal[] = [];
  let [lines, unplacedCount] = [0, 0];
  try {
    for await (const { line, row, problem } of readRows(createReadStream(file), order.kind, () => {})) {
      const { slug, refusal } = placeOf(row, order);
      const target = refusal ? refusal : (targets.get(slug) ?? (await open(slug, actor, order)));
      if (typeof target === 'string') {
        unplacedCount++;
        if (unplaced.length < REFUSALS_SHOWN) unplaced.push({ community: slug, line, reason: target });
      } else {
        targets.set(slug, target);
        await target.add(line, row, problem);
      }
      if (++lines % TOLD_EVERY_LINES === 0) progress('reading', lines);
    }
    if (!lines) throw new UnreadableFile('The file has no lines below the first one.');
    progress('reading', lines);
    for (const target of targets.values()) await target.finish();
    await settle([...targets.values()], 'CHECKED', progress);
    const report = await reportOf([...targets.values()], { unplaced, unplacedCount, lines });
    if (order.dryRun || (report.refused > 0 && !order.acceptRefused)) {
      await cancel(targets.values());
      return report;
    }
    await found(targets, { order, actor, file, progress });
  } catch (error) {
    await cancel(targets.values()).catch(() => {});
    throw error;
  }
  const existing = [...targets.values()].filter((target) => target instanceof ExistingTarget);
  for (const { importer, at } of existing)
    await startImport(importer, { importId: at.importId, acceptRefused: order.acceptRefused });
  await settle(existing, 'DONE', progress);
  return { ...(await reportOf([...targets.values()], { unplaced, unplacedCount, lines })), applied: true };
}

/** Somebody of the installation, or nobody: who may use its database may import. New communities need somebody to run them. */
async function actorOf({ as, createCommunities }: Order): Promise<Viewer | null> {
  if (as === undefined && !createCommunities) return null;
  const user = await outsideCommunities((tx) =>
    tx.user.findFirst({
      where: { erasedAt: null, ...(as === undefined ? { platformAdministrator: true } : { email: as.toLowerCase() }) },
      orderBy: { id: 'asc' },
    }),
  );
  if (!user)
    throw new WrongUsage(
      as === undefined
        ? 'Nobody is there to run new communities: sign up, then name yourself with --as EMAIL.'
        : `Nobody has signed up as ${as}.`,
    );
  const { id: userId, email, name, locale, platformAdministrator, emailVerifiedAt } = user;
  return { sessionId: '', userId, email, emailVerified: emailVerifiedAt !== null, name, locale, platformAdministrator };
}

/** Which community a line goes to, or why to none. */
function placeOf(row: Row, { community }: Order): { slug: string; refusal?: string } {
  const named = (row.community ?? '').toLowerCase();
  if (community === undefined) {
    if (!named) return { slug: '', refusal: 'The line names no community: give --community, or a column community.' };
    return SLUG.test(named)
      ? { slug: named }
      : {
          slug: named.slice(0, 63),
          refusal: 'community: write a slug such as north-side: letters, digits and hyphens.',
        };
  }
  if (named && named !== community)
    return { slug: named.slice(0, 63), refusal: `This line is for the community "${named}".` };
  return { slug: community };
}

async function open(slug: string, actor: Viewer | null, order: Order): Promise<Target | string> {
  const id = await communityCalled(slug);
  if (id) {
    const importer = await importerIn(id, actor);
    if (order.options.invite && !importer.memberId)
      throw new WrongUsage(`--invite needs an operator of ${slug} behind --as: an invitation comes from a member.`);
    return ExistingTarget.open(slug, importer, { order });
  }
  if (order.createCommunities) return new TargetToBe(slug, order);
  if (order.community) throw new WrongUsage(`There is no community "${slug}"; --create-communities makes it.`);
  return `There is no community "${slug}"; --create-communities makes it.`;
}

/** Makes the communities that are missing and stages their lines, in a second pass over the file. */
async function found(
  targets: Map<string, Target>,
  { order, actor, file, progress }: { order: Order; actor: Viewer | null; file: string; progress: Progress },
) {
  const made = new Map<string, ExistingTarget>();
  for (const target of targets.values())
    if (target instanceof TargetToBe && actor) made.set(target.slug, await target.found(actor));
  if (!made.size) return;
  for (const [slug, target] of made) targets.set(slug, target);
  for await (const { line, row, problem } of readRows(createReadStream(file), order.kind, () => {})) {
    const { slug, refusal } = placeOf(row, order);
    if (!refusal) await made.get(slug)?.add(line, row, problem);
  }
  for (const target of made.values()) await target.finish();
  await settle([...made.values()], 'CHECKED', progress);
}

/** Takes the imports of all communities through a phase. A worker elsewhere may do the same: batches take turns, and the one who dies is no loss. */
async function settle(targets: Target[], state: 'CHECKED' | 'DONE', progress: Progress) {
  const existing = targets.filter((target) => target instanceof ExistingTarget);
  const go = state === 'DONE' ? applyImport : checkImport;
  const look = async () => {
    const rows = await Promise.all(existing.map((target) => target.row()));
    const [done, total] = [
      sum(rows.map((row) => (state === 'DONE' ? row.rowsDone : row.rowsChecked + row.rowsRefused))),
      sum(rows.map((row) => row.rowsTotal)),
    ];
    progress(state === 'DONE' ? 'writing' : 'checking', Math.min(done, total), total);
    return rows;
  };
  let looking = Promise.resolve<unknown>(null);
  const timer = setInterval(() => void (looking = looking.then(look).catch(() => {})), LOOK_EVERY_MS);
  try {
    for (const { at } of existing) await go(at, { turnMs: Infinity });
  } finally {
    clearInterval(timer);
    await looking;
  }
  const lost = (await look()).find((row) => row.state !== state);
  if (lost) throw new Error(`The import was ${lost.state.toLowerCase()} meanwhile, by somebody else.`);
}
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

async function cancel(targets: Iterable<Target>) {
  for (const target of targets) if (target instanceof ExistingTarget) await target.cancel();
}

async function reportOf(
  targets: Target[],
  { unplaced, unplacedCount, lines }: { unplaced: Refusal[]; unplacedCount: number; lines: number },
): Promise<Report> {
  const looks = await Promise.all(targets.map(async (target) => ({ target, ...(await target.look()) })));
  const refusals = [...unplaced, ...looks.flatMap((look) => look.refusals)].sort((a, b) => a.line - b.line);
  return {
    communities: looks.map(({ target: { slug, isNew }, lines, counts }) => ({ slug, isNew, lines, counts })),
    refusals: refusals.slice(0, REFUSALS_SHOWN),
    refused: unplacedCount + sum(looks.map(({ counts }) => counts.rowsRefused)),
    lines,
    applied: false,
  };
}
