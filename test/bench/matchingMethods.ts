import { analyse } from '../../search/src/analysis/analyse.ts';
import { partsOf, scoreOf } from '../../api/src/matching/score.ts';
import { lexicalScore, type Corpus, type Text } from '../../api/src/matching/text.ts';
import type { JudgedWant } from './directory.ts';
import { sideOf, type understanding } from './matchingUnderstanding.ts';

/** Scores each offer of a want by its title alone; higher is better. */
export type Method = (judged: JudgedWant) => number[];
/** What understands the titles of a community, having learned nothing from it. */
export type UnderstandsOf = (community: string) => ReturnType<typeof understanding>;

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

/** What matching does with words: stems of the search analysis, scored by the matcher's own text score. */
export const words: Method = ({ want, offers }) =>
  lexicalScores(
    { text: want.title, language: 'en' },
    offers.map(({ title }) => ({ text: title, language: 'en' })),
  );

/** The cosine of the vectors as the embedder makes them; nothing is learned. */
export const cosine =
  (vectors: ReadonlyMap<string, Float32Array>): Method =>
  ({ want, offers }) =>
    offers.map(({ title }) => {
      const [a, b] = [vectors.get(want.title), vectors.get(title)];
      return a && b ? a.reduce((sum, value, index) => sum + value * b[index]!, 0) : 0;
    });

/** Single parts of the matcher's score, and all of it; the learned ones have not seen the want's community. */
export const meaning = (of: UnderstandsOf): Method => part(of, ({ meaning }) => meaning ?? 0);
export const topic = (of: UnderstandsOf): Method => part(of, ({ topic }) => topic ?? 0);
export const meaningAndTopic = (of: UnderstandsOf): Method => part(of, (parts) => scoreOf({ ...parts, text: 0 }));
export const all = (of: UnderstandsOf): Method => part(of, scoreOf);

function part(of: UnderstandsOf, take: (parts: ReturnType<typeof partsOf>) => number): Method {
  return (judged) => {
    const understand = of(judged.community);
    const want = sideOf(understand(judged.want.title, 'WANT'));
    const texts = words(judged);
    return judged.offers.map(({ title }, index) =>
      take(partsOf(want, sideOf(understand(title, 'OFFER')), texts[index]!)),
    );
  };
}

interface Written {
  text: string;
  language: string;
}

/** The matcher's text score of each offer, by titles alone. */
export function lexicalScores(want: Written, offers: readonly Written[]): number[] {
  const texts = offers.map(textOf);
  const corpus: Corpus = {
    documents: texts.length,
    frequencies: documentFrequencies(texts.map(({ titleStems }) => titleStems)),
  };
  const asked = textOf(want);
  return texts.map((text) => lexicalScore(asked, text, corpus).score);
}

const textOf = ({ text, language }: Written): Text => ({
  titleStems: analyse(text, language).map(({ stem }) => stem),
  labelStems: [],
  descriptionStems: [],
  synonymStems: [],
});

function documentFrequencies(documents: readonly (readonly string[])[]): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const document of documents)
    for (const word of new Set(document)) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  return frequencies;
}
