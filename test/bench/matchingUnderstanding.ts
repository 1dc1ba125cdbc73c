import { categories, openEmbedder, services } from '@kith/search';
import type { Side, Understanding } from '../../api/src/matching/score.ts';

/** The vector of each text, by the embedder that ships; texts it does not understand have none. */
export async function vectorsOf(texts: Iterable<string>): Promise<Map<string, Float32Array>> {
  const each = [...new Set(texts)];
  const embedder = openEmbedder({ kind: 'embedded' });
  try {
    const vectors = await embedder.embed(each);
    return new Map(each.flatMap((text, index) => (vectors[index] ? [[text, vectors[index]]] : [])));
  } finally {
    await embedder.close();
  }
}

/** Understands texts as the product does, by a model and wording that the caller learned from others. */
export function understanding(
  vectors: ReadonlyMap<string, Float32Array>,
  { model, wording }: { model: categories.Model; wording: categories.Wording },
): (text: string, kind: services.Kind) => Understanding | null {
  const sense = categories.senseOf(wording);
  const bank = services.defaultServices();
  if (!bank) throw new Error('search/model/services.bin is missing; bring it back from the repository.');
  const servicesOf = services.servicesOf(bank);
  const known = new Map<string, Understanding | null>();
  return (text, kind) => {
    const key = `${kind} ${text}`;
    if (!known.has(key)) {
      const vector = vectors.get(text);
      known.set(
        key,
        vector
          ? {
              sense: sense(vector),
              traits: categories.traitsOf(model, vector),
              probabilities: new Map(),
              services: servicesOf(vector, kind),
            }
          : null,
      );
    }
    return known.get(key)!;
  };
}

/** A listing of which nothing is known but its text. */
export const sideOf = (understood: Understanding | null, language = 'en'): Side => ({
  categoryIds: [],
  categoryPath: [],
  tags: [],
  price: null,
  priceTo: null,
  place: null,
  radiusKm: null,
  remote: false,
  availability: [],
  language,
  understood,
});
