import type { TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';

export interface TestTrade {
  communityId: string;
  buyerId: string;
  providerId: string;
  at: Date;
  /** What the buyer says of the provider, and the other way round; left out: nothing. */
  ofProvider?: TestReview | undefined;
  ofBuyer?: TestReview | undefined;
  isOpen?: boolean;
}
export interface TestReview {
  rating: number;
  stars: [quality: number, communication: number, punctuality: number];
}

/** A completed trade with its reviews, written into the tables as the trades domain leaves them. Answers its id. */
export async function completedTrade(
  kith: TestKith,
  { communityId, buyerId, providerId, at, ofProvider, ofBuyer, isOpen = true }: TestTrade,
): Promise<string> {
  const id = newId();
  await kith.sql(
    `insert into trades (community_id, id, created_from, buyer_id, provider_id, title, state, expires_at, completed_at, ended_at)
     values ($1, $2, '\\x00', $3, $4, 'Bread', 'COMPLETED', $5, $5, $5)`,
    [communityId, id, buyerId, providerId, at],
  );
  const write = (side: string, authorId: string, subjectId: string, { rating, stars }: TestReview) =>
    kith.sql(
      `insert into reviews (community_id, id, trade_id, side, author_id, subject_id, rating, quality, communication, punctuality, created_at, unsealed_at)
       values ($1, $2, $3, $4::trade_side, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [communityId, newId(), id, side, authorId, subjectId, rating, ...stars, at, isOpen ? at : null],
    );
  if (ofProvider) await write('BUYER', buyerId, providerId, ofProvider);
  if (ofBuyer) await write('PROVIDER', providerId, buyerId, ofBuyer);
  return id;
}
