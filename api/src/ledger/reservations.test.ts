import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { credit, debit, post, reverse } from './entries.ts';
import { AlreadyReversed, EntryIdReused, InsufficientFunds, NotReversible, ReservationSpent } from './refusals.ts';
import { release, reserve } from './reservations.ts';
import { balancesOf, differences, ledgerOf, moneyed } from './testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

test('what is reserved can be spent from the reservation and not otherwise', async () => {
  const { accounts, inside, community } = await moneyed(kith, [100n, 0n]);
  const [a, b] = accounts;
  const id = newId();
  const hold = { id, accountId: a!.id, amount: 80n, subject: { type: 'Trade', id: newId() } };
  await inside((tx) => reserve(tx, hold));
  await inside((tx) => reserve(tx, hold));
  expect(await balancesOf(kith, accounts)).toEqual(['100 (80 reserved)', '0']);
  const spend = (amount: bigint, reservationId?: string) =>
    inside((tx) =>
      post(tx, { id: newId(), kind: 'TRADE', postings: [debit(a!, amount, reservationId), credit(b!, amount)] }),
    );
  const before = await ledgerOf(kith, community.id);
  await expect(spend(21n)).rejects.toThrow(InsufficientFunds);
  await expect(spend(81n, id)).rejects.toThrow(ReservationSpent);
  await expect(spend(1n, newId())).rejects.toThrow(ReservationSpent);
  await expect(inside((tx) => reserve(tx, { ...hold, amount: 79n }))).rejects.toThrow(EntryIdReused);
  await expect(inside((tx) => reserve(tx, { ...hold, id: newId(), amount: 21n }))).rejects.toThrow(InsufficientFunds);
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  await spend(50n, id);
  await spend(20n);
  expect(await balancesOf(kith, accounts)).toEqual(['30 (30 reserved)', '70']);
  await expect(spend(31n, id)).rejects.toThrow(ReservationSpent);
  await spend(30n, id);
  expect(await balancesOf(kith, accounts)).toEqual(['0', '100']);
});

test('a reservation of another account pays for nobody else', async () => {
  const { accounts, inside } = await moneyed(kith, [100n, 100n]);
  const id = newId();
  await inside((tx) => reserve(tx, { id, accountId: accounts[0]!.id, amount: 50n }));
  const stolen = inside((tx) =>
    post(tx, { id: newId(), kind: 'TRADE', postings: [debit(accounts[1]!, 50n, id), credit(accounts[0]!, 50n)] }),
  );
  await expect(stolen).rejects.toThrow(ReservationSpent);
});

test('a release gives back all or the rest, and said twice it changes nothing', async () => {
  const { accounts, inside } = await moneyed(kith, [100n]);
  const id = newId();
  await inside((tx) => reserve(tx, { id, accountId: accounts[0]!.id, amount: 80n }));
  const give = (leaving?: bigint) => inside((tx) => release(tx, { id, ...(leaving !== undefined && { leaving }) }));
  expect([await give(50n), await give(50n), await give(60n)]).toEqual([30n, 0n, 0n]);
  expect(await balancesOf(kith, accounts)).toEqual(['100 (50 reserved)']);
  const together = await Promise.all([give(), give(), give()]);
  expect(together.reduce((sum, part) => sum + part, 0n)).toBe(50n);
  expect(await balancesOf(kith, accounts)).toEqual(['100']);
});

test('of a spending and a release at the same time, the money goes one way', async () => {
  const { accounts, inside } = await moneyed(kith, [100n, 0n]);
  const id = newId();
  await inside((tx) => reserve(tx, { id, accountId: accounts[0]!.id, amount: 100n }));
  const spend = inside((tx) =>
    post(tx, { id: newId(), kind: 'TRADE', postings: [debit(accounts[0]!, 100n, id), credit(accounts[1]!, 100n)] }),
  );
  const [spent] = await Promise.allSettled([spend, inside((tx) => release(tx, { id }))]);
  expect(await balancesOf(kith, accounts)).toEqual(spent.status === 'fulfilled' ? ['0', '100'] : ['100', '0']);
});

test('a reversal undoes an entry and all that hangs on it, in one entry, once', async () => {
  const { accounts, inside, community } = await moneyed(kith, [100n, 0n, 0n]);
  const [a, b, c] = accounts;
  const id = newId();
  await inside(async (tx) => {
    await post(tx, { id, kind: 'PAYMENT', postings: [debit(a!, 60n), credit(b!, 60n)] });
    await post(tx, { id: newId(), kind: 'FEE', parentId: id, postings: [debit(b!, 5n), credit(c!, 5n)] });
    await post(tx, { id: newId(), kind: 'REFUND', parentId: id, postings: [debit(b!, 20n), credit(a!, 20n)] });
  });
  const reversal = { id: newId(), entryId: id, reason: 'Entered twice' };
  const results = await Promise.all(Array.from({ length: 4 }, () => inside((tx) => reverse(tx, reversal))));
  expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await balancesOf(kith, accounts)).toEqual(['100', '0', '0']);
  const before = await ledgerOf(kith, community.id);
  await expect(inside((tx) => reverse(tx, { ...reversal, id: newId() }))).rejects.toThrow(AlreadyReversed);
  await expect(inside((tx) => reverse(tx, { ...reversal, reason: 'Another' }))).rejects.toThrow(AlreadyReversed);
  await expect(inside((tx) => reverse(tx, { ...reversal, id: newId(), entryId: reversal.id }))).rejects.toThrow(
    NotReversible,
  );
  const late = { id: newId(), kind: 'FEE' as const, parentId: id, postings: [debit(a!, 5n), credit(c!, 5n)] };
  await expect(inside((tx) => post(tx, late))).rejects.toThrow(AlreadyReversed);
  expect(await ledgerOf(kith, community.id)).toEqual(before);
});

test('what hangs on an entry can be undone alone, and is not undone a second time with it', async () => {
  const { accounts, inside } = await moneyed(kith, [100n, 0n, 0n]);
  const [a, b, c] = accounts;
  const [id, fee] = [newId(), newId()];
  await inside(async (tx) => {
    await post(tx, { id, kind: 'PAYMENT', postings: [debit(a!, 60n), credit(b!, 60n)] });
    await post(tx, { id: fee, kind: 'FEE', parentId: id, postings: [debit(b!, 5n), credit(c!, 5n)] });
    await reverse(tx, { id: newId(), entryId: fee, reason: 'No fee among neighbours' });
  });
  expect(await balancesOf(kith, accounts)).toEqual(['40', '60', '0']);
  await inside((tx) => reverse(tx, { id: newId(), entryId: id, reason: 'Wrong member' }));
  expect(await balancesOf(kith, accounts)).toEqual(['100', '0', '0']);
});

test('money that was spent meanwhile is reversed by an operator only, and leaves arrears that block spending', async () => {
  const { accounts, inside, community } = await moneyed(kith, [100n, 0n, 0n]);
  const [a, b, c] = accounts;
  const id = newId();
  const pay = (from: typeof a, to: typeof a, amount: bigint, id = newId()) =>
    inside((tx) => post(tx, { id, kind: 'PAYMENT', postings: [debit(from!, amount), credit(to!, amount)] }));
  await pay(a, b, 100n, id);
  await pay(b, c, 70n);
  const before = await ledgerOf(kith, community.id);
  await expect(inside((tx) => reverse(tx, { id: newId(), entryId: id, reason: 'x' }))).rejects.toThrow(
    InsufficientFunds,
  );
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  await inside((tx) => reverse(tx, { id: newId(), entryId: id, reason: 'x', overdraw: true }));
  expect(await balancesOf(kith, accounts)).toEqual(['100', '-70', '70']);
  await expect(pay(b, c, 1n)).rejects.toMatchObject({ available: { minor: -70n } });
  // Earning brings it back, also while it is still below.
  await pay(c, b, 30n);
  await inside((tx) =>
    post(tx, { id: newId(), kind: 'TRADE', postings: [credit(b!, 10n), debit(b!, 5n), debit(c!, 5n)] }),
  );
  expect(await balancesOf(kith, accounts)).toEqual(['100', '-35', '35']);
});

test('a refund and a reversal at the same time undo no more than was paid', async () => {
  const { accounts, inside } = await moneyed(kith, [100n, 0n]);
  const [a, b] = accounts;
  const id = newId();
  await inside((tx) => post(tx, { id, kind: 'PAYMENT', postings: [debit(a!, 60n), credit(b!, 60n)] }));
  await Promise.allSettled([
    inside((tx) => reverse(tx, { id: newId(), entryId: id, reason: 'x' })),
    inside((tx) =>
      post(tx, { id: newId(), kind: 'REFUND', parentId: id, postings: [debit(b!, 60n), credit(a!, 60n)] }),
    ),
  ]);
  expect(await balancesOf(kith, accounts)).toEqual(['100', '0']);
});
