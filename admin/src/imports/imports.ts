import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { ApiError } from '../errors.ts';
import { accepted, request, upload } from '../request.ts';
import { CANCEL_IMPORT, CREATE_IMPORT, IMPORT, IMPORT_LIST, IMPORT_ROWS, START_IMPORT } from './imports.graphql.ts';

export type ImportSummary = ResultOf<typeof IMPORT_LIST>['importList']['items'][number];
export type Import = NonNullable<ResultOf<typeof IMPORT>['import']>;
export type ImportRow = ResultOf<typeof IMPORT_ROWS>['importRows']['items'][number] & { id: string };
type Order = VariablesOf<typeof CREATE_IMPORT>['input'];

const resource: Resource = {
  async list({ skip, take, filter: { state } }: Page) {
    const filter = state ? { states: [state as Import['state']] } : {};
    return (await request(IMPORT_LIST, { skip, take, filter })).importList;
  },
  async one(id: string) {
    const found = (await request(IMPORT, { id })).import;
    if (!found) throw new ApiError('NOT_FOUND', 'There is no such import.');
    return found;
  },
};

/** The lines of one import; its filter names the import and the state of the lines. */
const rows: Resource = {
  async list({ skip, take, filter }: Page) {
    const { importId, state } = filter as { importId: string; state?: ImportRow['state'] };
    const { importRows } = await request(IMPORT_ROWS, { importId, skip, take, ...(state && { state }) });
    return {
      total: importRows.total,
      items: importRows.items.map((row) => ({ ...row, id: `${importId}:${row.line}` })),
    };
  },
};

const verbs = {
  /** Sends a file to be checked. Nothing is written before `startImport`. Answers the import's id. */
  async sendImport(file: File, order: Omit<Order, 'fileName'>): Promise<string> {
    const { id, uploadUrl } = (await request(CREATE_IMPORT, { input: { ...order, fileName: file.name } })).createImport;
    if (!uploadUrl) throw new ApiError('UNREACHABLE', 'The import takes no file.');
    await upload(uploadUrl, file);
    return id;
  },
  startImport: async (input: { id: string; acceptRefused: boolean }) =>
    void accepted((await request(START_IMPORT, { input })).startImport),
  cancelImport: async (id: string) => void accepted((await request(CANCEL_IMPORT, { input: { id } })).cancelImport),
};

export const imports = { resource, rows, verbs };
