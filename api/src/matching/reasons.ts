import { distanceKm } from '@kith/search';
import { text } from '../texts/text.ts';
import type { Parts, Side } from './score.ts';

/** Why a pair was suggested, as data; `inWords` says it in the reader's language. */
export type Reason =
  | { kind: 'WORDS'; words: string[] }
  /** They mean the same thing in other words, or in another language. */
  | { kind: 'MEANING'; sure: boolean }
  | { kind: 'CATEGORY'; categoryId: string }
  /** By their texts both belong there, though not both authors said so. */
  | { kind: 'TOPIC'; categoryId: string }
  | { kind: 'TAGS'; tags: string[] }
  | { kind: 'PRICE' }
  | { kind: 'NEAR'; km: number }
  | { kind: 'REMOTE' }
  | { kind: 'AVAILABILITY'; slots: number }
  /** The two were content with the trades they had. */
  | { kind: 'DEALINGS' }
  /** The provider’s name is good. */
  | { kind: 'REPUTATION' };

/** The parts that speak for the pair, strongest first. `words` are words of the two texts, not stems. */
export function reasonsFor(want: Side, offer: Side, parts: Parts, words: string[]): Reason[] {
  const reasons: [strength: number, reason: Reason][] = [];
  if (parts.text > 0 && words.length) reasons.push([parts.text, { kind: 'WORDS', words }]);
  // Words that both use say more than that they mean the same.
  if ((parts.meaning ?? 0) >= MEANT_LEAST)
    reasons.push([
      words.length ? parts.meaning! * 0.5 : parts.meaning!,
      { kind: 'MEANING', sure: parts.meaning! >= SURE_LEAST },
    ]);
  const category =
    want.categoryIds.find((id) => offer.categoryIds.includes(id)) ??
    want.categoryPath.find((id) => offer.categoryPath.includes(id));
  if (category && parts.category > 0) reasons.push([parts.category * 0.9, { kind: 'CATEGORY', categoryId: category }]);
  const topic = category ? undefined : likeliestIn(want, offer);
  if (topic) reasons.push([topic.probability * 0.8, { kind: 'TOPIC', categoryId: topic.categoryId }]);
  const tags = want.tags.filter((tag) => offer.tags.includes(tag));
  if (tags.length) reasons.push([0.6, { kind: 'TAGS', tags: tags.slice(0, 3) }]);
  if (want.place && offer.place && parts.distance && parts.distance > 0)
    reasons.push([parts.distance * 0.5, { kind: 'NEAR', km: roundKm(distanceKm(want.place, offer.place)) }]);
  else if (parts.distance === 1 && (want.remote || offer.remote)) reasons.push([0.3, { kind: 'REMOTE' }]);
  if (parts.price === 1) reasons.push([0.4, { kind: 'PRICE' }]);
  const slots = want.availability.filter((slot) => offer.availability.includes(slot)).length;
  if (slots) reasons.push([0.35, { kind: 'AVAILABILITY', slots }]);
  if ((parts.dealings ?? 0) >= DEALT_WELL_LEAST) reasons.push([parts.dealings! * 0.9, { kind: 'DEALINGS' }]);
  if ((parts.reputation ?? 0) >= REVIEWED_WELL_LEAST) reasons.push([parts.reputation! * 0.5, { kind: 'REPUTATION' }]);
  return reasons.sort(([a], [b]) => b - a).map(([, reason]) => reason);
}

/** Probabilities from which on it is said with a doubt, and without. */
const MEANT_LEAST = 0.25;
const SURE_LEAST = 0.6;
const TOPIC_LEAST = 0.4;
/** One trade that both were content with. */
const DEALT_WELL_LEAST = 0.7;
/** Three good reviews by different members and no bad one. */
const REVIEWED_WELL_LEAST = 0.78;

/** The category that both authors would likeliest tick, or ticked. */
function likeliestIn(want: Side, offer: Side): { categoryId: string; probability: number } | undefined {
  const likely = ({ categoryIds, understood }: Side, id: string) =>
    categoryIds.includes(id) ? 1 : categoryIds.length ? 0 : (understood?.probabilities.get(id) ?? 0);
  const ids = [...(want.understood?.probabilities.keys() ?? []), ...want.categoryIds];
  const [best] = ids
    .map((categoryId) => ({ categoryId, probability: likely(want, categoryId) * likely(offer, categoryId) }))
    .sort((a, b) => b.probability - a.probability || (a.categoryId < b.categoryId ? -1 : 1));
  return best && best.probability >= TOPIC_LEAST ? best : undefined;
}

const roundKm = (km: number) => (km < 10 ? Math.round(km * 10) / 10 : Math.round(km));

/** One reason as a short phrase in the reader's language. */
export function inWords(reason: Reason, locale: string, categoryName: (id: string) => string | undefined): string {
  switch (reason.kind) {
    case 'WORDS':
      return text(locale, 'reason.words', { words: reason.words.map((word) => text(locale, 'quoted', { word })) });
    case 'MEANING':
      return text(locale, reason.sure ? 'reason.meaning' : 'reason.meaningLikely');
    case 'TOPIC':
      return text(locale, 'reason.topic', { name: categoryName(reason.categoryId) ?? '…' });
    case 'CATEGORY':
      return text(locale, 'reason.category', { name: categoryName(reason.categoryId) ?? '…' });
    case 'TAGS':
      return text(locale, 'reason.tags', { tags: reason.tags });
    case 'PRICE':
      return text(locale, 'reason.price');
    case 'NEAR':
      return text(locale, 'reason.near', { km: reason.km });
    case 'REMOTE':
      return text(locale, 'reason.remote');
    case 'AVAILABILITY':
      return text(locale, 'reason.availability', { slots: reason.slots });
    case 'DEALINGS':
      return text(locale, 'reason.dealings');
    case 'REPUTATION':
      return text(locale, 'reason.reputation');
  }
}
