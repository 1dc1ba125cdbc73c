import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ListingDocument, type SearchQuery } from '../../src/engine.ts';
import { type Subject } from './subject.ts';

/** What filters let through, and what facets count. */
export function filters(subject: Subject): void {
  describe('filters', () => {
    const [house, garden, hedge] = [randomUUID(), randomUUID(), randomUUID()];
    const member = randomUUID();
    const berlin = { latitude: 52.52, longitude: 13.405 };
    const potsdam = { latitude: 52.39, longitude: 13.065 };
    let documents: ListingDocument[];
    beforeEach(async () => {
      documents = await subject.put(
        {
          title: 'Help A',
          kind: 'OFFER',
          categoryIds: [house],
          tags: ['weekly', 'cheap'],
          price: 500n,
          place: berlin,
          reputationLevel: 2,
        },
        {
          title: 'Help B',
          kind: 'WANT',
          categoryIds: [house, garden],
          tags: ['weekly'],
          price: 1500n,
          priceTo: 3000n,
          place: potsdam,
        },
        {
          title: 'Help C',
          kind: 'OFFER',
          categoryIds: [house, garden, hedge],
          language: 'de',
          remote: true,
          memberId: member,
          reputationLevel: 3,
        },
        { title: 'Help D', kind: 'OFFER', terms: 'FIXED', price: 9_007_199_254_740_991n },
      );
    });
    const letters = async (filter: SearchQuery['filter'], text = 'help') =>
      (await subject.titles(documents, { text, filter }))
        .map((title) => title?.at(-1))
        .sort()
        .join('');

    it.each([
      ['with words', 'help'],
      ['without words', ''],
    ])('hold one by one, %s', async (_, text) => {
      expect(await letters({ kind: 'WANT' }, text)).toBe('B');
      expect(await letters({ tags: ['weekly'] }, text)).toBe('AB');
      expect(await letters({ tags: ['weekly', 'cheap'] }, text)).toBe('A');
      expect(await letters({ languages: ['de', 'fr'] }, text)).toBe('C');
      expect(await letters({ terms: ['FIXED', 'SPLIT'] }, text)).toBe('D');
      expect(await letters({ remote: true }, text)).toBe('C');
      expect(await letters({ memberId: member }, text)).toBe('C');
      expect(await letters({ exceptMemberId: member }, text)).toBe('ABD');
      expect(await letters({ reputationLevelFrom: 0 }, text)).toBe('ABCD');
      expect(await letters({ reputationLevelFrom: 2 }, text)).toBe('AC');
      expect(await letters({ reputationLevelFrom: 3 }, text)).toBe('C');
      expect(await letters({ reputationLevelFrom: 4 }, text)).toBe('');
      expect(await letters({ publishedAfter: documents[2]!.publishedAt }, text)).toBe('AB');
    });
    it('of a category hold for its subtree', async () => {
      expect(await letters({ categoryIds: [house] })).toBe('ABC');
      expect(await letters({ categoryIds: [garden] })).toBe('BC');
      expect(await letters({ categoryIds: [hedge] })).toBe('C');
      expect(await letters({ categoryIds: [hedge, randomUUID()] })).toBe('C');
    });
    it('of a price hold where the ranges meet', async () => {
      expect(await letters({ priceFrom: 500n, priceTo: 1499n })).toBe('A');
      expect(await letters({ priceFrom: 2000n, priceTo: 2500n })).toBe('B');
      expect(await letters({ priceFrom: 3001n })).toBe('D');
      expect(await letters({ priceTo: 1500n })).toBe('AB');
    });
    it('of a distance hold on the sphere, also over the date line', async () => {
      expect(await letters({ near: { ...berlin, withinKm: 20 } })).toBe('A');
      expect(await letters({ near: { ...berlin, withinKm: 30 } })).toBe('AB');
      const fiji = await subject.put({ title: 'Fiji', place: { latitude: -17, longitude: 179.95 } });
      expect(
        await subject.titles(fiji, {
          text: 'fiji',
          filter: { near: { latitude: -17, longitude: -179.95, withinKm: 15 } },
        }),
      ).toEqual(['Fiji']);
    });
    it('hold together', async () => {
      const filter = {
        kind: 'OFFER',
        categoryIds: [house],
        near: { ...berlin, withinKm: 30 },
        tags: ['cheap'],
        priceTo: 500n,
      } as const;
      expect(await letters({ ...filter, tags: [...filter.tags], categoryIds: [house] })).toBe('A');
      expect(await letters({ ...filter, tags: [...filter.tags], categoryIds: [garden] })).toBe('');
    });
    it('narrow the counts of the facets', async () => {
      const facets = ['kind', 'category', 'tag', 'language'] as const;
      const all = await subject.found({ text: 'help', facets: [...facets] });
      expect(all.facets.kind).toEqual([
        { value: 'OFFER', count: 3 },
        { value: 'WANT', count: 1 },
      ]);
      expect(all.facets.category).toEqual([
        { value: house, count: 3 },
        { value: garden, count: 2 },
        { value: hedge, count: 1 },
      ]);
      expect(all.facets.tag).toEqual([
        { value: 'weekly', count: 2 },
        { value: 'cheap', count: 1 },
      ]);
      expect(all.facets.language).toEqual([
        { value: 'en', count: 3 },
        { value: 'de', count: 1 },
      ]);
      const few = await subject.found({ text: 'help', facets: ['kind', 'tag'], filter: { categoryIds: [garden] } });
      expect(few.facets.kind?.map(({ count }) => count)).toEqual([1, 1]);
      expect(few.facets.tag).toEqual([{ value: 'weekly', count: 1 }]);
      expect(few.facets.language).toBeUndefined();
    });
  });
}
