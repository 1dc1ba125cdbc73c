import { NO_COMMUNITY, type MemberState } from '@kith/db';
import { categoriesOf } from '../communities/categories.ts';
import { requireTree, slug } from '../communities/categoryTree.ts';
import { defaultCategories } from '../communities/defaultCategories.ts';
import type { Tx } from '../db.ts';
import { DomainError } from '../errors.ts';
import { newId } from '../ids.ts';
import { RowRefused } from './cells.ts';
import type { StagedRow } from './plan.ts';

export interface CategoryNode {
  id: string;
  parentId: string | null;
  key: string;
  name: string;
  /** Set when listings may stay in it, and none may come. */
  archivedAt?: Date | null;
}

/** Finds the categories of a community by what files call them: the key, the name here, or the English name of the default tree. */
export class Categories {
  private readonly byKey = new Map<string, CategoryNode>();
  private readonly byName = new Map<string, CategoryNode[]>();
  private readonly all: CategoryNode[] = [];
  /** Those `make` made. */
  readonly made: (CategoryNode & { position: number })[] = [];

  constructor(nodes: CategoryNode[]) {
    for (const node of nodes) this.add(node);
  }

  private add(node: CategoryNode) {
    this.all.push(node);
    this.byKey.set(node.key, node);
    const name = plain(node.name);
    this.byName.set(name, [...(this.byName.get(name) ?? []), node]);
  }

  /** The category of that name, one below `parent` before others; undefined when there is none. Refuses a name that is not clear. */
  find(text: string, parent?: CategoryNode): CategoryNode | undefined {
    const known = this.byKey.get(text.toLowerCase());
    if (known) return known;
    const all = this.byName.get(plain(text)) ?? [];
    const used = all.filter(({ archivedAt }) => !archivedAt);
    const named = used.length ? used : all;
    const below = named.filter(({ parentId }) => parent && parentId === parent.id);
    const [first, ...others] = below.length ? below : named;
    if (others.length) {
      const keys = named.map(({ key }) => `"${key}"`).join(' or ');
      throw new RowRefused(`"${text}" is the name of several categories: write the key instead, ${keys}.`);
    }
    // The keys of the default tree are its English names, whatever language the community speaks.
    return first ?? this.byKey.get(slug(text)) ?? this.byKey.get(slug(text.replace(/\band\b/gi, ' ')));
  }

  /** A new category for this tree, not yet written. Refuses one that the rules of the tree do not allow. */
  make(name: string, parent?: CategoryNode): CategoryNode {
    if (name.length > NAME_MOST) throw new RowRefused(`A category's name takes at most ${NAME_MOST} characters.`);
    const id = newId();
    const parentId = parent?.id ?? null;
    try {
      requireTree([...this.all, { id, parentId }]);
    } catch (error) {
      if (error instanceof DomainError) throw new RowRefused(`"${name}": ${error.message}`);
      throw error;
    }
    const position = this.all.filter((node) => node.parentId === parentId).length;
    const node = { id, parentId, key: this.freeKey(name, id), name, position };
    this.add(node);
    this.made.push(node);
    return node;
  }

  private freeKey(name: string, id: string): string {
    const stem = slug(name).slice(0, 58) || `c-${id.slice(-12)}`;
    let key = stem;
    for (let number = 2; this.byKey.has(key); number++) key = `${stem}-${number}`;
    return key;
  }
}
const NAME_MOST = 80;

/** "Cooking & Sewing" and "cooking  and sewing" are one name. */
const plain = (name: string) => name.toLowerCase().replace(/&/g, ' and ').replace(/\s+/g, ' ').trim();

/** Somebody listings can belong to. */
export interface KnownMember {
  id: string;
  externalId: string | null;
  displayName: string;
  contactEmail: string | null;
  user: { email: string } | null;
  state: MemberState;
}

/** What is known where a file goes. A community that is yet to be made answers this too, so that a check needs no writing. */
export interface Directory {
  categories: Categories;
  surroundings: { currencyScale: number; locale: string; policies: unknown };
  members(texts: string[]): Promise<KnownMember[]>;
  /** In which line of the file each external id of these rows stands first. */
  firstLines(rows: StagedRow[]): Promise<Map<string, number>>;
}

export async function directoryOf(
  tx: Tx,
  { communityId, id: importId }: { communityId: string; id: string },
): Promise<Directory> {
  return {
    surroundings: await tx.community.findUniqueOrThrow({
      where: { id: communityId },
      select: { currencyScale: true, locale: true, policies: true },
    }),
    categories: new Categories(await categoriesOf(tx, communityId)),
    members: (texts) => membersCalled(tx, communityId, texts),
    async firstLines(rows) {
      const externalIds = rows.flatMap((row) => row.externalId ?? []);
      // Id by id: one question for all of them would read the whole file each time.
      const first = await tx.$queryRaw<{ externalId: string; line: number | null }[]>`
        select id as "externalId",
               (select min(line) from import_rows where community_id = ${communityId}::uuid and import_id = ${importId}::uuid and external_id = id) as line
        from unnest(${externalIds}::text[]) as id`;
      return new Map(first.flatMap(({ externalId, line }) => (line === null ? [] : [[externalId, line] as const])));
    },
  };
}

/** Members by any of what files call them: external id, e-mail address or name. */
async function membersCalled(tx: Tx, communityId: string, texts: string[]): Promise<KnownMember[]> {
  if (!texts.length) return [];
  const lower = [...new Set(texts.map((text) => text.toLowerCase()))];
  const emails = lower.filter((text) => text.includes('@'));
  const ids = lower.filter((text) => text.startsWith('kith:')).map((text) => text.slice('kith:'.length));
  return tx.member.findMany({
    where: {
      communityId,
      erasedAt: null,
      OR: [
        { externalId: { in: texts } },
        { displayName: { in: texts } },
        ...(emails.length ? [{ contactEmail: { in: emails } }, { user: { email: { in: emails } } }] : []),
        ...(ids.length ? [{ id: { in: ids.filter((id) => UUID.test(id)) } }] : []),
      ],
    },
    select: {
      id: true,
      externalId: true,
      displayName: true,
      contactEmail: true,
      state: true,
      user: { select: { email: true } },
    },
    orderBy: { id: 'asc' },
    take: texts.length * SAME_NAME_MOST,
  });
}
const SAME_NAME_MOST = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A community as it will be when it is made: the default tree, nobody, nothing. */
export function directoryToBe(): Directory {
  const seen = new Map<string, number>();
  return {
    surroundings: { currencyScale: 2, locale: 'en', policies: {} },
    categories: new Categories(defaultCategories(NO_COMMUNITY, 'en')),
    members: async () => [],
    async firstLines(rows) {
      for (const { externalId, line } of rows)
        if (externalId !== null && !seen.has(externalId)) seen.set(externalId, line);
      return seen;
    },
  };
}
