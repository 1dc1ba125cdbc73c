import { PaymentRequestState } from '@kith/db';
import { ErrorInterface, builder } from '../builder.ts';
import {
  DayLimitReached,
  PayeeUnavailable,
  PayerUnavailable,
  PaymentTooLarge,
  PaymentToSelf,
  RefundTooLarge,
  RequestClosed,
  RequestIdReused,
  TooManyRequests,
} from './refusals.ts';

export const PaymentRequestStateType = builder.enumType('PaymentRequestState', {
  description: 'What became of a payment request.',
  values: Object.values(PaymentRequestState),
});

const interfaces = [ErrorInterface];
builder.objectType(PaymentToSelf, {
  name: 'PaymentToSelf',
  interfaces,
  description: 'A payment needs two different members.',
});
builder.objectType(PayeeUnavailable, {
  ...{ name: 'PayeeUnavailable', interfaces },
  description: 'There is no active member to pay, by that id.',
});
builder.objectType(PayerUnavailable, {
  ...{ name: 'PayerUnavailable', interfaces },
  description: 'There is no active member who could pay, by that id.',
});
builder.objectType(PaymentTooLarge, {
  ...{ name: 'PaymentTooLarge', interfaces },
  description: 'The policy paymentMost allows no payment as large as that.',
});
builder.objectType(DayLimitReached, {
  ...{ name: 'DayLimitReached', interfaces },
  description: 'The policy paymentsPerDayMost allows no more today.',
});
builder.objectType(RefundTooLarge, {
  ...{ name: 'RefundTooLarge', interfaces },
  description: 'More than was paid, and is not sent back yet, cannot be sent back.',
});
builder.objectType(RequestClosed, {
  ...{ name: 'RequestClosed', interfaces },
  description: 'The payment request was answered, taken back or has expired.',
  fields: (t) => ({ state: t.expose('state', { type: PaymentRequestStateType, description: 'The state it is in.' }) }),
});
builder.objectType(RequestIdReused, {
  ...{ name: 'RequestIdReused', interfaces },
  description: 'The id chosen by the client stands for another request already.',
});
builder.objectType(TooManyRequests, {
  ...{ name: 'TooManyRequests', interfaces },
  description: 'The member has as many open requests as are allowed.',
});
