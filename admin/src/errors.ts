// Refusals come with a sentence of their own; these are the codes whose sentence was written for programmers.
const sentences: Record<string, string> = {
  UNAUTHENTICATED: 'Your session has ended. Sign in again to go on.',
  NOT_FOUND: 'This is not there, or no longer.',
  RATE_LIMITED: 'Too many requests in a short time. Wait a moment, then try again.',
  QUERY_TOO_COMPLEX: 'This asks for too much at once. Choose a smaller page.',
  UNREACHABLE: 'Kith does not answer. Check the connection, then try again.',
  UNAVAILABLE: 'A part of Kith is not available at the moment. Try again in a little while.',
};

export interface ErrorDetails {
  requestId?: string;
  issues?: { path: string; message: string }[];
}

/** The API said no: a refusal (a rule of the community) or a rejection (the request is not acceptable). Its message is for people. */
export class ApiError extends Error {
  readonly code: string;
  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(sentenceOf(code, message, details));
    this.code = code;
  }
}

function sentenceOf(code: string, message: string, { requestId, issues }: ErrorDetails): string {
  if (code === 'INTERNAL')
    return `Something went wrong on our side. Try again${requestId ? `, or report it with the number ${requestId}` : ''}.`;
  return sentences[code] ?? (issues?.length ? issues.map((issue) => issue.message).join(' ') : message);
}

/** What to tell a person about an error: with ApiError, the one place that turns errors into words. */
export const words = (error: unknown): string =>
  error instanceof ApiError ? error.message : 'The console has made a mistake. Reload the page, then try again.';

export const isSessionOver = (error: unknown) => error instanceof ApiError && error.code === 'UNAUTHENTICATED';
