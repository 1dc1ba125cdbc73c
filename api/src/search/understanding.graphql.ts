import type { Adoption, Behind } from '@kith/search';
import { builder, globalId } from '../builder.ts';
import { CategoryType } from '../communities/categories.graphql.ts';
import { enqueue } from '../jobs.ts';
import { outsideCommunities } from '../db.ts';
import { searchIndex } from '../searchIndex.ts';
import { rules } from './criteria.ts';
import { suggestCategories, type SuggestedCategory } from './likelyCategories.ts';
import { understandingStatus, type UnderstandingStatus } from './understanding.ts';

const EmbedderStateType = builder.enumType('EmbedderState', {
  description: 'How what understands texts stands.',
  values: {
    OFF: { description: 'Off by configuration: words serve alone.' },
    ASLEEP: { description: 'Not used yet.' },
    LOADING: { description: 'Being loaded.' },
    READY: { description: 'Answers.' },
    DOWN: { description: 'Failed; asked again by itself. Words serve meanwhile.' },
  } as const,
});

const CommunityBehind = builder.objectRef<Behind & { name: string }>('CommunityBehind').implement({
  description: 'A community in which the configured model does not serve yet.',
  fields: (t) => ({
    communityId: t.id({
      description: 'The id of the community.',
      resolve: ({ communityId }) => globalId('Community', communityId),
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    listings: t.exposeInt('listings', { description: 'Its published listings.' }),
    done: t.exposeInt('done', { description: 'Those of them the configured model has looked at.' }),
    serving: t.exposeString('serving', {
      nullable: true,
      description: 'The model that serves there meanwhile; null: words alone.',
    }),
  }),
});

const status = builder.objectRef<UnderstandingStatus>('Understanding').implement({
  description: 'How far texts are understood.',
  fields: (t) => ({
    state: t.field({
      type: EmbedderStateType,
      description: 'How the model stands in the process that answers.',
      resolve: ({ state }) => state,
    }),
    notice: t.exposeString('notice', { nullable: true, description: 'Why it is down, in a sentence.' }),
    model: t.exposeString('model', { description: 'The model that is configured.' }),
    listings: t.exposeInt('listings', {
      description: 'Published listings of communities in which it does not serve yet; 0 when all is done.',
    }),
    done: t.exposeInt('done', {
      description: 'Those of them it has looked at: the progress of a change of the model.',
    }),
    communitiesBehind: t.exposeInt('communitiesBehind', { description: 'How many communities those are.' }),
    behind: t.field({
      type: [CommunityBehind],
      description: 'The first 100 of them.',
      resolve: ({ behind }) => behind,
    }),
  }),
});

builder.queryField('understanding', (t) =>
  t.withAuth({ capability: 'dashboardRead' }).field({
    type: status,
    description: 'How far the texts of the community are understood.',
    resolve: (_root, _args, { member }) => understandingStatus(member.communityId),
  }),
);
builder.queryField('platformUnderstanding', (t) =>
  t.withAuth({ platformAdministrator: true }).field({
    type: status,
    description: 'The same in all communities.',
    resolve: () => understandingStatus(null),
  }),
);

const Counts = builder
  .objectRef<{ understood: number; notUnderstood: number; waiting: number }>('UnderstoodListings')
  .implement({
    description: 'Published listings by whether their texts are understood.',
    fields: (t) => ({
      understood: t.exposeInt('understood', { description: 'Found and matched by what they mean, too.' }),
      notUnderstood: t.exposeInt('notUnderstood', {
        description: 'In a language the model was not taught, or without words: found by their words.',
      }),
      waiting: t.exposeInt('waiting', { description: 'Not looked at yet.' }),
    }),
  });
builder.queryField('understoodListings', (t) =>
  t.withAuth({ capability: 'dashboardRead' }).field({
    type: Counts,
    description: 'How many listings of the community are understood.',
    resolve: (_root, _args, { member }) => searchIndex.meaning.counts(member.communityId),
  }),
);

const SuggestedCategoryType = builder.objectRef<SuggestedCategory>('SuggestedCategory').implement({
  description: 'A category a text likely belongs to.',
  fields: (t) => ({
    category: t.field({ type: CategoryType, description: 'The category.', resolve: ({ category }) => category }),
    probability: t.exposeFloat('probability', {
      description: 'How likely the author of the text would tick it, 0 to 1.',
    }),
  }),
});
builder.queryField('suggestCategories', (t) =>
  t.withAuth({ member: true }).field({
    type: [SuggestedCategoryType],
    description:
      'Categories of the community for a text that is being written, likeliest first, at most 5; none while texts are not understood.',
    args: { text: t.arg.string({ required: true, description: 'At most 200 characters.', validate: rules.text }) },
    resolve: (_root, { text }, { member }) => suggestCategories(member.communityId, text),
  }),
);

const LearnedState = builder.enumType('LearnedCategoriesState', {
  description: 'What became of it.',
  values: {
    ADOPTED: { description: 'In use.' },
    WORSE: { description: 'Not better than what ships: never used.' },
    REPLACED: { description: 'Something better was learned since.' },
    TAKEN_BACK: { description: 'An administrator went back to what ships.' },
  } as const,
});
const Learned = builder.objectRef<Adoption>('LearnedCategories').implement({
  description: 'What was learned of categories from the listings of this installation.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    state: t.field({ type: LearnedState, description: 'What became of it.', resolve: ({ state }) => state }),
    listings: t.exposeInt('listings', { description: 'Listings it was learned from.' }),
    communities: t.exposeInt('communities', { description: 'Communities they are of.' }),
    before: t.exposeFloat('before', {
      description: 'By what ships: the share of listings whose likeliest category their author ticked.',
    }),
    after: t.exposeFloat('after', {
      description: 'The same by what was learned, in communities left out of the learning.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was learned.' }),
  }),
});
builder.queryField('learnedCategories', (t) =>
  t.withAuth({ platformAdministrator: true }).field({
    type: [Learned],
    description: 'What was learned of categories, night by night, newest first; at most 50.',
    resolve: () => searchIndex.meaning.adoptions(),
  }),
);
builder.mutationField('takeBackLearnedCategories', (t) =>
  t.withAuth({ platformAdministrator: true }).boolean({
    description: 'Goes back to the categories that ship. False: nothing else was in use.',
    resolve: () => searchIndex.meaning.takeBack(),
  }),
);
builder.mutationField('learnCategories', (t) =>
  t.withAuth({ platformAdministrator: true }).boolean({
    description: 'Has categories learned now instead of at night; look at learnedCategories in a minute.',
    resolve: async () => {
      await outsideCommunities((tx) => enqueue(tx, 'categories.learn', {}, { key: 'categories.learn' }));
      return true;
    },
  }),
);
