import { distanceKm } from '@kith/search';
import type { Parts, Side } from './score.ts';

/** Why a pair was suggested, as data; `inWords` says it in the reader's language. */
export type Reason =
  | { kind: 'WORDS'; words: string[] }
  | { kind: 'CATEGORY'; categoryId: string }
  | { kind: 'TAGS'; tags: string[] }
  | { kind: 'PRICE' }
  | { kind: 'NEAR'; km: number }
  | { kind: 'REMOTE' }
  | { kind: 'AVAILABILITY'; slots: number };

/** The parts that speak for the pair, strongest first. `words` are words of the two texts, not stems. */
export function reasonsFor(want: Side, offer: Side, parts: Parts, words: string[]): Reason[] {
  const reasons: [strength: number, reason: Reason][] = [];
  if (parts.text > 0 && words.length) reasons.push([parts.text, { kind: 'WORDS', words }]);
  const category =
    want.categoryIds.find((id) => offer.categoryIds.includes(id)) ??
    want.categoryPath.find((id) => offer.categoryPath.includes(id));
  if (category && parts.category > 0) reasons.push([parts.category * 0.9, { kind: 'CATEGORY', categoryId: category }]);
  const tags = want.tags.filter((tag) => offer.tags.includes(tag));
  if (tags.length) reasons.push([0.6, { kind: 'TAGS', tags: tags.slice(0, 3) }]);
  if (want.place && offer.place && parts.distance && parts.distance > 0)
    reasons.push([parts.distance * 0.5, { kind: 'NEAR', km: roundKm(distanceKm(want.place, offer.place)) }]);
  else if (parts.distance === 1 && (want.remote || offer.remote)) reasons.push([0.3, { kind: 'REMOTE' }]);
  if (parts.price === 1) reasons.push([0.4, { kind: 'PRICE' }]);
  const slots = want.availability.filter((slot) => offer.availability.includes(slot)).length;
  if (slots) reasons.push([0.35, { kind: 'AVAILABILITY', slots }]);
  return reasons.sort(([a], [b]) => b - a).map(([, reason]) => reason);
}

const roundKm = (km: number) => (km < 10 ? Math.round(km * 10) / 10 : Math.round(km));

interface Phrases {
  words(words: string): string;
  category(name: string): string;
  tags(tags: string): string;
  price: string;
  near(km: string): string;
  remote: string;
  availability(slots: number): string;
}
const phrases: Record<string, Phrases> = {
  en: {
    words: (words) => `both speak of ${words}`,
    category: (name) => `both are about ${name}`,
    tags: (tags) => `both are tagged ${tags}`,
    price: 'the price fits',
    near: (km) => `${km} km away`,
    remote: 'can be done from afar',
    availability: (slots) => `free at the same time (${slots})`,
  },
  ru: {
    words: (words) => `в обоих говорится: ${words}`,
    category: (name) => `оба в разделе «${name}»`,
    tags: (tags) => `общие метки: ${tags}`,
    price: 'цена подходит',
    near: (km) => `в ${km} км`,
    remote: 'можно на расстоянии',
    availability: (slots) => `свободны в одно время (${slots})`,
  },
  de: {
    words: (words) => `beide nennen ${words}`,
    category: (name) => `beide gehören zu ${name}`,
    tags: (tags) => `gemeinsame Stichwörter: ${tags}`,
    price: 'der Preis passt',
    near: (km) => `${km} km entfernt`,
    remote: 'geht auch aus der Ferne',
    availability: (slots) => `zur selben Zeit frei (${slots})`,
  },
  es: {
    words: (words) => `ambos hablan de ${words}`,
    category: (name) => `ambos tratan de ${name}`,
    tags: (tags) => `etiquetas en común: ${tags}`,
    price: 'el precio encaja',
    near: (km) => `a ${km} km`,
    remote: 'se puede hacer a distancia',
    availability: (slots) => `libres a la misma hora (${slots})`,
  },
  fr: {
    words: (words) => `les deux parlent de ${words}`,
    category: (name) => `les deux concernent ${name}`,
    tags: (tags) => `étiquettes communes : ${tags}`,
    price: 'le prix convient',
    near: (km) => `à ${km} km`,
    remote: 'possible à distance',
    availability: (slots) => `libres en même temps (${slots})`,
  },
};

/** One reason as a short phrase in the reader's language; English where we have no words in theirs. */
export function inWords(reason: Reason, locale: string, categoryName: (id: string) => string | undefined): string {
  const language = locale.split('-')[0]!;
  const say = phrases[language] ?? phrases.en!;
  const list = (items: string[]) =>
    new Intl.ListFormat(phrases[language] ? language : 'en', { type: 'conjunction' }).format(items);
  switch (reason.kind) {
    case 'WORDS':
      return say.words(list(reason.words.map((word) => `“${word}”`)));
    case 'CATEGORY':
      return say.category(categoryName(reason.categoryId) ?? '…');
    case 'TAGS':
      return say.tags(list(reason.tags));
    case 'PRICE':
      return say.price;
    case 'NEAR':
      return say.near(reason.km.toLocaleString(locale));
    case 'REMOTE':
      return say.remote;
    case 'AVAILABILITY':
      return say.availability(reason.slots);
  }
}
