import { analyse } from '../../search/src/analysis/analyse.ts';
import { lexicalScore, type Corpus, type Text } from '../../api/src/matching/text.ts';
import type { JudgedWant } from './directory.ts';

/** Scores each offer of a want by its title alone; higher is better. */
export type Method = (judged: JudgedWant) => number[];

/** Every offer ties: an order by chance. */
export const random: Method = ({ offers }) => offers.map(() => 0);

/** BM25 over lower-cased words (Robertson & Zaragoza 2009; k1 1.2, b 0.75): the baseline everybody knows. */
export const bm25: Method = ({ want, offers }) => {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const documents = offers.map(({ title }) => words(title));
  const averageLength = documents.reduce((sum, { length }) => sum + length, 0) / documents.length;
  const frequencies = documentFrequencies(documents);
  return documents.map((document) =>
    [...new Set(words(want.title))].reduce((sum, word) => {
      const count = document.filter((other) => other === word).length;
      const frequency = frequencies.get(word) ?? 0;
      const idf = Math.log(1 + (documents.length - frequency + 0.5) / (frequency + 0.5));
      return sum + (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * document.length) / averageLength));
    }, 0),
  );
};

/** What matching does with words today: stems of the search analysis, scored by the matcher's own text score. */
export const words: Method = ({ want, offers }) => {
  const textOf = (title: string): Text => ({
    titleStems: analyse(title, 'en').map(({ stem }) => stem),
    labelStems: [],
    descriptionStems: [],
    synonymStems: [],
  });
  const texts = offers.map(({ title }) => textOf(title));
  const corpus: Corpus = {
    documents: texts.length,
    frequencies: documentFrequencies(texts.map(({ titleStems }) => titleStems)),
  };
  return texts.map((text) => lexicalScore(textOf(want.title), text, corpus).score);
};

function documentFrequencies(documents: readonly (readonly string[])[]): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const document of documents)
    for (const word of new Set(document)) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  return frequencies;
}
