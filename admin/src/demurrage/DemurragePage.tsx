import StartIcon from '@mui/icons-material/PlayArrowOutlined';
import { Alert, Box, Card, CardContent, Skeleton, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { DataTable, SimpleList, useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { csvExporter } from '../common/csv.ts';
import { momentInWords } from '../common/dates.ts';
import { EmptyState } from '../common/EmptyState.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { RecordList } from '../common/RecordList.tsx';
import { inWords, StateChip } from '../common/StateChip.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { changeInWords, rateInWords, type Rules, type RunRow } from './demurrage.ts';
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
          primaryText={({ endsOn, charged }) => `${endsOn} · ${moneyInWords(charged)}`}
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

const Changes = ({ changes }: Rules) => (
  <Card component="section" aria-label="How the rules came about" sx={{ mt: 2 }}>
    <CardContent>
      <Typography variant="h2" sx={{ mb: 1 }}>
        How the rules came about
      </Typography>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {changes.map((change) => (
          <Typography component="li" variant="body2" key={`${change.policy} ${change.effectiveAt} ${change.after}`}>
            {Date.parse(change.effectiveAt) > Date.now() ? 'From' : 'Since'} {momentInWords(change.effectiveAt)}:{' '}
            {changeInWords(change)}
            {change.decidedBy && `, by ${change.decidedBy.displayName}`}
            {change.reason && ` (${change.reason})`}
          </Typography>
        ))}
      </Box>
    </CardContent>
  </Card>
);

const NoRuns = () => (
  <EmptyState title={`No ${inWords('period')} charged yet`}>The first one ends when the rules above say so.</EmptyState>
);
