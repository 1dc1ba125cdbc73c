import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { listing } from '../listing.ts';
import { type Subject } from './subject.ts';

/** Whose listings are seen, and how the index follows them. */
export function changes(subject: Subject): void {
  describe('communities', () => {
    it('never see each other’s listings', async () => {
      const other = await subject.database.community();
      const [mine] = await subject.put('Shared word mine');
      await subject.engine.index([
        listing(other, { title: 'Shared word theirs' }),
        listing(other, { title: 'Zitherspiel' }),
      ]);
      for (const text of ['shared', '', 'word', 'sahred'])
        expect((await subject.found({ text, facets: ['kind'] })).hits.map(({ listingId }) => listingId)).toEqual([
          mine!.listingId,
        ]);
      expect((await subject.found({ text: '', facets: ['kind'] })).facets.kind).toEqual([{ value: 'OFFER', count: 1 }]);
      expect((await subject.found({ text: 'zitherspiel' })).total).toBe(0);
      expect(await subject.engine.suggest(subject.communityId, 'zith', { most: 5 })).toEqual([]);
    });
    it('cannot take each other’s listings out', async () => {
      const [mine] = await subject.put('Mine');
      await subject.engine.remove(await subject.database.community(), [mine!.listingId]);
      expect((await subject.found({ text: 'mine' })).total).toBe(1);
    });
  });

  describe('changes', () => {
    it('replace what was there, once or twice', async () => {
      const [document] = await subject.put('Bread');
      const changed = { ...document!, title: 'Cake' };
      await subject.engine.index([changed]);
      await subject.engine.index([changed]);
      expect((await subject.found({ text: 'bread ' })).total).toBe(0);
      expect((await subject.found({ text: 'cake' })).total).toBe(1);
    });
    it('take out what is removed, once or twice', async () => {
      const [one, two] = await subject.put('Bread one', 'Bread two');
      await subject.engine.remove(subject.communityId, [one!.listingId]);
      await subject.engine.remove(subject.communityId, [one!.listingId, randomUUID()]);
      expect((await subject.found({ text: 'bread' })).hits.map(({ listingId }) => listingId)).toEqual([two!.listingId]);
    });
    it('of a rebuild are seen without a moment of emptiness, and leave nothing old behind', async () => {
      const documents = await subject.put('Bread old', 'Bread stays', 'Bread goes');
      let rebuilding = true;
      const counts = new Set<number>();
      const searching = (async () => {
        while (rebuilding) counts.add((await subject.found({ text: 'bread' })).total);
      })();
      async function* stream() {
        yield [{ ...documents[0]!, title: 'Bread new' }];
        yield [documents[1]!, listing(subject.communityId, { title: 'Bread added' })];
      }
      await subject.engine.rebuild(stream());
      rebuilding = false;
      await searching;
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
      expect((await subject.found({ text: 'bread' })).total).toBe(3);
      expect((await subject.found({ text: 'goes ' })).total).toBe(0);
      expect((await subject.found({ text: 'added' })).total).toBe(1);
    });
  });
}
