/** What clients sent and what they were told, in their own memory: whatever is killed, this is not. */
export type Outcome =
  | 'done'
  /** A rule said no. */
  | 'refused'
  /** Sent, and nothing was heard: it may have been done or not. */
  | 'unanswered';

export interface Payment {
  id: string;
  from: string;
  to: string;
  /** Minor units. */
  amount: bigint;
  outcome: Outcome;
  /** How often it was sent. */
  attempts: number;
  /** When it was posted, as the answers said. */
  postedAt: Set<string>;
}
/** Payments of one file: all or none. */
export interface Batch {
  id: string;
  from: string;
  rows: { to: string; amount: bigint }[];
  outcome: Outcome;
}
export interface Request {
  id: string;
  from: string;
  to: string;
  amount: bigint;
  asked: Outcome;
  /** Undefined when it was never tried. */
  accepted: Outcome | undefined;
}
export const STEPS = ['PROPOSED', 'AGREED', 'DELIVERED', 'COMPLETED'] as const;
export type Step = (typeof STEPS)[number];
export interface Trade {
  id: string;
  buyer: string;
  provider: string;
  price: bigint;
  /** What was answered of each step that was sent. */
  steps: Partial<Record<Step, Outcome>>;
}

export class Log {
  readonly payments: Payment[] = [];
  readonly batches: Batch[] = [];
  readonly requests: Request[] = [];
  readonly trades: Trade[] = [];
  /** Requests over HTTP, each repetition counted. */
  sent = 0;
  acknowledged = 0;
  refused = 0;
  /** Given up without an answer. */
  abandoned = 0;
  /** Calls that were sent again after no answer came. */
  retried = 0;
  /** Those of them that had their answer in the end. */
  restored = 0;
  /** What came instead of an answer, counted. */
  readonly silences = new Map<string, number>();
  /** Answers that something went wrong, while nothing was killed. */
  faults = 0;
  /** When the last answer came. */
  answeredAt = 0;
}
