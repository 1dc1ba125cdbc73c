import type { Payment } from '../../listings/terms.ts';
import type { PolicyChoice } from '../../communities/policiesInForce.ts';
import type { ReviewContent } from '../../trades/reviews.ts';

/** A day after the founding and a time of that day in UTC, such as '4 17:30'. */
export type When = `${number} ${number}:${number}`;

/** What happened in a community of the demo since its founding. Members and listings by their external ids, amounts in units. */
export interface Economy {
  slug: string;
  founders: readonly { when: When; member: string; reason: string }[];
  trades: readonly DemoTrade[];
  payments: readonly { when: When; from: string; to: string; amount: string; memo: string }[];
  /** Decided by the operator, as are those below. */
  policies?: { when: When; policiesAt: (now: Date) => PolicyChoice; reason: string };
  /** When the demurrage that is due by then is charged. */
  demurrage?: readonly When[];
  purchases?: readonly { when: When; from: string; amount: string; reason: string }[];
  karma?: readonly { when: When; member: string; points: number; reason: string }[];
}

/** A trade about a listing as far as it has come; the steps that are left out have not happened. */
export interface DemoTrade {
  listing: string;
  buyer: string;
  provider: string;
  payment: Payment;
  quantity?: number;
  /** The buyer proposes, when it is not said that the provider does. */
  by?: 'buyer' | 'provider';
  note: string;
  proposed: When;
  agreed?: When;
  delivered?: When;
  /** The buyer's last word; `amount` is what they found right under AFTER. */
  completed?: { when: When; amount?: string; review: ReviewContent };
  /** What the provider says of the buyer. */
  answered?: { when: When; review: ReviewContent };
  dispute?: { when: When; by: string; reason: string; evidence: readonly { when: When; by: string; text: string }[] };
}

/** A review in so many words; the stars are for quality, communication and punctuality. */
export const says = (
  comment: string,
  [quality, communication, punctuality]: [number, number, number] = [5, 5, 5],
): ReviewContent => ({ rating: quality > 3 ? 1 : 0, quality, communication, punctuality, comment });
