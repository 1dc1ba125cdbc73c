import { languageOf } from '../listings/language.ts';
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
  const told = async () => {
    const [keys, languages] = await Promise.all([
      surestCategories(texts.map(({ title }) => title)),
      Promise.all(texts.map(({ title, description }) => languageOf(`${title}\n${description}`, [primaryTag(locale)]))),
    ]);
    return texts.map((_, index) => ({
      ...(languages[index] && { language: languages[index] }),
      ...(keys[index] && { categoryKey: keys[index] }),
    }));
  };
  return Promise.race([told(), late]).finally(() => clearTimeout(timer));
};
