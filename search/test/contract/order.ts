import { describe, expect, it } from 'vitest';
import { MARK_START, toHtml } from '../../src/analysis/highlight.ts';
import { type Subject, visible } from './subject.ts';

/** In which order listings come, how they are marked, and what is suggested. */
export function order(subject: Subject): void {
  describe('order', () => {
    it('without words is newest first', async () => {
      const documents = await subject.put('First', 'Second', 'Third');
      expect(await subject.titles(documents, { text: '' })).toEqual(['First', 'Second', 'Third']);
      expect(await subject.titles(documents, { text: '   ' })).toEqual(['First', 'Second', 'Third']);
    });
    it('by distance is nearest first, with kilometres, and what has no place last', async () => {
      const from = { latitude: 48.137, longitude: 11.575 };
      const documents = await subject.put(
        { title: 'Help far', place: { latitude: 52.52, longitude: 13.405 } },
        { title: 'Help nowhere' },
        { title: 'Help near', place: { latitude: 48.2, longitude: 11.6 } },
      );
      expect(await subject.titles(documents, { text: 'help', sort: 'NEAREST', from })).toEqual([
        'Help near',
        'Help far',
        'Help nowhere',
      ]);
      const { hits } = await subject.found({ text: '', sort: 'NEAREST', from });
      expect(hits[0]!.distanceKm).toBeCloseTo(7.25, 1);
      expect(hits[1]!.distanceKm).toBeGreaterThan(495);
      expect(hits[2]!.distanceKm).toBeUndefined();
    });
    it('by price is cheapest first and what has none last, by date is newest first', async () => {
      const documents = await subject.put(
        { title: 'Help', price: 900n },
        { title: 'Help now' },
        { title: 'Help me', price: 20n },
      );
      expect(await subject.titles(documents, { text: 'help', sort: 'CHEAPEST' })).toEqual([
        'Help me',
        'Help',
        'Help now',
      ]);
      expect(await subject.titles(documents, { text: 'help', sort: 'NEWEST' })).toEqual([
        'Help',
        'Help now',
        'Help me',
      ]);
    });
    it('goes on from page to page without gap or repeat', async () => {
      const documents = await subject.put(
        ...Array.from({ length: 57 }, (_, index) => ({
          title: index % 2 ? 'Same' : 'Same thing',
          publishedAt: new Date(0),
        })),
      );
      for (const text of ['same', '']) {
        const seen: string[] = [];
        for (let skip = 0; skip < 60; skip += 10)
          seen.push(...(await subject.found({ text, skip, take: 10 })).hits.map(({ listingId }) => listingId));
        expect(seen).toHaveLength(57);
        expect(new Set(seen)).toEqual(new Set(documents.map(({ listingId }) => listingId)));
        expect((await subject.found({ text, take: 10 })).total).toBe(57);
      }
      expect((await subject.found({ text: 'same', skip: 5_000 })).hits).toEqual([]);
    });
  });

  describe('highlights', () => {
    it('mark what was found in title and description', async () => {
      await subject.put({ title: 'Gardening', description: 'I love every garden in town.' });
      const { hits } = await subject.found({ text: 'garden' });
      expect(visible(hits[0]!.title)).toBe('[Gardening]');
      expect(visible(hits[0]!.snippet)).toBe('I love every [garden] in town.');
    });
    it('mark what a misspelt word met', async () => {
      await subject.put('Bicycle repair');
      const { hits } = await subject.found({ text: 'bicicle' });
      expect(visible(hits[0]!.title)).toBe('[Bicycle] repair');
    });
    it('become safe HTML', async () => {
      await subject.put(`<img src=x onerror=alert(1)> hair ${MARK_START}& more`);
      const { hits } = await subject.found({ text: 'hair' });
      expect(toHtml(hits[0]!.title!)).toBe('&#60;img src=x onerror=alert(1)&#62; <mark>hair</mark> &#38; more');
    });
    it('can be left out', async () => {
      const [document] = await subject.put('Bicycle repair');
      const { hits } = await subject.found({ text: 'bicycle', highlights: false });
      expect(hits).toEqual([{ listingId: document!.listingId }]);
    });
  });

  describe('suggestions', () => {
    it('complete the word being typed, then name titles', async () => {
      await subject.put('Haircut at home', 'Haircut', 'Hairdressing', 'Bread');
      const suggestions = await subject.engine.suggest(subject.communityId, 'hairc', { languages: ['en'], most: 5 });
      expect(suggestions.slice(0, 2)).toEqual(['haircut', 'Haircut at home']);
    });
    it('keep the words before, correct mistakes, and keep to a kind', async () => {
      await subject.put('Bicycle repair', { title: 'Bicycle repainting', kind: 'WANT' });
      expect(
        await subject.engine.suggest(subject.communityId, 'bicycle repa', {
          languages: ['en'],
          most: 2,
          kind: 'OFFER',
        }),
      ).toEqual(['bicycle repair']);
      expect(await subject.engine.suggest(subject.communityId, 'bicicle', { languages: ['en'], most: 1 })).toEqual([
        'bicycle',
      ]);
    });
    it('are none for nothing', async () => {
      await subject.put('Bread');
      for (const text of ['', '  ', '!!!'])
        expect(await subject.engine.suggest(subject.communityId, text, { most: 5 })).toEqual([]);
    });
  });
}
