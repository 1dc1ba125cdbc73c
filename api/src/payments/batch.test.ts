import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { balancesOf, differences, ledgerOf, moneyed } from '../ledger/testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const BATCH = `mutation ($i: PayBatchInput!) { payBatch(input: $i) { __typename
  ... on PaymentBatch { count isDryRun total { amount } }
  ... on Error { code } ... on PaymentBatchRefused { problems { line code } } } }`;
const pay = async (as: Person, csv: string, more: object = {}) => {
  const { data, errors } = await kith.gql(BATCH, { i: { id: newId(), csv, ...more } }, as);
  return errors ? errors[0]!.message : data.payBatch;
};

test('a file is paid row by row, once for its id, and refused when it changed', async () => {
  const { accounts, people, community } = await moneyed(kith, [1000n, 0n, 0n]);
  const [payer, one, other] = people as [Person, Person, Person];
  await kith.sql("update members set external_id = 'B-7' where id = $1", [other.memberId]);
  const rows = [
    `payee;amount;memo`,
    `${globalId('Member', one.memberId)};1.50;Bread`,
    `B-7;2;"Milk; fresh"`,
    `${one.memberId};0.25;`,
  ];
  const id = newId();
  const paid = { __typename: 'PaymentBatch', count: 3, isDryRun: false, total: { amount: '3.75' } };
  expect(await pay(payer, rows.join('\r\n'), { id })).toEqual(paid);
  expect(await pay(payer, rows.join('\n'), { id })).toEqual(paid);
  const before = await ledgerOf(kith, community.id);
  const reused = { __typename: 'EntryIdReused', code: 'ENTRY_ID_REUSED' };
  expect(await pay(payer, [...rows, 'B-7;1;More'].join('\n'), { id })).toEqual(reused);
  expect(await pay(payer, rows.slice(0, 3).join('\n'), { id })).toEqual(reused);
  expect(await pay(payer, rows.join('\n').replace('1.50', '1.60'), { id })).toMatchObject({
    problems: [{ line: 2, code: 'ENTRY_ID_REUSED' }],
  });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  expect(await balancesOf(kith, accounts)).toEqual(['625', '175', '200']);
});

test('a file with a row that cannot be paid pays nothing and says which', async () => {
  const { people, community } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const before = await ledgerOf(kith, community.id);
  const file = (...rows: string[]) => ['payee,amount,memo', ...rows].join('\n');
  expect(
    await pay(
      payer,
      file(
        `${payee.memberId},1,ok`,
        'nobody,1,',
        `${payee.memberId},1.001,`,
        `${payer.memberId},1,`,
        `${payee.memberId},-1,`,
      ),
    ),
  ).toEqual({
    ...{ __typename: 'PaymentBatchRefused', code: 'BATCH_REFUSED' },
    problems: [
      { line: 3, code: 'PAYEE_UNAVAILABLE' },
      { line: 4, code: 'BAD_AMOUNT' },
      { line: 5, code: 'PAYMENT_TO_SELF' },
      { line: 6, code: 'BAD_AMOUNT' },
    ],
  });
  expect(
    await pay(payer, file(`${payee.memberId},6,`, `${payee.memberId},4,`, `${payee.memberId},0.01,`)),
  ).toMatchObject({
    problems: [{ line: 4, code: 'INSUFFICIENT_FUNDS' }],
  });
  expect(await pay(payer, 'nothing')).toContain('names the columns');
  expect(await pay(payer, 'payee,amount\n"a,1')).toContain('cannot be read');
  expect(await ledgerOf(kith, community.id)).toEqual(before);
});

test('a dry run says what would be and pays nothing, and its id is still free', async () => {
  const { accounts, people, community } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const before = await ledgerOf(kith, community.id);
  const id = newId();
  const csv = `amount,payee\n3,${payee.memberId}`;
  expect(await pay(payer, csv, { id, isDryRun: true })).toMatchObject({
    count: 1,
    isDryRun: true,
    total: { amount: '3.00' },
  });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  expect(await pay(payer, csv, { id })).toMatchObject({ isDryRun: false });
  expect(await balancesOf(kith, accounts)).toEqual(['700', '300']);
});

const LINK = 'query ($amount: Decimal, $memo: String) { myPaymentLink(amount: $amount, memo: $memo) }';
const READ = 'query ($uri: String!) { paymentLink(uri: $uri) { payee { id } amount memo isSigned } }';
test('a payment link says whom and how much, and nobody changes it unseen', async () => {
  const { people, community } = await moneyed(kith, [0n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const uri = (await kith.gql(LINK, { amount: '12.5', memo: 'Bread & milk' }, payee)).data.myPaymentLink as string;
  expect(uri).toMatch(
    new RegExp(`^kith:${community.slug}/pay/${payee.memberId}\\?amount=12.5&memo=Bread\\+%26\\+milk&sig=[\\w-]{22}$`),
  );
  const read = async (text: string, as: Person = payer) => {
    const { data, errors } = await kith.gql(READ, { uri: text }, as);
    return errors ? errors[0]!.extensions.code : data.paymentLink;
  };
  const me = { id: globalId('Member', payee.memberId) };
  expect(await read(uri)).toEqual({ payee: me, amount: '12.5', memo: 'Bread & milk', isSigned: true });
  expect(await read(uri.replace('12.5', '13.5'))).toBe('BAD_USER_INPUT');
  expect(await read(`${uri}&amount=1`)).toBe('BAD_USER_INPUT');
  expect(await read(uri.replace(payee.memberId, payer.memberId))).toBe('BAD_USER_INPUT');
  expect(await read(uri.replace(/&sig=.*/, ''))).toMatchObject({ isSigned: false });
  expect(await read(`kith:${community.slug}/pay/${payee.memberId}`)).toEqual({
    payee: me,
    amount: null,
    memo: '',
    isSigned: false,
  });
  expect(await read(`kith:${community.slug}/pay/${newId()}`)).toBe('NOT_FOUND');
  expect(await read(uri, await kith.member(await kith.community()))).toBe('BAD_USER_INPUT');
  const bare = (await kith.gql(LINK, {}, payee)).data.myPaymentLink as string;
  expect(await read(bare)).toEqual({ payee: me, amount: null, memo: '', isSigned: true });
});
