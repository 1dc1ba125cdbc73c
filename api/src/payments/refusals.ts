import type { PaymentRequestState } from '@kith/db';
import { DomainError } from '../errors.ts';
import { defineSqlState } from '../ledger/refusals.ts';

export class PaymentToSelf extends DomainError {
  readonly code = 'PAYMENT_TO_SELF';
  constructor() {
    super('A payment needs two different members.');
  }
}
export class PayeeUnavailable extends DomainError {
  readonly code = 'PAYEE_UNAVAILABLE';
  constructor() {
    super('There is no active member here to pay: they may have left or be suspended.');
  }
}
export class PayerUnavailable extends DomainError {
  readonly code = 'PAYER_UNAVAILABLE';
  constructor() {
    super('There is no active member here who could pay: they may have left or be suspended.');
  }
}
export class PaymentTooLarge extends DomainError {
  readonly code = 'PAYMENT_TOO_LARGE';
  constructor() {
    super('The community allows no payment as large as that: its policy paymentMost says how much.');
  }
}
export class DayLimitReached extends DomainError {
  readonly code = 'DAY_LIMIT_REACHED';
  constructor() {
    super('More than the community allows to be paid in a day, with what was paid today: pay less, or tomorrow.');
  }
}
export class RefundTooLarge extends DomainError {
  readonly code = 'REFUND_TOO_LARGE';
  constructor() {
    super('More than was paid, and is not sent back yet, cannot be sent back.');
  }
}
export class RequestClosed extends DomainError {
  readonly code = 'REQUEST_CLOSED';
  readonly state: PaymentRequestState;
  constructor(state: PaymentRequestState) {
    super(`The request is ${state.toLowerCase()}, so this cannot be done.`);
    this.state = state;
  }
}
export class RequestIdReused extends DomainError {
  readonly code = 'REQUEST_ID_REUSED';
  constructor() {
    super('This id stands for another request already: send the same content again, or make a new id.');
  }
}
export class TooManyRequests extends DomainError {
  readonly code = 'TOO_MANY_REQUESTS';
  constructor(most: number) {
    super(`You have ${most} open requests to members: wait until some are answered, or cancel them.`);
  }
}

defineSqlState('KL021', () => new PaymentTooLarge());
defineSqlState('KL022', () => new DayLimitReached());
defineSqlState('KL023', () => new PayeeUnavailable());
defineSqlState('KL024', () => new RefundTooLarge());
defineSqlState('KL025', () => new PayerUnavailable());
