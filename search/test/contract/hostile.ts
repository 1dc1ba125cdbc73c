import { describe, expect, it } from 'vitest';
import { type Subject } from './subject.ts';

/** Text and values made to break things. */
export function hostile(subject: Subject): void {
  describe('hostile input', () => {
    it.each([
      ['quotes', `"'bread`],
      ['operators', 'bread & | ! <-> :* ()'],
      ['backslashes', 'bread \\ \\\\ \\x00'],
      ['NUL', 'bread\0 bread'],
      ['a lone surrogate', 'bread \uD800'],
      ['a filter in disguise', 'bread" OR communityId EXISTS OR "'],
    ])('%s is only text', async (_, text) => {
      await subject.put('Bread');
      expect((await subject.found({ text })).hits.length).toBe(1);
    });
    it('of ten thousand letters is answered', async () => {
      await subject.put('Bread');
      await subject.found({ text: 'x'.repeat(10_000) });
      await subject.found({ text: 'bread '.repeat(2_000) });
      await subject.found({ text: Array.from({ length: 2_000 }, (_, index) => `word${index}`).join(' ') });
    });
    it('of punctuation or emoji alone finds nothing', async () => {
      await subject.put('Bread 🎉!');
      for (const text of ['!!!', '🎉', '"', '()', '\0'])
        expect((await subject.found({ text, facets: ['kind'] })).total, text).toBe(0);
    });
    it('in a document is only text', async () => {
      await subject.put({
        title: `Bread ' \\ " \0 ':1A`,
        description: "'); drop table users; --",
        tags: ['a"b', "c'd\\"],
        language: "x'y",
      });
      expect(
        (await subject.found({ text: 'bread', filter: { tags: ['a"b', "c'd\\"], languages: ["x'y"] } })).total,
      ).toBe(1);
    });
    it('in a filter is only a value', async () => {
      await subject.put({ title: 'Bread', tags: ['x'] });
      const filter = { tags: [`x" OR kind = "OFFER`] };
      expect((await subject.found({ text: 'bread', filter })).total).toBe(0);
    });
  });
}
