import type { Prisma } from './tenant.ts';
import { getDatamodel } from './generated/pothos.ts';

/** A plain column behind a field of a model. */
export interface Column {
  name: string;
  /** Prisma's scalar type, or the name of an enum. */
  type: string;
  list: boolean;
  required: boolean;
}
/** A row of the same community that a field leads to: the one whose id stands in `column`. */
export interface Reference {
  model: string;
  column: string;
  required: boolean;
}
export interface Table {
  name: string;
  columns: Map<string, Column>;
  references: Map<string, Reference>;
}

const known = new Map<string, Table>();

/** The table behind a model, by the names the database knows: what SQL that is not written by Prisma needs. */
export function tableOf(prisma: Prisma, model: string): Table {
  const found = known.get(model) ?? read(prisma, model);
  known.set(model, found);
  return found;
}

interface Names {
  models: Record<string, { dbName: string | null; fields: { name: string; dbName?: string }[] }>;
}

function read(prisma: Prisma, model: string): Table {
  // Prisma keeps these names to itself; a test compares what is made of them with what Prisma reads.
  const names = (prisma as unknown as { _runtimeDataModel: Names })._runtimeDataModel.models[model]!;
  const columnOf = (field: string) => names.fields.find(({ name }) => name === field)?.dbName ?? field;
  const table: Table = { name: names.dbName ?? model, columns: new Map(), references: new Map() };
  for (const field of getDatamodel().datamodel.models[model]!.fields) {
    const { name, kind, type, isList: list, isRequired: required } = field;
    if (kind !== 'object') table.columns.set(name, { name: columnOf(name), type, list, required });
    const [community, id, ...more] = field.relationFromFields ?? [];
    if (kind === 'object' && !list && community === 'communityId' && id && !more.length)
      table.references.set(name, { model: type, column: columnOf(id), required });
  }
  return table;
}
