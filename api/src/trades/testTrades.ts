import { globalId } from '../../../test/listing.ts';
import type { Person, TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { moneyed } from '../ledger/testLedger.ts';

const TRADE = `__typename ... on Error { code message } ... on Trade { id state version title viewerSide viewerActions
  held { amount } paid { amount } minted { amount } terms { terms price { amount } quantity } completedByItself }`;
const REVIEW = '__typename ... on Error { code message } ... on Review { id rating isSealed comment reply }';
const DISPUTE =
  '__typename ... on Error { code message } ... on Dispute { id state held { amount } trade { state paid { amount } held { amount } } decisions { round outcome amount { amount } } evidence { side text links } }';
const answers: Record<string, string> = {
  ...{ reviewTrade: REVIEW, replyToReview: REVIEW, hideReviewText: REVIEW },
  ...{ openDispute: DISPUTE, addEvidence: DISPUTE, resolveDispute: DISPUTE, appealDispute: DISPUTE },
};

/** Does one thing as a client does, and answers what came: the object, or the refusal. Rejections are thrown as their code. */
export const doing =
  (kith: TestKith) =>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they asked for
  async (as: Person, name: string, input: object): Promise<any> => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${name}(input: $input) { ${answers[name] ?? TRADE} } }`;
    const { data, errors } = await kith.gql(document, { input }, as);
    if (errors) throw new Error(errors[0]!.extensions.code, { cause: errors[0] });
    return data[name];
  };
export type Doing = ReturnType<typeof doing>;

export const memberId = (person: Person) => globalId('Member', person.memberId);
export const FIXED = (price: string) => ({ terms: 'FIXED', price });
export const stars = (more: object = {}) => ({
  rating: 1,
  quality: 5,
  communication: 4,
  punctuality: 3,
  comment: 'Good',
  ...more,
});

/** What a buyer sends to propose a trade to a provider. */
export const proposal = (provider: Person, payment: object, more: object = {}) => ({
  ...{ id: newId(), counterpartId: memberId(provider), side: 'BUYER', title: 'Bread', payment },
  ...more,
});

/** A buyer with an amount in minor units, a provider with nothing, and a trade between them, taken as far as is asked. */
export async function dealing(
  kith: TestKith,
  { funds = 10_000n, payment = FIXED('40.00') as object, until = 'AGREED', more = {} as object } = {},
) {
  const act = doing(kith);
  const world = await moneyed(kith, [funds, 0n]);
  const [buyer, provider] = world.people as [Person, Person];
  const input = proposal(provider, payment, more);
  const { id, ...first } = await act(buyer, 'proposeTrade', input);
  if (!id) throw new Error(JSON.stringify(first));
  const tradeId = id as string;
  const steps: [string, () => Promise<{ state: string }>][] = [
    ['AGREED', () => act(provider, 'agreeTrade', { tradeId, version: 1 })],
    ['DELIVERED', () => act(provider, 'markDelivered', { tradeId })],
    ['COMPLETED', () => act(buyer, 'completeTrade', { tradeId, review: stars() })],
  ];
  for (const [state, step] of until === 'PROPOSED' ? [] : steps) {
    const done = await step();
    if (done.state !== state) throw new Error(JSON.stringify(done));
    if (state === until) break;
  }
  return { ...world, act, buyer, provider, tradeId, input };
}

/** Everything that must not change when something is refused. */
export const everything = async (kith: TestKith, communityId: string): Promise<unknown> => {
  const tables = ['accounts', 'journal_entries', 'postings', 'reservations', 'entry_reversals', 'events', 'listings'];
  tables.push('trades', 'trade_proposals', 'reviews', 'disputes', 'dispute_evidence', 'dispute_decisions', 'audit_log');
  return Promise.all(
    tables.map((table) => kith.sql(`select t::text from ${table} t where community_id = $1 order by 1`, [communityId])),
  );
};

/** Runs what is due at a later moment: the clock stands there, and waiting jobs do not wait. */
export async function later(kith: TestKith, clock: { now(): Date }, days: number): Promise<void> {
  const now = clock.now;
  clock.now = () => new Date(now().getTime() + days * 86_400_000);
  try {
    await kith.sql('update graphile_worker._private_jobs set run_at = now() where run_at <= $1', [clock.now()]);
    await kith.jobs();
  } finally {
    clock.now = now;
  }
}
