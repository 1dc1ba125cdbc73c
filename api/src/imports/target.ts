import { withCommunity } from '@kith/db';
import { createCommunity, membershipsOf, SlugTaken } from '../communities/communities.ts';
import { can } from '../communities/capabilities.ts';
import type { Viewer } from '../context.ts';
import { outsideCommunities, prisma } from '../db.ts';
import type { Row } from './columns.ts';
import { WrongUsage, type Order } from './commandLine.ts';
import { directoryToBe } from './directory.ts';
import { cancelImport, createImport, importRow, type Importer } from './imports.ts';
import { planListings } from './listingPlan.ts';
import { planMembers } from './memberPlan.ts';
import { NO_ROOM } from './members.ts';
import type { StagedRow, Verdict } from './plan.ts';
import { Staging, identity, type ImportRef } from './staging.ts';
import { understand } from './understand.ts';
import { countsOf, type Counts } from './verdicts.ts';

export interface Refusal {
  community: string;
  line: number;
  reason: string;
}
export const REFUSALS_SHOWN = 500;
const BATCH = 500;
const NEW_CAPACITY = 10_000;

/** One community that lines of a file go to. */
export interface Target {
  readonly slug: string;
  readonly isNew: boolean;
  add(line: number, row: Row, problem?: string): Promise<void>;
  /** Every line was added. */
  finish(): Promise<void>;
  /** What becomes of the lines, and the first that are refused. */
  look(): Promise<{ counts: Counts; lines: number; refusals: Refusal[] }>;
}

/** A community that is there: lines are staged in it and checked by its import. */
export class ExistingTarget implements Target {
  readonly slug: string;
  readonly isNew: boolean;
  readonly at: ImportRef;
  readonly importer: Importer;
  private readonly staging: Staging;

  private constructor(
    { slug, isNew, at, importer }: { slug: string; isNew: boolean; at: ImportRef; importer: Importer },
    order: Order,
  ) {
    this.slug = slug;
    this.isNew = isNew;
    this.at = at;
    this.importer = importer;
    this.staging = new Staging(at, order.kind);
  }

  static async open(slug: string, importer: Importer, { order, isNew = false }: { order: Order; isNew?: boolean }) {
    const { kind, options, file } = order;
    const at = await createImport(importer, { kind, options, fileName: file.split(/[\\/]/).at(-1)!.slice(0, 200) });
    const target = new ExistingTarget({ slug, isNew, at, importer }, order);
    await target.staging.begin();
    return target;
  }

  add(line: number, row: Row, problem?: string) {
    return this.staging.add(line, row, problem);
  }
  finish() {
    return this.staging.finish([]);
  }
  row() {
    return withCommunity(this.at.communityId, () => importRow(prisma, this.at));
  }
  async cancel() {
    const { state } = await this.row();
    if (state === 'RECEIVING' || state === 'CHECKING' || state === 'CHECKED')
      await cancelImport(this.importer, this.at.importId);
  }
  async look() {
    const { rowsTotal, rowsCreated, rowsUpdated, rowsUnchanged, rowsRefused } = await this.row();
    const refused = await withCommunity(this.at.communityId, () =>
      prisma.importRow.findMany({
        where: { ...this.at, state: 'REFUSED' },
        orderBy: { line: 'asc' },
        take: REFUSALS_SHOWN,
        select: { line: true, reason: true },
      }),
    );
    return {
      counts: { rowsCreated, rowsUpdated, rowsUnchanged, rowsRefused },
      lines: rowsTotal,
      refusals: refused.map(({ line, reason }) => ({ community: this.slug, line, reason: reason ?? '' })),
    };
  }
}

/** A community that is made when nothing stands against it: its lines are checked here, against what it will have. */
export class TargetToBe implements Target {
  readonly slug: string;
  readonly isNew = true;
  private readonly order: Order;
  private readonly directory = directoryToBe();
  private readonly newMembers = new Set<string>();
  private readonly counts: Counts = { rowsCreated: 0, rowsUpdated: 0, rowsUnchanged: 0, rowsRefused: 0 };
  private readonly refusals: Refusal[] = [];
  private waiting: StagedRow[] = [];
  private lines = 0;

  constructor(slug: string, order: Order) {
    this.slug = slug;
    this.order = order;
  }

  async add(line: number, row: Row, problem?: string) {
    this.lines++;
    if (problem) return this.take([{ line, outcome: null, reason: problem, newMember: null }]);
    this.waiting.push({ line, row, externalId: identity(this.order.kind, row) });
    if (this.waiting.length >= BATCH) await this.finish();
  }

  async finish() {
    const { kind, options } = this.order;
    const place = { directory: this.directory, options, room: Infinity, understand };
    const plan =
      kind === 'LISTINGS'
        ? await planListings(this.waiting, place, async () => [])
        : await planMembers(this.waiting, place, async () => []);
    this.waiting = [];
    this.take(plan.verdicts.map((verdict) => this.withRoom(verdict)));
  }

  private withRoom(verdict: Verdict): Verdict {
    const { newMember, line } = verdict;
    if (newMember === null || this.newMembers.has(newMember)) return verdict;
    // The operator takes the first place.
    if (this.newMembers.size >= NEW_CAPACITY - 1) return { line, outcome: null, reason: NO_ROOM, newMember: null };
    this.newMembers.add(newMember);
    return verdict;
  }

  private take(verdicts: Verdict[]) {
    const counts = countsOf(verdicts);
    for (const key of Object.keys(counts) as (keyof Counts)[]) this.counts[key] += counts[key];
    for (const { outcome, line, reason } of verdicts)
      if (outcome === null && this.refusals.length < REFUSALS_SHOWN)
        this.refusals.push({ community: this.slug, line, reason: reason ?? '' });
  }

  async look() {
    return { counts: this.counts, lines: this.lines, refusals: this.refusals };
  }

  /** Makes the community and opens the import that its lines go to; one that somebody else made meanwhile is taken as it is. */
  async found(founder: Viewer): Promise<ExistingTarget> {
    const { slug, order } = this;
    const name = slug.replaceAll('-', ' ').replace(/(^| )\p{Ll}/gu, (letter) => letter.toUpperCase());
    try {
      await createCommunity(founder, {
        slug,
        name,
        description: '',
        visibility: 'LISTED',
        locale: 'en',
        timeZone: 'UTC',
        currencyCode: order.currency,
        currencyName: order.currency === 'HOUR' ? 'Hours' : order.currency,
        currencySymbol: '',
        currencyScale: 2,
        memberCapacity: NEW_CAPACITY,
        policies: {},
      });
    } catch (error) {
      if (!(error instanceof SlugTaken)) throw error;
    }
    const id = await communityCalled(slug);
    return ExistingTarget.open(slug, await importerIn(id!, founder), { order, isNew: true });
  }
}

export const communityCalled = (slug: string): Promise<string | undefined> =>
  outsideCommunities(async (tx) => (await tx.community.findUnique({ where: { slug }, select: { id: true } }))?.id);

/** The actor in a community: an operator of it, an administrator of the installation, or nobody. */
export async function importerIn(communityId: string, actor: Viewer | null): Promise<Importer> {
  if (!actor) return { communityId, userId: null, memberId: null };
  const { userId, email, platformAdministrator } = actor;
  const membership = (await membershipsOf(userId)).find((candidate) => candidate.communityId === communityId);
  const isOperator = membership?.state === 'ACTIVE' && can(membership.roles, 'importRun');
  if (!isOperator && !platformAdministrator)
    throw new WrongUsage(`${email} is no operator of every community in the file.`);
  return { communityId, userId, memberId: isOperator ? membership.memberId : null };
}
