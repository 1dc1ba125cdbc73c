import { type SearchQuery } from '../src/engine.ts';
import { seeded, syntheticListings } from './synthetic.ts';

/** Queries of each kind that are measured. */
export const ROUNDS = 150;

/** Kinds of queries as members make them, over the words of synthetic listings; the same on every run. */
export function queries(communityId: string): Record<string, () => SearchQuery> {
  const titles = syntheticListings(communityId, 2_000).map(({ title }) => title.split(' '));
  const random = seeded(7);
  const pick = () => titles[Math.floor(random() * titles.length)]!;
  const typo = (word: string) => (word.length < 5 ? word : word.slice(0, 2) + word[3] + word[2] + word.slice(4));
  const facets: SearchQuery['facets'] = ['kind', 'category', 'tag', 'language'];
  const near = { latitude: 52.5, longitude: 13.4, withinKm: 5 };
  const category = '00000003-0000-7000-8000-000000000007';
  return {
    word: () => ({ text: `${pick()[0]} ` }),
    'word being typed': () => ({ text: pick()[0]!.slice(0, 4) }),
    'one letter': () => ({ text: pick()[0]!.slice(0, 1) }),
    'two words': () => ({ text: `${pick().slice(0, 2).join(' ')} ` }),
    'four words of two titles': () => ({ text: `${[...pick().slice(0, 2), ...pick().slice(0, 2)].join(' ')} ` }),
    'mistyped word': () => ({ text: typo(pick()[0]!) }),
    'commonest word': () => ({ text: 'haircut ' }),
    'word, facets': () => ({ text: `${pick()[0]} `, facets }),
    'word, filters, facets': () => ({
      text: `${pick()[0]} `,
      facets,
      filter: { kind: 'OFFER', near, priceTo: 5_000n },
    }),
    newest: () => ({ text: '' }),
    'newest, facets': () => ({ text: '', facets }),
    'category, facets': () => ({ text: '', facets, filter: { categoryIds: [category] } }),
    nearest: () => ({ text: '', sort: 'NEAREST', filter: { near } }),
  };
}

/** Milliseconds with one decimal. */
export function percentile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)]!.toFixed(1);
}
