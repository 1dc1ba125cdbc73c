import { getNamedType, type FieldNode, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { tableOf } from '@kith/db';
import { PAGE_MOST, PAGE_STANDARD } from './builder.ts';
import type { Context } from './context.ts';
import { pool, prisma } from './db.ts';
import { parseCursor, type TimeColumn } from './pages.ts';
import { NeedsCode, fieldsOf, rowAsJson, type Fragments } from './directRow.ts';

/** What the field of a connection says of itself (`extensions: { directPage }`), so that its pages can be read directly. */
export interface DirectPage<Args = Record<string, unknown>> {
  model: string;
  /** The newest first by this column; cursors are made of it and the id. */
  column: TimeColumn;
  /**
   * Which rows: fields and the values they have, the same that the resolver asks for.
   * Undefined when the viewer may not ask, and for arguments that are left to the resolver.
   */
  equal(args: Args, context: Context): Record<string, string> | undefined;
}
interface PageArguments extends Record<string, unknown> {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}
/** Answers a page as JSON text; undefined when the resolver has to answer after all. */
export type ReadPage = (args: PageArguments, context: Context) => Promise<string | undefined>;
interface Found {
  edges: string | null;
  /** One more than were asked for when there is another page. */
  count: number;
  complete: boolean;
  start?: string | null;
  end?: string | null;
}

/** Prepares one statement that answers the pages of a connection's field; throws NeedsCode where that takes code. */
export function readerOf(
  field: GraphQLField<unknown, Context>,
  node: FieldNode,
  { model, column, equal }: DirectPage,
  fragments: Fragments,
): ReadPage {
  const type = getNamedType(field.type) as GraphQLObjectType;
  const named = (name: string) => getNamedType(type.getFields()[name]!.type) as GraphQLObjectType;
  let [edge, pages] = [`''`, false];
  const parts = fieldsOf(type, node.selectionSet!, fragments).map(({ key, name, node: asked }) => {
    if (name === '__typename') return () => `"${key}":"${type.name}"`;
    if (name === 'edges') {
      if (edge !== `''`) throw new NeedsCode();
      edge = edgeAsJson(named('edges'), asked, fragments);
      return ({ edges }: Found) => `"${key}":[${edges ?? ''}]`;
    }
    if (name !== 'pageInfo') throw new NeedsCode();
    pages = true;
    const wanted = fieldsOf(named('pageInfo'), asked.selectionSet!, fragments);
    return (found: Found, limit: number, after: string) => {
      const info: Record<string, unknown> = {
        __typename: 'PageInfo',
        startCursor: found.start ?? after,
        endCursor: found.end ?? after,
        hasNextPage: found.count > limit,
        hasPreviousPage: after !== '',
      };
      return `"${key}":${JSON.stringify(Object.fromEntries(wanted.map((each) => [each.key, info[each.name]])))}`;
    };
  });
  const write = statement(model, column, { edge, pages });

  return async (args, context) => {
    const limit = args.first ?? PAGE_STANDARD;
    const rows = equal(args, context);
    const isBackwards = typeof args.last === 'number' || typeof args.before === 'string';
    if (!rows || isBackwards || limit < 1 || limit > PAGE_MOST) return undefined;
    const after = args.after ?? '';
    const behind = typeof args.after === 'string' ? parseCursor(after, 'after') : undefined;
    const query = write({ limit, fields: Object.keys(rows), behind: behind !== undefined });
    const values = [...Object.values(rows), ...(behind ? [behind.time, behind.id] : [])];
    const [found] = (await pool.query<Found>({ ...query, values })).rows;
    return found!.complete ? `{${parts.map((part) => part(found!, limit, after)).join(',')}}` : undefined;
  };
}

/** The row every statement reads, as all of its parts call it. */
const ROW = 'r';

function edgeAsJson(type: GraphQLObjectType, { selectionSet }: FieldNode, fragments: Fragments): string {
  const members = fieldsOf(type, selectionSet!, fragments).map(({ key, name, node }, index) => {
    const start = `'${index ? ',' : ''}"${key}":`;
    if (name === '__typename') return `${start}"${type.name}"'`;
    const of = getNamedType(type.getFields()[name]!.type) as GraphQLObjectType;
    if (name === 'cursor') return `${start}"' || cursor || '"'`;
    if (name !== 'node') throw new NeedsCode();
    return `${start}' || ${rowAsJson(of, node.selectionSet!, ROW, fragments)}`;
  });
  return `'{' || ${members.join(' || ')} || '}'`;
}

/** The statement of a page, by its size, the fields that are given and whether it goes on behind a row. */
function statement(model: string, column: TimeColumn, { edge, pages }: { edge: string; pages: boolean }) {
  const table = tableOf(prisma, model);
  const nameOf = (field: string) => table.columns.get(field)!.name;
  const time = nameOf(column);
  // As pages.ts makes it.
  const cursor = `rtrim(translate(encode(convert_to(floor(extract(epoch from ${time}) * 1000)::bigint || ':' || id, 'UTF8'),
    'base64'), '+/' || chr(10), '-_'), '=')`;
  const made = new Map<string, { name?: string; text: string }>();
  return ({ limit, fields, behind }: { limit: number; fields: string[]; behind: boolean }) => {
    const key = `${limit} ${fields.join()} ${behind}`;
    const known = made.get(key);
    if (known) return known;
    const conditions = fields.map((field, index) => `${nameOf(field)} = $${index + 1}`);
    const [at, id] = [`$${fields.length + 1}`, `$${fields.length + 2}`];
    if (behind) conditions.push(`${time} <= ${at} and (${time} < ${at} or id > ${id})`);
    // A number, no parameter: a plan that does not know how few rows are wanted reads and sorts the whole directory.
    const page = `select * from ${table.name} where ${conditions.join(' and ')} order by ${time} desc, id limit ${limit + 1}`;
    const ends = `, min(cursor) filter (where n = 1) as start, min(cursor) filter (where n = least(${limit}, total)) as end`;
    const marks = `, ${cursor} as cursor, count(*) over () as total`;
    // The fence (offset 0) has the JSON made once, though it is looked at twice.
    const text = `select string_agg(json, ',' order by n) filter (where n <= ${limit}) as edges, count(*)::int as count,
        count(json) = count(*) as complete${pages ? ends : ''}
      from (select n, ${pages ? 'total, cursor, ' : ''}${edge} as json
        from (select *, row_number() over (order by ${time} desc, id) as n${pages || edge.includes(' cursor ') ? marks : ''}
          from (${page}) page) ${ROW} offset 0) edges`;
    // Each is prepared once on a connection; more of them than anybody asks for in earnest are not.
    const prepared = made.size < PREPARED_MOST ? { name: `direct ${++statements}`, text } : { text };
    if (prepared.name) made.set(key, prepared);
    return prepared;
  };
}
const PREPARED_MOST = 50;
let statements = 0;
