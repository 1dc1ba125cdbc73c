import {
  GraphQLEnumType,
  Kind,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type SelectionSetNode,
} from 'graphql';
import { tableOf, type Column } from '@kith/db';
import { prisma } from './db.ts';

/** Thrown while a document is looked at: part of it takes code, so all of it goes the ordinary way. */
export class NeedsCode extends Error {}

export type Fragments = Map<string, FragmentDefinitionNode>;

/**
 * The row `alias` of the model behind the type, as SQL that makes the JSON the selection asks for. NULL when a row that must be
 * there is not. Only plain columns, ids of nodes and references without conditions of their own: whatever has a rule takes code.
 */
export function rowAsJson(
  type: GraphQLObjectType,
  selection: SelectionSetNode,
  alias: string,
  fragments: Fragments,
): string {
  const table = tableOf(prisma, modelOf(type));
  const members = fieldsOf(type, selection, fragments).map(({ key, node, name }, index) => {
    const start = `'${index ? ',' : ''}"${key}":`;
    if (name === '__typename') return `${start}"${type.name}"'`;
    const field = type.getFields()[name]!;
    const { pothosExposedField: exposed, pothosPrismaRelationField: relation } = extensionsOf(field);
    if (takesCode(field)) throw new NeedsCode();
    if (name === 'id' && type.getInterfaces().some((each) => each.name === 'Node'))
      return `${start}' || ${globalIdOf(type, alias)}`;
    if (exposed && table.columns.has(exposed))
      return `${start}' || ${columnAsJson(field, table.columns.get(exposed)!, alias)}`;
    const reference = table.references.get(relation?.name ?? '');
    const target = getNamedType(field.type);
    if (!reference || hasCondition(field) || !isObjectType(target) || modelOf(target) !== reference.model)
      throw new NeedsCode();
    const other = `${alias}_${index}`;
    const row = `(select ${rowAsJson(target, node.selectionSet!, other, fragments)} from ${tableOf(prisma, reference.model).name} ${other}
      where ${other}.community_id = ${alias}.community_id and ${other}.id = ${alias}.${reference.column})`;
    return `${start}' || ${isNonNullType(field.type) ? row : `coalesce(${row}, 'null')`}`;
  });
  return `'{' || ${members.join(' || ')} || '}'`;
}

/** The fields asked for by the names they are answered under; fragments on the same type are part of it. */
export function fieldsOf(type: GraphQLObjectType, selection: SelectionSetNode, fragments: Fragments) {
  const found = new Map<string, { key: string; name: string; node: FieldNode }>();
  const visit = ({ selections }: SelectionSetNode) => {
    for (const node of selections) {
      if (node.directives?.length) throw new NeedsCode();
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        // Asked for twice, the two selections would have to be joined.
        if (found.has(key)) throw new NeedsCode();
        found.set(key, { key, name: node.name.value, node });
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node;
      if (fragment.directives?.length) throw new NeedsCode();
      if (fragment.typeCondition && fragment.typeCondition.name.value !== type.name) throw new NeedsCode();
      visit(fragment.selectionSet);
    }
  };
  visit(selection);
  return [...found.values()];
}

interface Extensions {
  pothosExposedField?: string;
  pothosPrismaRelationField?: { name: string };
  pothosPrismaFallback?: unknown;
  pothosPrismaSelect?: (args: object, context: object, nested: (query: unknown) => unknown) => unknown;
  pothosPrismaModel?: string;
  pothosOptions?: Record<string, unknown>;
}
export const extensionsOf = ({ extensions }: { extensions: object }) => extensions as Extensions;

function modelOf(type: GraphQLObjectType): string {
  const { pothosPrismaModel: model, pothosOptions } = extensionsOf(type);
  if (!model || RULES.some((rule) => pothosOptions?.[rule])) throw new NeedsCode();
  return model;
}

/** Options of a field or type by which something else than the bare value is answered, or not to everybody. */
const RULES = ['authScopes', 'grantScopes', 'skipTypeScopes', 'runScopesOnType', 'errors', 'query', 'validate'];
/** Whether the relation asks for more than the row itself, or loads it in its own way. */
function hasCondition(field: GraphQLField<unknown, unknown>): boolean {
  const { pothosPrismaSelect: select, pothosPrismaFallback: fallback } = extensionsOf(field);
  let asked: unknown;
  select?.({}, {}, (query) => (asked = query));
  return fallback !== undefined || typeof asked !== 'object' || Object.keys(asked ?? {}).length > 0;
}

const takesCode = (field: GraphQLField<unknown, unknown>) =>
  field.args.length > 0 || RULES.some((rule) => extensionsOf(field).pothosOptions?.[rule]);

/** As `globalId` makes it; the base64 of PostgreSQL breaks lines after 76 characters. */
const globalIdOf = (type: GraphQLObjectType, alias: string) =>
  `'"' || replace(encode(convert_to('${type.name}:' || ${alias}.id, 'UTF8'), 'base64'), chr(10), '') || '"'`;

/** How a column is answered, by the name of its GraphQL type. */
const BY_TYPE: Record<string, (value: string) => string> = {
  String: (value) => `to_json(${value})::text`,
  Int: (value) => `${value}::text`,
  Float: (value) => `to_json(${value})::text`,
  Boolean: (value) => `${value}::text`,
  DateTime: (value) => `'"' || to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'`,
};
const PLAIN: Record<string, string[]> = {
  String: ['String'],
  Int: ['Int'],
  Float: ['Float', 'Int'],
  Boolean: ['Boolean'],
  DateTime: ['DateTime'],
};

function columnAsJson(field: GraphQLField<unknown, unknown>, column: Column, alias: string): string {
  const value = `${alias}.${column.name}`;
  const type = getNamedType(field.type);
  const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
  const json = () => {
    if (isList !== column.list) throw new NeedsCode();
    if (type instanceof GraphQLEnumType && !isList && type.getValues().every(({ name, value }) => name === value))
      return `'"' || ${value} || '"'`;
    if (!PLAIN[type.name]?.includes(column.type)) throw new NeedsCode();
    if (!isList) return BY_TYPE[type.name]!(value);
    if (type.name !== 'String') throw new NeedsCode();
    return `to_json(${value})::text`;
  };
  if (isNonNullType(field.type) && column.required) return json();
  if (isNonNullType(field.type)) throw new NeedsCode();
  return `coalesce(${json()}, 'null')`;
}
