import { describe, expect, it } from 'vitest';
import { type Subject } from './subject.ts';

/** How words are found. */
export function words(subject: Subject): void {
  describe('words', () => {
    it('are found whatever their case and accents', async () => {
      const documents = await subject.put('Café at home', 'Bread');
      for (const text of ['cafe', 'CAFÉ', 'café'])
        expect(await subject.titles(documents, { text })).toEqual(['Café at home']);
    });
    it('are found by their beginning as one types', async () => {
      const documents = await subject.put('Gardening lessons', 'Bread');
      for (const text of ['gar', 'gardeni', 'gardening le'])
        expect(await subject.titles(documents, { text })).toEqual(['Gardening lessons']);
    });
    it('are found in spite of typing mistakes: one from four letters, two from eight', async () => {
      const documents = await subject.put('Bicycle repair', 'Bread baking');
      for (const text of ['bicicle', 'bicylce', 'biciycle', 'repiar', 'brad'])
        expect((await subject.titles(documents, { text })).length, text).toBe(1);
      expect(await subject.titles(documents, { text: 'bicicle repiar' })).toEqual(['Bicycle repair']);
    });
    it('of a misspelt need find its provider: "haircutt" finds hair offers first', async () => {
      const documents = await subject.put(
        'Haircut for men',
        'Harvest help',
        'Haircuts and colour',
        'Haircutting',
        'Car repair',
        'Circuit design',
      );
      const best = (await subject.titles(documents, { text: 'haircutt' })).slice(0, 3);
      expect(best.sort()).toEqual(['Haircut for men', 'Haircuts and colour', 'Haircutting']);
    });
    it.each([
      ['en', 'Garden planning', 'gardens'],
      ['en', 'Translating letters', 'translation'],
      ['de', 'Gärten pflegen', 'Garten'],
      ['de', 'Haarschnitte zu Hause', 'haarschnitt'],
      ['ru', 'Стрижка на дому', 'стрижки'],
      ['ru', 'Ёлки и гирлянды', 'елка'],
      ['es', 'Reparaciones de bicicletas', 'reparación bicicleta'],
      ['fr', 'Réparation de vélo', 'réparations'],
    ])('are found in other forms of their language (%s: %s by %s)', async (language, title, text) => {
      const documents = await subject.put({ title, language }, { title: 'Zzz', language });
      expect(await subject.titles(documents, { text: `${text} `, languages: [language] })).toEqual([title]);
    });
    it('of a script without spaces are found', async () => {
      const documents = await subject.put(
        { title: '庭の手入れを手伝います', language: 'ja' },
        { title: '散髪します', language: 'ja' },
      );
      expect(await subject.titles(documents, { text: '散髪', languages: ['ja'] })).toEqual(['散髪します']);
    });
    it('are found by the synonyms of the community, also of several words', async () => {
      const synonyms = [
        ['bike', 'bicycle', 'push bike'],
        ['barber', 'hair cut'],
      ];
      const documents = await subject.put(
        { title: 'Bicycle repair', synonyms },
        { title: 'Barber', synonyms },
        { title: 'Bread', synonyms },
      );
      expect(await subject.titles(documents, { text: 'bike' })).toEqual(['Bicycle repair']);
      expect(await subject.titles(documents, { text: 'push bikes' })).toEqual(['Bicycle repair']);
      expect(await subject.titles(documents, { text: 'hair cut' })).toEqual(['Barber']);
    });
    it('are found in title, tags, categories, description and the member’s name, a title first', async () => {
      const documents = await subject.put(
        { title: 'One', description: 'All about pottery.' },
        { title: 'Two', tags: ['pottery'] },
        { title: 'Pottery' },
        { title: 'Four', categoryNames: ['Crafts', 'Pottery'] },
        { title: 'Five', memberName: 'Pottery Club' },
      );
      const order = await subject.titles(documents, { text: 'pottery' });
      expect(order[0]).toBe('Pottery');
      expect(order).toHaveLength(5);
    });
    it('as written come before beginnings, and those before what is near', async () => {
      const documents = await subject.put('Cartography', 'Cart', 'Carts');
      const order = await subject.titles(documents, { text: 'cart' });
      expect(order[0]).toBe('Cart');
      expect(order.at(-1)).toBe('Cartography');
    });
    it('must all be there, unless no listing has them all', async () => {
      const documents = await subject.put('Bicycle repair', 'Bicycle trip', 'Roof repair');
      expect((await subject.titles(documents, { text: 'bicycle repair' }))[0]).toBe('Bicycle repair');
      expect((await subject.titles(documents, { text: 'bicycle zeppelin ' })).sort()).toEqual([
        'Bicycle repair',
        'Bicycle trip',
      ]);
    });
  });
}
