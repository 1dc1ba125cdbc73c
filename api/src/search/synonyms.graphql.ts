import { z } from 'zod';
import { NO_COMMUNITY } from '@kith/db';
import { builder, ErrorInterface, localId } from '../builder.ts';
import { can } from '../communities/capabilities.ts';
import { line } from '../communities/text.ts';
import { badInput } from '../errors.ts';
import { pageArgs } from '../pageArgs.ts';
import {
  createSynonyms,
  deleteSynonyms,
  importSynonyms,
  SynonymsKnown,
  synonymPage,
  TooManySynonyms,
  updateSynonyms,
  type SynonymRow,
} from './synonyms.ts';

builder.objectType(TooManySynonyms, {
  name: 'TooManySynonyms',
  description: 'The community has as many sets of equal words as it may.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ most: t.exposeInt('most', { description: 'How many there may be.' }) }),
});
builder.objectType(SynonymsKnown, {
  name: 'SynonymsKnown',
  description: 'There is a set of exactly these words already.',
  interfaces: [ErrorInterface],
});

const SynonymSetType = builder.prismaNode('SynonymSet', {
  description: 'Words the search of a community treats as equal.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: {
      communityId: member?.state === 'ACTIVE' && can(member.roles, 'synonymsEdit') ? member.communityId : NO_COMMUNITY,
      id,
    },
  }),
  fields: (t) => ({
    terms: t.exposeStringList('terms', { description: 'The words, or phrases.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const SynonymList = builder.objectRef<{ items: SynonymRow[]; total: number }>('SynonymList').implement({
  description: 'A page of sets of equal words.',
  fields: (t) => ({
    items: t.field({ type: [SynonymSetType], description: 'The page.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});

builder.queryField('synonymList', (t) =>
  t.withAuth({ capability: 'synonymsEdit' }).field({
    type: SynonymList,
    description: 'The sets of equal words of the community, by their first words.',
    args: {
      ...pageArgs,
      filter: t.arg.string({ description: 'Only sets with a word that contains this.', validate: line(100, 0) }),
    },
    resolve: (_root, { skip, take, filter }, { member }) =>
      synonymPage(member.communityId, { skip, take, text: filter ?? null }),
  }),
);

const TERMS_MOST = 20;
const termsRule = z
  .array(line(60))
  .max(TERMS_MOST, `Give at most ${TERMS_MOST}.`)
  .transform((terms) => [...new Map(terms.map((term) => [term.toLowerCase(), term])).values()])
  .refine((terms) => terms.length >= 2, 'Give at least two different words.');
const termsDescription = `2 to ${TERMS_MOST} words or phrases of at most 60 characters.`;

const CreateSynonymsInput = builder.inputType('CreateSynonymsInput', {
  description: 'Words to be treated as equal.',
  fields: (t) => ({ terms: t.stringList({ required: true, description: termsDescription, validate: termsRule }) }),
});
builder.mutationField('createSynonyms', (t) =>
  t.withAuth({ capability: 'synonymsEdit' }).prismaField({
    type: SynonymSetType,
    description: 'Makes words equal for search and matching. Every listing is indexed anew, which takes a moment.',
    errors: { types: [TooManySynonyms, SynonymsKnown] },
    args: { input: t.arg({ type: CreateSynonymsInput, required: true, description: 'The words.' }) },
    resolve: (_query, _root, { input }, { member }) => createSynonyms(member, input.terms),
  }),
);

const UpdateSynonymsInput = builder.inputType('UpdateSynonymsInput', {
  description: 'Other words for a set.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the set.' }),
    terms: t.stringList({ required: true, description: termsDescription, validate: termsRule }),
  }),
});
builder.mutationField('updateSynonyms', (t) =>
  t.withAuth({ capability: 'synonymsEdit' }).prismaField({
    type: SynonymSetType,
    description: 'Replaces the words of a set.',
    errors: { types: [SynonymsKnown] },
    args: { input: t.arg({ type: UpdateSynonymsInput, required: true, description: 'The set and its words.' }) },
    resolve: (_query, _root, { input: { id, terms } }, { member }) =>
      updateSynonyms(member, { id: localId('SynonymSet', id), terms }),
  }),
);

const DeleteSynonymsInput = builder.inputType('DeleteSynonymsInput', {
  description: 'Which set goes.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of the set.' }) }),
});
builder.mutationField('deleteSynonyms', (t) =>
  t.withAuth({ capability: 'synonymsEdit' }).id({
    description: 'The words of a set are no longer equal. Answers its id.',
    args: { input: t.arg({ type: DeleteSynonymsInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input: { id } }, { member }) => {
      await deleteSynonyms(member, localId('SynonymSet', id));
      return id;
    },
  }),
);

const SynonymImport = builder.objectRef<{ created: number; known: number }>('SynonymImport').implement({
  description: 'What became of the lines.',
  fields: (t) => ({
    created: t.exposeInt('created', { description: 'Sets that are new.' }),
    known: t.exposeInt('known', { description: 'Lines whose set was there already.' }),
  }),
});
const ImportSynonymsInput = builder.inputType('ImportSynonymsInput', {
  description: 'Many sets at once.',
  fields: (t) => ({
    text: t.string({
      required: true,
      description: `A set on each line, its words between commas: "bike, bicycle, push bike". At most 100,000 characters.`,
      validate: z.string().max(100_000, 'Write at most 100,000 characters.'),
    }),
  }),
});
builder.mutationField('importSynonyms', (t) =>
  t.withAuth({ capability: 'synonymsEdit' }).field({
    type: SynonymImport,
    description: 'Adds the sets of a text, all or none of them; what is there already is passed over.',
    errors: { types: [TooManySynonyms] },
    args: { input: t.arg({ type: ImportSynonymsInput, required: true, description: 'The text.' }) },
    resolve: (_root, { input }, { member }) => importSynonyms(member, linesOf(input.text)),
  }),
);

/** The sets of a text; a line that is none is told by its number. */
function linesOf(text: string): string[][] {
  return text.split(/\r?\n/).flatMap((content, index) => {
    if (!content.trim()) return [];
    const words = content.split(/[,;\t]/).map((word) => word.trim());
    const set = termsRule.safeParse(words.filter(Boolean));
    if (!set.success) throw badInput(`Line ${index + 1}: ${set.error.issues[0]!.message}`, 'text');
    return [set.data];
  });
}
