import { GraphQLError } from 'graphql';

/** A refusal: a rule of the domain said no, and the member can do something about it. A member of the mutation's union on the wire. */
export abstract class DomainError extends Error {
  abstract readonly code: string;
}

export type RejectionCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'QUERY_TOO_COMPLEX'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE';

/** A rejection: the request itself is not acceptable; the client program has to change. `errors[].extensions.code` on the wire. */
export class Rejection extends GraphQLError {
  constructor(code: RejectionCode, message: string, details: Record<string, unknown> = {}) {
    super(message, { extensions: { code, ...details } });
  }
}

export const unauthenticated = () =>
  new Rejection('UNAUTHENTICATED', 'Sign in and send the session token as "Authorization: Bearer …".');
export const forbidden = (what = 'this') => new Rejection('FORBIDDEN', `Your role does not allow ${what}.`);
/** Missing and forbidden look the same from outside. */
export const notFound = (what: string) => new Rejection('NOT_FOUND', `There is no such ${what} here.`);
export const badInput = (message: string, field?: string) =>
  new Rejection('BAD_USER_INPUT', message, field ? { field } : {});
/** Something we depend on is out; the same request may be sent again later. */
export const unavailable = (message: string, retryAfterMs = 2000) =>
  new Rejection('UNAVAILABLE', message, { retryAfterMs });
