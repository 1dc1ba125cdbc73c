import { z } from 'zod';
import { ErrorInterface, builder } from '../builder.ts';
import { ActingNotAllowed } from '../communities/brokers.ts';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { AccountClosed, EntryIdReused } from '../ledger/refusals.ts';
import { MoneyType } from '../money.ts';
import { BatchRefused, payBatch, ROWS_MOST, type BatchProblem, type BatchResult } from './batch.ts';

const BatchProblemType = builder.objectRef<BatchProblem>('PaymentBatchProblem').implement({
  description: 'Why one row of a file cannot be paid.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line of the file; the first one names the columns.' }),
    code: t.exposeString('code', { description: 'As of a single payment, or BAD_AMOUNT, BAD_MEMO.' }),
    message: t.exposeString('message', { description: 'A sentence in English.' }),
  }),
});
builder.objectType(BatchRefused, {
  name: 'PaymentBatchRefused',
  interfaces: [ErrorInterface],
  description: 'Nothing was paid, because some rows cannot be.',
  fields: (t) => ({
    problems: t.expose('problems', { type: [BatchProblemType], description: 'The rows and what is wrong with them.' }),
  }),
});

const PaymentBatch = builder.objectRef<BatchResult & { communityId: string }>('PaymentBatch').implement({
  description: 'Payments of one file.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many there are.' }),
    total: t.field({
      type: MoneyType,
      description: 'What they come to together.',
      resolve: async ({ communityId, total: minor }) => ({ minor, ...(await localCurrencyOf(communityId)) }),
    }),
    isDryRun: t.exposeBoolean('isDryRun', { description: 'It was only tried: nothing was paid.' }),
  }),
});

const PayBatchInput = builder.inputType('PayBatchInput', {
  description: 'A file of payments.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    csv: t.string({
      required: true,
      description: `CSV with the columns payee (id or external id of the member), amount and memo; at most ${ROWS_MOST} rows and 300,000 characters.`,
      validate: z.string().max(299_999),
    }),
    payerId: t.id({ required: false, description: 'For whom, when a broker pays for a member who is offline.' }),
    isDryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Only try it and say what would be wrong.',
    }),
  }),
});
builder.mutationField('payBatch', (t) =>
  t.withAuth({ member: true }).field({
    type: PaymentBatch,
    description: 'Pays every row of a file, or none and says of each row what is wrong. The same id pays once.',
    errors: { types: [BatchRefused, EntryIdReused, AccountClosed, ActingNotAllowed] },
    args: { input: t.arg({ type: PayBatchInput, required: true, description: 'The file.' }) },
    resolve: async (_root, { input: { id, csv, payerId, isDryRun } }, { member }) => ({
      ...(await payBatch(member, { id, csv, isDryRun, payerId: idIn('Member', payerId) })),
      communityId: member.communityId,
    }),
  }),
);
