import { sqlState } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import type { Money } from '../money.ts';

/** What may be had now is less than what is asked for. `available` is the account owner's business and nobody else's. */
export class InsufficientFunds extends DomainError {
  readonly code = 'INSUFFICIENT_FUNDS';
  readonly memberId: string | null;
  readonly available: Money;
  readonly needed: Money;
  constructor({ memberId, available, needed }: { memberId: string | null; available: Money; needed: Money }) {
    super('There is not enough available on the account for this.');
    this.memberId = memberId;
    this.available = available;
    this.needed = needed;
  }
}
export class CeilingExceeded extends DomainError {
  readonly code = 'CEILING_EXCEEDED';
  constructor() {
    super('The receiving account has a ceiling and cannot take so much: pay less, or ask its owner to spend first.');
  }
}
export class EntryIdReused extends DomainError {
  readonly code = 'ENTRY_ID_REUSED';
  constructor() {
    super('This id stands for something else already: send the same content again, or make a new id.');
  }
}
export class ReservationSpent extends DomainError {
  readonly code = 'RESERVATION_SPENT';
  constructor() {
    super('The reservation does not hold that much any more: load it again.');
  }
}
export class AlreadyReversed extends DomainError {
  readonly code = 'ALREADY_REVERSED';
  constructor() {
    super('The entry was reversed already.');
  }
}
export class NotReversible extends DomainError {
  readonly code = 'NOT_REVERSIBLE';
  constructor() {
    super(
      'There is nothing to reverse: it is a reversal itself, or what hangs on it has undone it. Post what is right anew.',
    );
  }
}
/** More than money hangs on the entry: what it is about is undone as a whole, by another mutation. */
export class PartOfSomething extends DomainError {
  readonly code = 'PART_OF_SOMETHING';
  readonly mutation: string;
  readonly subject: { type: string; id: string };
  constructor({ mutation, sentence, subject }: Undoing & { subject: { type: string; id: string } }) {
    super(sentence);
    this.mutation = mutation;
    this.subject = subject;
  }
}
export interface Undoing {
  /** The mutation that undoes all of it. */
  mutation: string;
  /** Says so. */
  sentence: string;
}

/** Whoever has left takes part in nothing: what is owed to them or by them was settled when they went. */
export class AccountClosed extends DomainError {
  readonly code = 'ACCOUNT_CLOSED';
  constructor() {
    super('The account is closed, because its owner has left the community. Nothing was moved.');
  }
}

type Detail = Record<string, string | number | null>;
const fundsOf = (detail: Detail) => {
  const money = (minor: unknown): Money => ({
    minor: BigInt(String(minor)),
    currencyCode: String(detail.currencyCode),
    scale: Number(detail.scale),
  });
  return new InsufficientFunds({
    memberId: detail.memberId as string | null,
    available: money(detail.available),
    needed: money(detail.needed),
  });
};

/**
 * Every SQLSTATE of the ledger, and what it is to the caller: a refusal or a rejection, thrown instead; null is a fault of ours
 * and stays what it is. Another domain adds its own with `defineSqlState`.
 */
const states = new Map<string, ((detail: Detail) => Error) | null>([
  ['KL001', fundsOf],
  ['KL002', () => new CeilingExceeded()],
  ['KL003', () => new EntryIdReused()],
  ['KL004', () => new ReservationSpent()],
  ['KL005', () => new AlreadyReversed()],
  ['KL006', () => notFound('entry')],
  ['KL007', null], // an account that is not there
  ['KL008', null], // a currency that does not sum to zero
  ['KL009', null], // malformed
  ['KL010', () => new EntryIdReused()], // of a reservation
  ['KL011', null], // a reservation that is not there
  ['KL012', null], // no such community
  ['KL013', () => notFound('member')],
  ['KL014', null], // append-only
  ['KL015', () => new NotReversible()],
  ['KL017', () => new AccountClosed()],
]);
export const sqlStates: ReadonlyMap<string, ((detail: Detail) => Error) | null> = states;

/** Says what a SQLSTATE of another domain means; null for a fault. */
export function defineSqlState(code: string, refusal: ((detail: Detail) => Error) | null) {
  if (states.has(code)) throw new Error(`The SQLSTATE ${code} is defined twice.`);
  states.set(code, refusal);
}

/** The refusal a SQLSTATE stands for; undefined for faults and for what is not of ours. */
export const refusalOf = (code: string | undefined, detail: string | null | undefined): Error | undefined =>
  states.get(code ?? '')?.(detail ? (JSON.parse(detail) as Detail) : {});

/** Throws the refusal an error of the database stands for, else the error itself. */
export function throwRefusal(error: unknown): never {
  throw refusalOf(sqlState(error), detailOf(error)) ?? error;
}

function detailOf(error: unknown): string | undefined {
  const { detail, meta } = error as {
    detail?: string;
    meta?: { driverAdapterError?: { cause?: { detail?: string } } };
  };
  return detail ?? meta?.driverAdapterError?.cause?.detail;
}
