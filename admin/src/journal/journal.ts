import type { ResultOf, VariablesOf } from 'gql.tada';
import { dayInWords } from '../common/dates.ts';
import { dayBegins, dayEnds } from '../common/days.ts';
import { inWords } from '../common/StateChip.tsx';
import type { Page, Resource } from '../dataProvider.ts';
import { ApiError } from '../errors.ts';
import { accepted, request } from '../request.ts';
import { ENTRY, JOURNAL, REVERSE_ENTRY, SUBJECT } from './journal.graphql.ts';

export type EntryRow = ResultOf<typeof JOURNAL>['journalEntryList']['items'][number];
type Kind = EntryRow['kind'];

const read = async (id: string) => {
  const { node } = await request(ENTRY, { id });
  if (!node || !('postings' in node)) throw new ApiError('NOT_FOUND', 'There is no such entry.');
  const { node: subject } = node.subjectId ? await request(SUBJECT, { id: node.subjectId }) : { node: null };
  return { ...node, subject };
};
export type Entry = Awaited<ReturnType<typeof read>>;

const resource: Resource = {
  async list({ skip, take, filter: { text, kind, from, to } }: Page) {
    const filter = {
      text: text ? String(text) : null,
      kinds: kind ? [kind as Kind] : null,
      from: from ? dayBegins(String(from)) : null,
      to: to ? dayEnds(String(to)) : null,
    };
    return (await request(JOURNAL, { skip, take, filter })).journalEntryList;
  },
  one: read,
};

const verbs = {
  reverseEntry: async (input: VariablesOf<typeof REVERSE_ENTRY>['input']) =>
    void accepted((await request(REVERSE_ENTRY, { input })).reverseEntry),
};

export const journal = { resource, verbs };

export const KINDS: Kind[] = [
  ...(['PAYMENT', 'REFUND', 'TRADE', 'MINT', 'BURN', 'GRANT', 'DEMURRAGE', 'FEE', 'EXCHANGE', 'CASH_IN'] as const),
  ...(['CASH_OUT', 'FEDERATION', 'CAMPAIGN', 'TREASURY', 'ADJUSTMENT', 'REVERSAL'] as const),
];

interface Line {
  accountKind: string;
  member: { displayName: string | null } | null;
}
/** Whose account a line is about. */
export const holderInWords = ({ accountKind, member }: Line): string =>
  member?.displayName ?? accountKind.charAt(0) + accountKind.slice(1).toLowerCase();

/** What the treasury buys is a purchase; every other kind is its own word. */
export const kindInWords = (kind: string): string => (kind === 'TREASURY' ? 'Purchase' : inWords(kind));
/** Choices of a filter out of kinds. */
export const choicesOfKinds = (kinds: readonly string[]) => kinds.map((id) => ({ id, name: kindInWords(id) }));

/** What was written to an entry; to a charge of demurrage, the last day of its period. */
export const memoInWords = (kind: string, memo: string | null): string =>
  kind === 'DEMURRAGE' && memo && /^\d{4}-\d\d-\d\d$/.test(memo) ? `Period to ${dayInWords(memo)}` : (memo ?? '');
