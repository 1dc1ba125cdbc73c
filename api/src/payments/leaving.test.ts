import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { differences, ledgerOf, moneyed } from '../ledger/testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

type Done = { __typename: string; code?: string; obstacles?: { code: string }[] };
/** Does one thing and answers what came: the object, a refusal, or the code of a rejection. */
const doing = async (as: Person, document: string, i: object = {}): Promise<Done> => {
  const { data, errors } = await kith.gql(document, { i }, as);
  return errors ? { __typename: errors[0]!.extensions.code } : (Object.values(data)[0] as Done);
};
const ERROR = '__typename ... on Error { code }';
const leave = (person: Person) =>
  doing(person, `mutation { leaveCommunity { ${ERROR} ... on CannotLeaveYet { obstacles { code } } } }`);
const payment = (payee: Person, amount: string) => ({
  ...{ id: newId(), payeeId: globalId('Member', payee.memberId), amount },
});
const pay = (payer: Person, payee: Person, amount: string, input = payment(payee, amount)) =>
  doing(payer, `mutation ($i: PayInput!) { pay(input: $i) { ${ERROR} } }`, input);
const DONE = { __typename: 'JournalEntry' };
const paid = (answers: Done[]) => answers.filter(({ __typename }) => __typename === 'JournalEntry').length;

/** A member as they stand, with their account; and whether anything was posted on it after they had left. */
const standing = async (community: { id: string }, { memberId }: Person) => {
  const [row] = await kith.sql(
    `select m.state, coalesce(a.balance, 0)::int as balance, a.closed_at is not null as closed, coalesce(a.last_posted_at > a.closed_at, false) as moved
     from members m left join accounts a on a.community_id = m.community_id and a.member_id = m.id
     where m.community_id = $1 and m.id = $2`,
    [community.id, memberId],
  );
  return row as { state: string; balance: number; closed: boolean; moved: boolean };
};
const LEFT = { state: 'LEFT', balance: 0, moved: false };
/** How many payments there are in all. */
const entries = async ({ id }: { id: string }) => {
  const rows = await kith.sql("select from journal_entries where community_id = $1 and kind = 'PAYMENT'", [id]);
  return rows.length;
};

test('fifty payments to a member who leaves at that moment: they stay and keep them all, or go and none moves', async () => {
  for (const hasAccount of [true, false, true, false]) {
    const { community, people } = await moneyed(kith, Array<bigint>(50).fill(100n));
    const leaver = await kith.member(community);
    if (hasAccount) await doing(leaver, '{ myAccount { __typename } }');
    const payments = people.map((payer) => () => pay(payer, leaver, '0.01'));
    const [left, ...answers] = await Promise.all([leave(leaver), ...payments.map((send) => send())]);
    const made = paid(answers);
    const stands = await standing(community, leaver);
    if (left.__typename === 'CannotLeaveYet') expect(stands).toMatchObject({ state: 'ACTIVE', balance: made });
    else expect({ ...stands, made }).toMatchObject({ ...LEFT, made: 0 });
    const refusals = answers.flatMap(({ code }) => code ?? []);
    expect(refusals.length).toBe(50 - made);
    expect(['ACCOUNT_CLOSED', 'PAYEE_UNAVAILABLE']).toEqual(expect.arrayContaining([...new Set(refusals)]));
    expect(await entries(community)).toBe(made);
  }
});

test('a member who pays all away and leaves at that moment is never paid or paying afterwards', async () => {
  const { community, people } = await moneyed(kith, [50n, ...Array<bigint>(10).fill(100n)]);
  const [leaver, ...others] = people as [Person, ...Person[]];
  const away = Array.from({ length: 50 }, (_, at) => pay(leaver, others[at % 10]!, '0.01'));
  const back = others.map((payer) => pay(payer, leaver, '0.01'));
  const leaving = Array.from({ length: 10 }, () => leave(leaver));
  const [sent, got, left] = await Promise.all([Promise.all(away), Promise.all(back), Promise.all(leaving)]);
  // What came meanwhile goes too: then nothing keeps them.
  const rest = 50 + paid(got) - paid(sent);
  expect((await standing(community, leaver)).balance).toBe(rest);
  if (rest) expect(await pay(leaver, others[0]!, `0.${String(rest).padStart(2, '0')}`)).toEqual(DONE);
  if (left.every(({ __typename }) => __typename !== 'Member')) expect((await leave(leaver)).__typename).toBe('Member');
  const before = await ledgerOf(kith, community.id);
  const late = await Promise.all(others.map((payer) => pay(payer, leaver, '0.01')));
  expect(new Set(late.map(({ code }) => code))).toEqual(new Set(['PAYEE_UNAVAILABLE']));
  expect((await pay(leaver, others[0]!, '0.01')).__typename).toBe('FORBIDDEN');
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  expect(await standing(community, leaver)).toMatchObject({ ...LEFT, closed: true });
});

/** Somebody who does several things in one transaction, and others meanwhile. */
async function transaction(community: { id: string }) {
  const client = new pg.Client(kith.ownerUrl);
  await client.connect();
  await client.query(`begin; set local app.community_id = '${community.id}'`);
  return {
    do: (text: string, values: unknown[]) => client.query(text, values),
    /** Until something waits for what it holds. */
    async isAwaited() {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const text = 'select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
      await expect.poll(async () => (await kith.sql(text, [rows[0]!.pid])).length).toBeGreaterThan(0);
    },
    async commit() {
      await client.query('commit');
      await client.end();
    },
  };
}

test('a payment that found its payee active, and their account closed under its lock, is refused', async () => {
  for (const hasAccount of [true, false]) {
    const { community, people } = await moneyed(kith, [100n]);
    const leaver = await kith.member(community);
    if (hasAccount) await doing(leaver, '{ myAccount { __typename } }');
    const before = await ledgerOf(kith, community.id);
    const leaving = await transaction(community);
    await leaving.do("update members set state = 'LEFT' where id = $1", [leaver.memberId]);
    await leaving.do('select ledger.close_accounts($1)', [leaver.memberId]);
    const answer = pay(people[0]!, leaver, '0.01');
    await leaving.isAwaited();
    await leaving.commit();
    expect(await answer).toEqual({ __typename: 'AccountClosed', code: 'ACCOUNT_CLOSED' });
    const after = await ledgerOf(kith, community.id);
    expect((after as unknown[]).slice(1)).toEqual((before as unknown[]).slice(1));
    expect(await standing(community, leaver)).toMatchObject({ ...LEFT, closed: hasAccount });
  }
});

test('who leaves while a payment is on its way to them is told of it', async () => {
  for (const hasAccount of [true, false]) {
    const { community, people } = await moneyed(kith, [100n]);
    const leaver = await kith.member(community);
    if (hasAccount) await doing(leaver, '{ myAccount { __typename } }');
    const paying = await transaction(community);
    const content = { id: newId(), payerId: people[0]!.memberId, payeeId: leaver.memberId, amount: '7' };
    await paying.do('select payments.pay_many($1, now())', [JSON.stringify([content])]);
    const answer = leave(leaver);
    await paying.isAwaited();
    await paying.commit();
    expect(await answer).toMatchObject({ __typename: 'CannotLeaveYet', obstacles: [{ code: 'BALANCE_LEFT' }] });
    expect(await standing(community, leaver)).toMatchObject({ state: 'ACTIVE', balance: 7, closed: false });
  }
});

test('what was paid to somebody is answered again after they left, and their account opens when they come back', async () => {
  const { community, people } = await moneyed(kith, [100n, 0n]);
  const [payer, leaver] = people as [Person, Person];
  await kith.sql(`update communities set policies = '{"admission": "OPEN", "creditLimit": 3}' where id = $1`, [
    community.id,
  ]);
  const input = payment(leaver, '0.40');
  expect(await pay(payer, leaver, '0.40', input)).toEqual(DONE);
  expect(await pay(leaver, payer, '0.40')).toEqual(DONE);
  expect((await leave(leaver)).__typename).toBe('Member');
  expect(await pay(payer, leaver, '0.40', input)).toEqual(DONE);
  expect(await pay(payer, leaver, '0.40')).toMatchObject({ code: 'PAYEE_UNAVAILABLE' });

  const apply = `mutation ($i: ApplyForMembershipInput!) { applyForMembership(input: $i) { ${ERROR} } }`;
  const application = { displayName: 'Back', charterVersion: 0 };
  expect(await doing(leaver, apply, application)).toEqual({ __typename: 'Member' });
  expect(await standing(community, leaver)).toMatchObject({ state: 'ACTIVE', closed: false });
  expect(await pay(payer, leaver, '0.40')).toEqual(DONE);
  // As a newcomer: with the credit of the policy.
  expect(await pay(leaver, payer, '3.40')).toEqual(DONE);
  expect(await pay(leaver, payer, '0.01')).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
});

test('of a reversal, what would come back to somebody who left goes to the treasury; what they would owe is refused', async () => {
  const { community, people } = await moneyed(kith, [100n, 0n, 0n]);
  const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  const [first, leaver, last] = people as [Person, Person, Person];
  const [towards, away] = [payment(leaver, '1.00'), payment(last, '1.00')];
  await pay(first, leaver, '1.00', towards);
  await pay(leaver, last, '1.00', away);
  expect((await leave(leaver)).__typename).toBe('Member');
  const reverse = (entryId: string) =>
    doing(operator, `mutation ($i: ReverseEntryInput!) { reverseEntry(input: $i) { ${ERROR} } }`, {
      ...{ id: newId(), entryId: globalId('JournalEntry', entryId), reason: 'Wrong' },
    });
  const before = await ledgerOf(kith, community.id);
  expect(await reverse(towards.id)).toEqual({ __typename: 'AccountClosed', code: 'ACCOUNT_CLOSED' });
  expect(((await ledgerOf(kith, community.id)) as unknown[]).slice(1)).toEqual((before as unknown[]).slice(1));
  expect(await reverse(away.id)).toEqual(DONE);
  const rows = await kith.sql(
    "select kind, sum(balance)::int as balance from accounts where community_id = $1 and kind <> 'ISSUANCE' group by kind order by kind",
    [community.id],
  );
  expect(rows).toEqual([
    { kind: 'MEMBER', balance: 0 },
    { kind: 'TREASURY', balance: 100 },
  ]);
  expect(await standing(community, leaver)).toMatchObject({ ...LEFT, closed: true });
});
