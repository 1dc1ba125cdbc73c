import { z } from 'zod';
import { ImportKind, ImportOutcome, ImportRowState, type ImportState, NO_COMMUNITY, type Sql } from '@kith/db';
import { ErrorInterface, builder, globalId, localId } from '../builder.ts';
import { can } from '../communities/capabilities.ts';
import { line } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { notFound } from '../errors.ts';
import type { KithEvent } from '../events.ts';
import { EventStream } from '../subscriptions.ts';
import { pageArgs } from '../pageArgs.ts';
import './apply.ts';
import './check.ts';
import './invite.ts';
import './retention.ts';
import './upload.ts';
import { ImportHasRefusedRows, WrongImportState, cancelImport, createImport, startImport } from './imports.ts';
import type { ImportOptions } from './plan.ts';
import type { ImportRef } from './staging.ts';

const KindType = builder.enumType(ImportKind, { name: 'ImportKind', description: 'What the lines of a file are.' });
const StateType = builder.enumType('ImportState', {
  description: 'How far an import is.',
  values: {
    RECEIVING: { description: 'It waits for its file.' },
    CHECKING: { description: 'Its lines are looked at; nothing is written.' },
    CHECKED: { description: 'It is known what would become of every line; it waits for startImport.' },
    APPLYING: { description: 'Its lines are being written.' },
    DONE: { description: 'Every line that was not refused is written.' },
    REFUSED: { description: 'The file as a whole cannot be read; see problem.' },
    CANCELLED: { description: 'It was stopped.' },
  } satisfies Record<ImportState, { description: string }>,
});
const RowStateType = builder.enumType(ImportRowState, { name: 'ImportRowState', description: 'How far a line is.' });
const OutcomeType = builder.enumType(ImportOutcome, {
  name: 'ImportOutcome',
  description: 'What becomes of a line: foreseen once it is checked, true once it is done.',
});
const PlaceholderMembersType = builder.enumType('PlaceholderMembers', {
  description: 'What becomes of listings of people the community does not know.',
  values: {
    NONE: { description: 'Their lines are refused.' },
    EACH: { description: 'Every name gets a placeholder member, and every listing that names nobody one of its own.' },
    ONE: { description: 'Every name gets a placeholder member; listings that name nobody share one.' },
  },
});

const OptionsType = builder.objectRef<ImportOptions>('ImportOptions').implement({
  description: 'What an import may do.',
  fields: (t) => ({
    createMissingCategories: t.exposeBoolean('createMissingCategories', {
      description: 'Make categories that are missing; else their lines are refused.',
    }),
    placeholderMembers: t.expose('placeholderMembers', {
      type: PlaceholderMembersType,
      description: 'What becomes of listings of unknown people.',
    }),
    invite: t.exposeBoolean('invite', { description: 'Invite new members who have an address.' }),
  }),
});

const operators = (member: { roles: Parameters<typeof can>[0]; communityId: string; state: string } | null) =>
  member?.state === 'ACTIVE' && can(member.roles, 'importRun') ? member.communityId : NO_COMMUNITY;

const count = (description: string) => ({ description });
export const ImportType = builder.prismaNode('Import', {
  description: 'One CSV file on its way into the directory.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({ communityId_id: { communityId: operators(member), id } }),
  fields: (t) => ({
    kind: t.expose('kind', { type: KindType, description: 'What its lines are.' }),
    state: t.expose('state', { type: StateType, description: 'How far it is.' }),
    fileName: t.exposeString('fileName', { description: 'What the file is called.' }),
    uploadUrl: t.string({
      nullable: true,
      description: 'Where to PUT the file while the import is RECEIVING, with the same headers as other requests.',
      select: { id: true, state: true },
      resolve: ({ id, state }) => (state === 'RECEIVING' ? `/uploads/imports/${globalId('Import', id)}` : null),
    }),
    options: t.field({
      type: OptionsType,
      description: 'What it may do.',
      select: { options: true },
      resolve: ({ options }) => options as unknown as ImportOptions,
    }),
    problem: t.exposeString('problem', { nullable: true, description: 'Why the file as a whole was refused.' }),
    ignoredColumns: t.exposeStringList('ignoredColumns', {
      description: 'Columns of the file that mean nothing here.',
    }),
    rowsTotal: t.exposeInt('rowsTotal', count('Lines below the first one.')),
    rowsChecked: t.exposeInt('rowsChecked', count('Lines the check has looked at.')),
    rowsDone: t.exposeInt('rowsDone', count('Lines that are done with, refused ones included.')),
    rowsCreated: t.exposeInt('rowsCreated', count('Lines that make something new; before the start: that would.')),
    rowsUpdated: t.exposeInt('rowsUpdated', count('Lines that change something; before the start: that would.')),
    rowsUnchanged: t.exposeInt('rowsUnchanged', count('Lines that say what is there already.')),
    rowsRefused: t.exposeInt('rowsRefused', count('Lines that are not taken; importRows tells why.')),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it came to its end.' }),
  }),
});

const loaded = <Q extends object>(query: Q, { communityId, importId: id }: ImportRef) =>
  prisma.import.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

builder.queryField('import', (t) =>
  t.withAuth({ capability: 'importRun' }).prismaField({
    type: ImportType,
    nullable: true,
    description: 'One import of this community.',
    args: { id: t.arg.id({ required: true, description: 'Which one.' }) },
    resolve: (query, _root, { id }, { communityId }) =>
      prisma.import.findUnique({ ...query, where: { communityId_id: { communityId, id: localId('Import', id) } } }),
  }),
);

const ImportList = builder
  .objectRef<{ where: Sql.ImportWhereInput; skip: number; take: number }>('ImportList')
  .implement({
    description: 'A page of the list of imports.',
    fields: (t) => ({
      items: t.prismaField({
        type: [ImportType],
        description: 'The imports of this page, newest first.',
        resolve: (query, page) =>
          prisma.import.findMany({ ...query, ...page, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
      }),
      total: t.int({
        description: 'How many there are on all pages.',
        resolve: ({ where }) => prisma.import.count({ where }),
      }),
    }),
  });
const ImportFilter = builder.inputType('ImportFilter', {
  description: 'Which imports the list shows.',
  fields: (t) => ({
    states: t.field({
      type: [StateType],
      required: false,
      description: 'In one of these states.',
      validate: z.array(z.string()).max(10).nullish(),
    }),
  }),
});
builder.queryField('importList', (t) =>
  t.withAuth({ capability: 'importRun' }).field({
    type: ImportList,
    description: 'The imports of this community, newest first.',
    args: {
      ...pageArgs,
      filter: t.arg({ type: ImportFilter, required: false, description: 'Which ones; all of them when left out.' }),
    },
    resolve: (_root, { skip, take, filter }, { communityId }) => ({
      skip,
      take,
      where: { communityId, ...(filter?.states?.length && { state: { in: filter.states } }) },
    }),
  }),
);

const RowType = builder.prismaObject('ImportRow', {
  description: 'One line of the file of an import.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line of the file on which it ends; the first line is 1.' }),
    row: t.expose('row', { type: 'JSON', description: 'Its cells, by the names of our columns.' }),
    state: t.expose('state', { type: RowStateType, description: 'How far it is.' }),
    outcome: t.expose('outcome', {
      type: OutcomeType,
      nullable: true,
      description: 'What becomes of it; null when it is refused or not yet looked at.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why it is refused, or what is to be known of it.',
    }),
  }),
});
const RowList = builder
  .objectRef<{ where: Sql.ImportRowWhereInput; skip: number; take: number }>('ImportRowList')
  .implement({
    description: 'A page of the lines of an import.',
    fields: (t) => ({
      items: t.prismaField({
        type: [RowType],
        description: 'The lines of this page, in the order of the file.',
        resolve: (query, page) => prisma.importRow.findMany({ ...query, ...page, orderBy: { line: 'asc' } }),
      }),
      total: t.int({
        description: 'How many there are on all pages.',
        resolve: ({ where }) => prisma.importRow.count({ where }),
      }),
    }),
  });
builder.queryField('importRows', (t) =>
  t.withAuth({ capability: 'importRun' }).field({
    type: RowList,
    description: 'The lines of an import: what becomes of each, and why. They are kept for 30 days.',
    args: {
      importId: t.arg.id({ required: true, description: 'Of which import.' }),
      state: t.arg({ type: RowStateType, required: false, description: 'Only lines in this state.' }),
      ...pageArgs,
    },
    resolve: (_root, { importId, state, skip, take }, { communityId }) => ({
      skip,
      take,
      where: { communityId, importId: localId('Import', importId), ...(state && { state }) },
    }),
  }),
);

const OptionsInput = builder.inputType('ImportOptionsInput', {
  description: 'What an import may do. What is left out is not allowed.',
  fields: (t) => ({
    createMissingCategories: t.boolean({
      defaultValue: false,
      required: true,
      description: 'Make categories that are missing.',
    }),
    placeholderMembers: t.field({
      type: PlaceholderMembersType,
      defaultValue: 'NONE',
      required: true,
      description: 'What becomes of listings of people the community does not know.',
    }),
    invite: t.boolean({
      defaultValue: false,
      required: true,
      description: 'Invite new members who have an address to take their place over.',
    }),
  }),
});
const CreateImportInput = builder.inputType('CreateImportInput', {
  description: 'A file to import.',
  fields: (t) => ({
    kind: t.field({ type: KindType, required: true, description: 'What its lines are.' }),
    fileName: t.string({ required: true, description: 'What the file is called.', validate: line(200) }),
    options: t.field({ type: OptionsInput, required: false, description: 'What the import may do.' }),
  }),
});
builder.mutationField('createImport', (t) =>
  t.withAuth({ capability: 'importRun' }).prismaField({
    type: ImportType,
    description:
      'Makes an import that waits for its file: PUT the CSV to uploadUrl. It is then checked, and nothing is written before startImport.',
    args: {
      input: t.arg({ type: CreateImportInput, required: true, description: 'The file and what the import may do.' }),
    },
    resolve: async (query, _root, { input: { kind, fileName, options } }, { member }) =>
      loaded(query, await createImport(member, { kind, fileName, options: { ...STANDARD, ...options } })),
  }),
);
const STANDARD: ImportOptions = { createMissingCategories: false, placeholderMembers: 'NONE', invite: false };

const StartImportInput = builder.inputType('StartImportInput', {
  description: 'An import to apply.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which one.' }),
    acceptRefused: t.boolean({
      defaultValue: false,
      required: true,
      description: 'Apply the other lines although some are refused; else nothing is applied.',
    }),
  }),
});
builder.mutationField('startImport', (t) =>
  t.withAuth({ capability: 'importRun' }).prismaField({
    type: ImportType,
    description:
      'Applies a checked import. Lines are known again by their external id, so the same file can be sent again.',
    errors: { types: [WrongImportState, ImportHasRefusedRows] },
    args: { input: t.arg({ type: StartImportInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input: { id, acceptRefused } }, { member }) =>
      loaded(query, await startImport(member, { importId: localId('Import', id), acceptRefused })),
  }),
);

const CancelImportInput = builder.inputType('CancelImportInput', {
  description: 'An import to stop.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Which one.' }) }),
});
builder.mutationField('cancelImport', (t) =>
  t.withAuth({ capability: 'importRun' }).prismaField({
    type: ImportType,
    description: 'Stops an import. What a running one has written stays; sending the file again goes on from there.',
    errors: { types: [WrongImportState] },
    args: { input: t.arg({ type: CancelImportInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input: { id } }, { member }) =>
      loaded(query, await cancelImport(member, localId('Import', id))),
  }),
);

builder.objectType(WrongImportState, {
  name: 'WrongImportState',
  description: 'The import is in a state in which this cannot be done.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ state: t.expose('state', { type: StateType, description: 'The state it is in.' }) }),
});
builder.objectType(ImportHasRefusedRows, {
  name: 'ImportHasRefusedRows',
  description: 'Some lines would not be taken, and this was not accepted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ rowsRefused: t.exposeInt('rowsRefused', { description: 'How many.' }) }),
});

const Changed = builder.objectRef<KithEvent & { importId: string }>('ImportChanged').implement({
  description: 'An import went on.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    import: t.prismaField({
      type: ImportType,
      nullable: true,
      description: 'The import as it is now; null for an event of another import.',
      resolve: (query, { communityId, payload, importId: id }) =>
        payload.importId === id
          ? prisma.import.findUnique({ ...query, where: { communityId_id: { communityId, id } } })
          : null,
    }),
  }),
});
builder.subscriptionField('importChanged', (t) =>
  t.withAuth({ capability: 'importRun' }).field({
    type: Changed,
    description: 'Tells every operator who may import how an import goes on, first what came after the given event.',
    args: {
      id: t.arg.id({ required: true, description: 'Which import.' }),
      after: t.arg.id({ description: 'The id of the last event that was seen.' }),
    },
    subscribe: async (_root, { id, after }, { communityId }) => {
      const importId = localId('Import', id);
      const known = await prisma.import.count({ where: { communityId, id: importId } });
      if (!known) throw notFound('import');
      return new EventStream({ communityId, topics: ['import.changed'], after: after ?? null }) as never;
    },
    resolve: (event, { id }) => ({ ...(event as KithEvent), importId: localId('Import', id) }),
  }),
);
