import { useMediaQuery, type Theme } from '@mui/material';
import { DataTable, DateInput, SearchInput, SelectInput, SimpleList } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { StateChip } from '../common/StateChip.tsx';
import { choicesOfKinds, holderInWords, kindInWords, KINDS, memoInWords, type EntryRow } from './journal.ts';

const filters = [
  <SearchInput key="text" source="text" placeholder="Search memos" alwaysOn />,
  <SelectInput key="kind" source="kind" label="Kind" choices={choicesOfKinds(KINDS)} alwaysOn />,
  <DateInput key="from" source="from" label="From" />,
  <DateInput key="to" source="to" label="To" />,
];
const NAMED_MOST = 3;
/** From whom to whom; of a long entry the first few. */
function partiesOf({ postings }: EntryRow): string {
  const side = (isFrom: boolean) => {
    const names = postings.filter(({ amount }) => amount.amount.startsWith('-') === isFrom).map(holderInWords);
    const more = names.length - NAMED_MOST;
    return [...names.slice(0, NAMED_MOST), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  };
  return `${side(true)} → ${side(false)}`;
}
/** What came to the accounts that were credited, where all lines are shown. */
const largestOf = ({ postings }: EntryRow) => {
  const credits = postings.filter(({ amount }) => !amount.amount.startsWith('-'));
  const largest = credits.sort((one, other) => Number(other.amount.amount) - Number(one.amount.amount))[0];
  return moneyInWords(largest?.amount);
};

const exporter = csvExporter<EntryRow>('journal', {
  time: ({ postedAt }) => postedAt,
  kind: ({ kind }) => kind,
  memo: ({ memo }) => memo,
  parties: partiesOf,
  amounts: ({ postings }) => postings.map(({ amount }) => `${amount.amount} ${amount.currencyCode}`),
  actor: ({ actor }) => actor?.displayName,
  reversed: ({ reversedBy }) => reversedBy !== null,
});

/** Every movement of money; nothing is ever changed here. */
export function JournalList() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader
        title="Journal"
        help="Every movement of money. Nothing is changed or deleted: a mistake is reversed."
      />
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<EntryRow>
            primaryText={(entry) => `${kindInWords(entry.kind)} · ${largestOf(entry)}`}
            secondaryText={(entry) =>
              [momentInWords(entry.postedAt), partiesOf(entry), memoInWords(entry.kind, entry.memo)]
                .filter(Boolean)
                .join(' · ')
            }
            linkType="show"
            empty={<NoEntries />}
          />
        ) : (
          <DataTable<EntryRow> rowClick="show" bulkActionButtons={false} empty={<NoEntries />}>
            <DataTable.Col
              label="When"
              disableSort
              cellClassName="moment"
              render={({ postedAt }) => momentInWords(postedAt)}
            />
            <DataTable.Col label="Kind" disableSort render={({ kind }) => kindInWords(kind)} />
            <DataTable.Col label="From → to" disableSort render={partiesOf} />
            <DataTable.Col align="right" label="Amount" disableSort render={largestOf} />
            <DataTable.Col label="Memo" disableSort render={({ kind, memo }) => memoInWords(kind, memo)} />
            <DataTable.Col
              label=""
              disableSort
              render={({ reversedBy }) => (reversedBy ? <StateChip state="REVERSED" /> : null)}
            />
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

const NoEntries = () => <EmptyState title="Nothing has moved">Payments, trades and mints will stand here.</EmptyState>;
