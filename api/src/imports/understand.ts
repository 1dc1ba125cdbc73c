import { languagesOf } from '../listings/language.ts';
import { primaryTag } from '../listings/content.ts';
import { surestCategories } from '../search/likelyCategories.ts';
import type { Understand } from './plan.ts';

/** An import does not wait for what it can do without. */
const WITHIN_MS = 5_000;

export const understand: Understand = async (texts, locale) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<object[]>(
    (resolve) => (timer = setTimeout(() => resolve(texts.map(() => ({}))), WITHIN_MS)),
  );
  const unplaced = texts.filter(({ isUnplaced }) => isUnplaced);
  const told = async () => {
    const [keys, languages] = await Promise.all([
      surestCategories(unplaced.map(({ title }) => title)),
      languagesOf(
        texts.map(({ title, description }) => `${title}\n${description}`),
        [primaryTag(locale)],
      ),
    ]);
    const keyOf = new Map(unplaced.map((text, index) => [text, keys[index]]));
    return texts.map((text, index) => ({
      ...(languages[index] && { language: languages[index] }),
      ...(keyOf.get(text) && { categoryKey: keyOf.get(text)! }),
    }));
  };
  return Promise.race([told(), late]).finally(() => clearTimeout(timer));
};
