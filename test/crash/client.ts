import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../api/src/ids.ts';
import { fromMinor } from '../../api/src/money.ts';
import { globalId } from '../listing.ts';
import type { Chance } from '../simulation/random.ts';
import { STEPS, type Log, type Outcome, type Step } from './log.ts';
import type { Person } from './people.ts';

const PAY = `mutation ($input: PayInput!) { pay(input: $input) { __typename ... on JournalEntry { id postedAt } ... on Error { code } } }`;
const PAY_BATCH = `mutation ($input: PayBatchInput!) { payBatch(input: $input) { __typename ... on PaymentBatch { count } ... on Error { code } } }`;
const REQUEST = `mutation ($input: RequestPaymentInput!) { requestPayment(input: $input) { __typename ... on PaymentRequest { id } ... on Error { code } } }`;
const ACCEPT = `mutation ($input: AcceptPaymentRequestInput!) { acceptPaymentRequest(input: $input) { __typename ... on PaymentRequest { state } ... on Error { code } } }`;
const trade = (name: string) =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename ... on Trade { state } ... on Error { code } } }`;

interface Call {
  query: string;
  input: object;
  as: Person;
}
type Result = { __typename: string; code?: string; postedAt?: string };
interface Answer {
  outcome: Outcome;
  attempts: number;
  results: Result[];
}
export interface Clients {
  url: string;
  log: Log;
  people: Person[];
  /** Whether there is time for another act. */
  goesOn: () => boolean;
  /** Whether nothing is down, nor was a moment ago. */
  isCalm: () => boolean;
  /** Whether it is worth sending again what was not answered. */
  isPatient: () => boolean;
}
const ANSWER_WITHIN_MS = 10_000;
const text = (amount: bigint) => fromMinor(amount, 2);
const member = (person: Person) => globalId('Member', person.memberId);

/** One client after another act, until there is no time left. What it sends it remembers, and what it was told. */
export async function client(clients: Clients, chance: Chance): Promise<void> {
  const { log } = clients;
  while (clients.goesOn()) {
    const from = chance.pick(clients.people);
    const to = chance.pick(clients.people);
    if (from === to) continue;
    const amount = BigInt(chance.whole(1, 500));
    const turn = chance.whole(1, 100);
    if (turn <= 84) await pay(from, to, amount);
    else if (turn <= 88) await payBatch(from);
    else if (turn <= 94) await request(from, to, amount);
    else await deal(from, to, amount);
  }

  async function pay(from: Person, to: Person, amount: bigint) {
    const payment = { id: newId(), from: from.memberId, to: to.memberId, amount, postedAt: new Set<string>() };
    const kept = { ...payment, outcome: 'unanswered' as Outcome, attempts: 0 };
    log.payments.push(kept);
    const input = { id: kept.id, payeeId: member(to), amount: text(amount), memo: 'Bread' };
    const { outcome, attempts, results } = await call({ query: PAY, input, as: from });
    Object.assign(kept, { outcome, attempts });
    for (const { postedAt } of results) if (postedAt) kept.postedAt.add(postedAt);
  }

  async function payBatch(from: Person) {
    const rows = Array.from({ length: chance.whole(2, 6) }, () => chance.pick(clients.people))
      .filter((to) => to !== from)
      .map((to) => ({ to: to.memberId, amount: BigInt(chance.whole(1, 200)) }));
    if (!rows.length) return;
    const batch = { id: newId(), from: from.memberId, rows, outcome: 'unanswered' as Outcome };
    log.batches.push(batch);
    const csv = ['payee,amount,memo', ...rows.map(({ to, amount }) => `${to},${text(amount)},Bread`)].join('\n');
    batch.outcome = (await call({ query: PAY_BATCH, input: { id: batch.id, csv }, as: from })).outcome;
  }

  async function request(from: Person, to: Person, amount: bigint) {
    const kept = { id: newId(), from: from.memberId, to: to.memberId, amount, asked: 'unanswered' as Outcome };
    const asked: (typeof log.requests)[number] = { ...kept, accepted: undefined };
    log.requests.push(asked);
    const input = { id: asked.id, payerId: member(from), amount: text(amount), memo: 'Bread' };
    asked.asked = (await call({ query: REQUEST, input, as: to })).outcome;
    if (asked.asked !== 'done') return;
    asked.accepted = 'unanswered';
    const accept = { requestId: globalId('PaymentRequest', asked.id) };
    asked.accepted = (await call({ query: ACCEPT, input: accept, as: from })).outcome;
  }

  /** A trade step by step, as far as answers come. */
  async function deal(buyer: Person, provider: Person, price: bigint) {
    const kept: (typeof log.trades)[number] = {
      ...{ id: newId(), buyer: buyer.memberId, provider: provider.memberId, price, steps: {} },
    };
    log.trades.push(kept);
    const tradeId = globalId('Trade', kept.id);
    const proposal = { id: kept.id, counterpartId: member(provider), side: 'BUYER', title: 'Bread' };
    const review = { rating: 1, quality: 5, communication: 5, punctuality: 5, comment: '' };
    const calls: Record<Step, Call> = {
      PROPOSED: {
        query: trade('proposeTrade'),
        input: { ...proposal, payment: { terms: 'FIXED', price: text(price) } },
        as: buyer,
      },
      AGREED: { query: trade('agreeTrade'), input: { tradeId, version: 1 }, as: provider },
      DELIVERED: { query: trade('markDelivered'), input: { tradeId }, as: provider },
      COMPLETED: { query: trade('completeTrade'), input: { tradeId, review }, as: buyer },
    };
    for (const step of STEPS) {
      kept.steps[step] = 'unanswered';
      kept.steps[step] = (await call(calls[step])).outcome;
      if (kept.steps[step] !== 'done') return;
    }
  }

  /** Sends a call, twice at once now and then, and again where no answer comes, or sometimes not. */
  async function call(of: Call): Promise<Answer> {
    const results: Result[] = [];
    const isPatient = chance.percent(65);
    for (let attempts = 1; ; attempts++) {
      const copies = chance.percent(3) ? 2 : 1;
      const heard = await Promise.all(Array.from({ length: copies }, () => send(of)));
      results.push(...heard.filter((result) => result !== undefined));
      // What was acknowledged once is sent again now and then: a client may have forgotten.
      if (results.length && chance.percent(2))
        results.push(...[await send(of)].filter((result) => result !== undefined));
      if (attempts === 2) log.retried++;
      if (results.length) {
        const outcome = results.some(({ code }) => !code) ? 'done' : 'refused';
        log[outcome === 'done' ? 'acknowledged' : 'refused']++;
        if (attempts > 1) log.restored++;
        return { outcome, attempts, results };
      }
      if (!isPatient || !clients.isPatient()) {
        log.abandoned++;
        return { outcome: 'unanswered', attempts, results };
      }
      await sleep(chance.whole(20, 500));
    }
  }

  /** Undefined when nothing was heard, or only that something went wrong there. */
  async function send({ query, input, as }: Call): Promise<Result | undefined> {
    log.sent++;
    const wasCalm = clients.isCalm();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${as.token}` };
    const body = JSON.stringify({ query, variables: { input } });
    try {
      const response = await fetch(`${clients.url}/graphql`, {
        ...{ method: 'POST', body, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) },
        headers: { ...headers, 'x-kith-community': as.community },
      });
      const answer = (await response.json()) as {
        data?: Record<string, Result> | null;
        errors?: { message: string; extensions: { code: string } }[];
      };
      const code = answer.errors?.[0]?.extensions.code;
      if (code === undefined) {
        log.answeredAt = Date.now();
        return Object.values(answer.data!)[0]!;
      }
      if (code !== 'INTERNAL' && code !== 'UNAVAILABLE') throw new Unexpected(JSON.stringify(answer.errors));
      if (wasCalm && clients.isCalm()) log.faults++;
      return silence(code);
    } catch (error) {
      if (error instanceof Unexpected) throw error;
      const { name, cause } = error as Error & { cause?: { code?: string } };
      return silence(cause?.code ?? name);
    }
  }

  function silence(what: string): undefined {
    log.silences.set(what, (log.silences.get(what) ?? 0) + 1);
  }
}

/** A rejection: this program sent what it should not. */
class Unexpected extends Error {}
