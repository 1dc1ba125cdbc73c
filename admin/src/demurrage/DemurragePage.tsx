import StartIcon from '@mui/icons-material/PlayArrowOutlined';
import { Alert, Skeleton, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { DataTable, SimpleList, useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { dayInWords, momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { StateChip } from '../common/StateChip.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { Changes } from './Changes.tsx';
import { rateInWords, type RunRow } from './demurrage.ts';
import { RulesForm } from './RulesForm.tsx';

const exporter = csvExporter<RunRow>('demurrage-runs', {
  period_end: ({ endsAt }) => endsAt,
  period: ({ period }) => period,
  rate_ppm: ({ ratePpm }) => ratePpm,
  accounts: ({ accounts }) => accounts,
  charged_accounts: ({ chargedAccounts }) => chargedAccounts,
  charged: ({ charged }) => charged.amount,
  arrears: ({ arrears }) => arrears.amount,
});

/** The rules of the holding cost, who would pay under others, and every period that was charged. */
export function DemurragePage() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const refusal = useRefusal('demurrageStart');
  const { data, error, isPending } = useQuery({
    queryKey: ['demurrage', 'rules'],
    queryFn: () => dataProvider.demurrageRules(),
  });
  return (
    <>
      <PageHeader
        title="Demurrage"
        help="A small cost of holding money keeps it moving. It is charged on what lies above the allowance at the end of each period, and goes to the treasury."
      >
        <ActButton
          label="Charge what is due"
          icon={<StartIcon />}
          question="Charge what is due?"
          explanation="Periods that have ended and were not charged are charged at once, each with the balances of its own moment. This happens by itself every minute; a period is charged once, however often it is started."
          disabledBecause={refusal}
          run={() => dataProvider.startDemurrage()}
          done="Whatever is due is being charged."
        />
      </PageHeader>
      {error && <Alert severity="error">{words(error)}</Alert>}
      {isPending && <Skeleton variant="rounded" height={240} />}
      {data && <RulesForm key={JSON.stringify(data.policies)} {...data} />}
      {data && data.changes.length > 0 && <Changes {...data} />}
      <Typography variant="h2" sx={{ mt: 3 }}>
        Periods charged
      </Typography>
      <Runs />
    </>
  );
}

function Runs() {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('md'));
  return (
    <RecordList exporter={exporter}>
      {isNarrow ? (
        <SimpleList<RunRow>
          primaryText={({ endsOn, charged }) => `${dayInWords(endsOn)} · ${moneyInWords(charged)}`}
          secondaryText={({ ratePpm, period, chargedAccounts, accounts }) =>
            `${rateInWords(ratePpm)} a ${period.toLowerCase()}, ${chargedAccounts} of ${accounts} accounts`
          }
          linkType="show"
          empty={<NoRuns />}
        />
      ) : (
        <DataTable<RunRow> rowClick="show" bulkActionButtons={false} empty={<NoRuns />}>
          <DataTable.Col label="Period ended" disableSort render={({ endsAt }) => momentInWords(endsAt)} />
          <DataTable.Col
            label="Rate"
            disableSort
            render={({ ratePpm, period }) => `${rateInWords(ratePpm)} a ${period.toLowerCase()}`}
          />
          <DataTable.Col
            align="right"
            label="Accounts charged"
            disableSort
            render={({ chargedAccounts, accounts }) => `${chargedAccounts} of ${accounts}`}
          />
          <DataTable.Col align="right" label="Charged" disableSort render={({ charged }) => moneyInWords(charged)} />
          <DataTable.Col align="right" label="Arrears" disableSort render={({ arrears }) => moneyInWords(arrears)} />
          <DataTable.Col label="" disableSort render={({ state }) => <StateChip state={state} />} />
        </DataTable>
      )}
    </RecordList>
  );
}

const NoRuns = () => (
  <EmptyState title="No period charged yet">The first one ends when the rules above say so.</EmptyState>
);
