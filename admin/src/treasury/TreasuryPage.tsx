import { Alert, Box, Skeleton, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { DataTable, SelectInput, SimpleList, useDataProvider } from 'react-admin';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { choicesOfKinds, kindInWords, memoInWords } from '../journal/journal.ts';
import { MoneyReport } from './MoneyReport.tsx';
import { SpendButton } from './SpendButton.tsx';
import type { TreasuryLine } from './treasury.ts';

const KINDS = choicesOfKinds(['DEMURRAGE', 'FEE', 'GRANT', 'TREASURY', 'BURN', 'CAMPAIGN', 'REVERSAL']);
const filters = [<SelectInput key="kind" source="kind" label="Kind" choices={KINDS} alwaysOn />];
const exporter = csvExporter<TreasuryLine>('treasury', {
  time: ({ postedAt }) => postedAt,
  kind: ({ kind }) => kind,
  amount: ({ amount }) => amount.amount,
  balance: ({ balanceAfter }) => balanceAfter.amount,
  member: ({ member }) => member?.displayName,
  reason: ({ reason }) => reason,
  actor: ({ actor }) => actor?.displayName,
});

/** What the community holds, what it did with it, and how its economy is. */
export function TreasuryPage() {
  const ledgerRefusal = useRefusal('ledgerRead');
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <>
      <PageHeader
        title="Treasury"
        help="What belongs to the community. Every member can read this report and its reasons."
      >
        <SpendButton verb="grant" />
        <SpendButton verb="buy" />
        <SpendButton verb="burn" />
      </PageHeader>
      <Holdings />
      {!ledgerRefusal && <MoneyReport />}
      <Typography variant="h2" sx={{ mt: 3 }}>
        Every movement
      </Typography>
      <RecordList filters={filters} exporter={exporter}>
        {isNarrow ? (
          <SimpleList<TreasuryLine>
            primaryText={({ kind, amount }) => `${kindInWords(kind)} · ${moneyInWords(amount)}`}
            secondaryText={({ postedAt, kind, member, reason }) =>
              [momentInWords(postedAt), member?.displayName, memoInWords(kind, reason)].filter(Boolean).join(' · ')
            }
            rowClick={false}
            empty={<NoLines />}
          />
        ) : (
          <DataTable<TreasuryLine> rowClick={false} bulkActionButtons={false} empty={<NoLines />}>
            <DataTable.Col
              label="When"
              disableSort
              cellClassName="moment"
              render={({ postedAt }) => momentInWords(postedAt)}
            />
            <DataTable.Col label="Kind" disableSort render={({ kind }) => kindInWords(kind)} />
            <DataTable.Col align="right" label="Amount" disableSort render={({ amount }) => moneyInWords(amount)} />
            <DataTable.Col
              align="right"
              label="Balance"
              disableSort
              render={({ balanceAfter }) => moneyInWords(balanceAfter)}
            />
            <DataTable.Col label="To" disableSort render={({ member }) => member?.displayName ?? '–'} />
            <DataTable.Col label="Why" disableSort render={({ kind, reason }) => memoInWords(kind, reason) || '–'} />
            <DataTable.Col label="Decided by" disableSort render={({ actor }) => actor?.displayName ?? '–'} />
          </DataTable>
        )}
      </RecordList>
    </>
  );
}

function Holdings() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error, isPending } = useQuery({ queryKey: ['treasury'], queryFn: () => dataProvider.treasuryReport() });
  if (error) return <Alert severity="error">{words(error)}</Alert>;
  if (isPending) return <Skeleton variant="rounded" height={80} />;
  const sums = data.kinds.map(({ kind, income, spending }) => {
    const parts = [
      ...(Number(income.amount) ? [`${moneyInWords(income)} came`] : []),
      ...(Number(spending.amount) ? [`${moneyInWords(spending)} went`] : []),
    ];
    return `${kindInWords(kind)}: ${parts.join(', ')}`;
  });
  return (
    <Box component="section" aria-label="Holdings">
      <Typography sx={{ typography: 'h1', fontSize: '2rem', fontVariantNumeric: 'tabular-nums' }}>
        {moneyInWords(data.balance)}
      </Typography>
      <Typography color="textSecondary">
        In 30 days {moneyInWords(data.income)} came and {moneyInWords(data.spending)} went.
        {sums.length > 0 && ` ${sums.join('; ')}.`}
      </Typography>
    </Box>
  );
}

const NoLines = () => (
  <EmptyState title="Nothing yet">Demurrage and fees come here; grants, purchases and burns go from here.</EmptyState>
);
