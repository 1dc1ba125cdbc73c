import type { ResultOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { accepted, request } from '../request.ts';
import { CREATE_SYNONYMS, DELETE_SYNONYMS, SYNONYM_LIST, UPDATE_SYNONYMS } from './synonyms.graphql.ts';

export type SynonymSet = ResultOf<typeof SYNONYM_LIST>['synonymList']['items'][number];

/** The words of a line, with commas between them. */
export const termsOf = (text: string): string[] => text.split(',').flatMap((term) => term.trim() || []);

const resource: Resource = {
  list: async ({ skip, take, filter }: Page) =>
    (await request(SYNONYM_LIST, { skip, take, filter: (filter.text as string | undefined) ?? null })).synonymList,
};

const verbs = {
  createSynonyms: async (terms: string[]) =>
    void accepted((await request(CREATE_SYNONYMS, { input: { terms } })).createSynonyms),
  updateSynonyms: async (input: { id: string; terms: string[] }) =>
    void accepted((await request(UPDATE_SYNONYMS, { input })).updateSynonyms),
  deleteSynonyms: async (id: string) => void (await request(DELETE_SYNONYMS, { input: { id } })),
};

export const synonyms = { resource, verbs };
