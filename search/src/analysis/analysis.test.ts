import { describe, expect, it } from 'vitest';
import { analyse, analyseQuery, ASKED_WORDS_MOST, WORDS_MOST } from './analyse.ts';
import { fold } from './fold.ts';
import { highlight, MARK_END, MARK_START, snippet, toHtml } from './highlight.ts';
import { isNear } from './nearness.ts';
import { stemOf } from './stem.ts';
import { synonymsIn } from './synonyms.ts';
import { tokenise } from './tokenise.ts';

const words = (text: string, language = 'en') => analyse(text, language).map(({ word }) => word);
const stems = (text: string, language = 'en') => analyse(text, language).map(({ stem }) => stem);
const visible = (text?: string) => text?.replaceAll(MARK_START, '[').replaceAll(MARK_END, ']');

describe('folding', () => {
  it.each([
    ['Gärten', 'garten'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['ёлка', 'елка'],
    ['Йога', 'йога'],
    ['Ångström', 'angstrom'],
    ['smørrebrød', 'smorrebrod'],
    ['ﬁne', 'fine'],
    ['हिन्दी', 'हिन्दी'],
    ['ガーデン', 'ガーデン'],
    ['한국어', '한국어'],
  ])('%s is %s', (word, folded) => expect(fold(word)).toBe(folded));
});

describe('words', () => {
  it('are cut at everything that is no letter or digit', () =>
    expect(words('Hair-cut; (cheap!) 2×week & "home"')).toEqual(['hair', 'cut', 'cheap', '2', 'week', 'home']));
  it('lose apostrophes, possessives and elisions', () => {
    expect(words("my boy's hair, don't")).toEqual(['boy', 'hair', 'dont']);
    expect(words('L’école d’été', 'fr')).toEqual(['ecole', 'ete']);
    expect(words("O'Neil")).toEqual(['oneil']);
  });
  it('of scripts without spaces are cut by a dictionary', () => {
    expect(words('庭の手入れ', 'ja').length).toBeGreaterThan(1);
    expect(words('ตัดผม', 'th').length).toBeGreaterThan(0);
  });
  it('keep their place in the text', () => {
    const text = 'Tom’s Gärten, 散髪';
    for (const { start, end, text: word } of tokenise(text))
      expect(text.slice(start, end).toLowerCase()).toContain(word.slice(0, 2));
  });
  it('of a hostile text are bounded', () => {
    expect(analyse('word '.repeat(100_000), 'en').length).toBeLessThanOrEqual(WORDS_MOST);
    expect(words('x'.repeat(10_000))[0]!.length).toBeLessThanOrEqual(64);
    expect(words('\0\0 !!! 🎉 \uD800')).toEqual([]);
  });
});

describe('stems join the inflected forms of a language', () => {
  it.each([
    ['en', 'haircut', 'haircuts'],
    ['en', 'garden', 'gardening'],
    ['de', 'Garten', 'Gärten'],
    ['de', 'Haus', 'Häuser'],
    ['ru', 'стрижка', 'стрижки'],
    ['ru', 'ёлка', 'елки'],
    ['es', 'reparación', 'reparaciones'],
    ['es', 'clase', 'clases'],
    ['fr', 'réparation', 'réparations'],
    ['fr', 'coupé', 'coupées'],
  ])('%s: %s and %s', (language, one, other) => expect(stems(one, language)).toEqual(stems(other, language)));

  it('by the script, where the language has another', () => {
    expect(stems('стрижки', 'en')).toEqual(stems('стрижка', 'ru'));
    expect(stems('lessons', 'ru')).toEqual(['lesson']);
  });
  it('and leave words of an unknown language, numbers and codes alone', () => {
    expect(stemOf('kodoks', 'xx')).toBe('kodoks');
    expect(stemOf('mp3s', 'en')).toBe('mp3s');
  });
  it('accept a language with its region', () => expect(stemOf('wohnungen', 'de-AT')).toBe('wohnung'));
});

describe('a query', () => {
  const asked = (text: string, ...languages: string[]) => analyseQuery(text, languages.length ? languages : ['en']);
  it('is stemmed in every language of whoever asks', () =>
    expect(asked('wohnungen', 'en', 'de')).toEqual([
      { word: 'wohnungen', stems: ['wohnungen', 'wohnung'], isPrefix: true },
    ]));
  it('takes its last word for a beginning until a space follows', () => {
    expect(asked('hair cu').map(({ isPrefix }) => isPrefix)).toEqual([false, true]);
    expect(asked('hair cut ').map(({ isPrefix }) => isPrefix)).toEqual([false, false]);
  });
  it('drops stop words unless they are all there is', () => {
    expect(asked('someone to cut my hair').map(({ word }) => word)).toEqual(['someone', 'cut', 'hair']);
    expect(asked('the').map(({ word }) => word)).toEqual(['the']);
  });
  it('has no more words than are worth asking', () =>
    expect(asked(Array.from({ length: 99 }, (_, index) => `w${index}`).join(' '))).toHaveLength(ASKED_WORDS_MOST));
});

describe('synonyms', () => {
  const added = (sets: string[][], text: string) =>
    synonymsIn(sets, 'en')([analyse(text, 'en')]).map(({ word }) => word);
  it('add the other terms of the set', () =>
    expect(added([['bike', 'bicycle', 'cycle']], 'Repair of bikes')).toEqual(['bicycle', 'cycle']));
  it('of several words count where the words stand together', () => {
    expect(added([['push bike', 'bicycle']], 'My push bike')).toEqual(['bicycle']);
    expect(added([['push bike', 'bicycle']], 'Push my new bike')).toEqual([]);
    expect(added([['push bike', 'bicycle']], 'bicycles')).toEqual(['push', 'bike']);
  });
  it('never repeat a word of the text', () =>
    expect(added([['bike', 'bicycle']], 'bike or bicycle, and bicycle')).toEqual([]));
});

describe('nearness', () => {
  it.each([
    ['haircutt', 'haircut', true],
    ['hiarcut', 'haircut', true],
    ['gardning', 'gardening', true],
    ['hair', 'chair', true],
    ['cat', 'car', false],
    ['2012', '2013', false],
    ['bicycel', 'bicycle', true],
    ['bread', 'breath', false],
  ])('%s and %s: %s', (word, other, near) => expect(isNear(word, other)).toBe(near));
});

describe('highlighting', () => {
  const marked = (text: string, query: string, language = 'en') =>
    visible(highlight(text, language, analyseQuery(query, [language])));
  it('marks words, inflected forms and beginnings', () => {
    expect(marked('Gardening and a garden', 'gardens')).toBe('[Gardening] and a [garden]');
    expect(marked('Haircuts at home', 'hairc')).toBe('[Haircuts] at home');
    expect(marked('Стрижка на дому', 'стрижки', 'ru')).toBe('[Стрижка] на дому');
  });
  it('marks what is near only where nothing fits as written', () => {
    expect(marked('Haircut', 'haircutt')).toBe('[Haircut]');
    expect(marked('Hair and chair', 'hair')).toBe('[Hair] and chair');
  });
  it('is undefined where nothing was found', () => expect(marked('Bread', 'haircut')).toBeUndefined());
  it('survives markers and HTML in the text', () => {
    const text = highlight(`<b>${MARK_END}hair${MARK_START}</b> & "cut"`, 'en', analyseQuery('hair', ['en']))!;
    expect(toHtml(text)).toBe('&#60;b&#62;<mark>hair</mark>&#60;/b&#62; &#38; &#34;cut&#34;');
  });
  it('shows the part of a long text around the first word', () => {
    const text = `${'Nothing here. '.repeat(40)}A haircut for free. ${'Nor here. '.repeat(40)}`;
    const part = visible(snippet(text, 'en', analyseQuery('haircut', ['en'])))!;
    expect(part).toMatch(/^….*\[haircut\] for free.*…$/);
    expect(part.length).toBeLessThan(180);
  });
});
