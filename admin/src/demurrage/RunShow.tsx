import {
  Box,
  Button,
  Card,
  CardContent,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import { useRecordContext } from 'react-admin';
import { Link } from 'react-router-dom';
import { dayInWords, momentInWords } from '../common/dates.ts';
import { Facts } from '../common/Facts.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import { PageHeader } from '../common/PageHeader.tsx';
import { ShowPage } from '../common/ShowPage.tsx';
import { StateChip } from '../common/StateChip.tsx';
import { rateInWords, type Run } from './demurrage.ts';

const RUNNING_MS = 2000;

export const RunShow = () => (
  <ShowPage refetchInterval={(run) => ((run as Run | undefined)?.state === 'RUNNING' ? RUNNING_MS : false)}>
    <RunSheet />
  </ShowPage>
);

function RunSheet() {
  const run = useRecordContext<Run>();
  if (!run) return null;
  const { chargeList, arrearsList, entry } = run;
  return (
    <>
      <PageHeader
        title={`Demurrage to ${dayInWords(run.endsOn)}`}
        help="What every member was charged at the end of the period."
      >
        {entry && (
          <Button component={Link} to={`/journal/${encodeURIComponent(entry.id)}/show`} size="small" variant="outlined">
            The entry
          </Button>
        )}
      </PageHeader>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', lg: '3fr 2fr' }, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          {arrearsList.items.length > 0 && (
            <Lines
              name="Arrears"
              columns={['Charge', 'Taken']}
              rows={arrearsList.items.map(({ member, charge, paid }) => ({ member, figures: [charge, paid] }))}
              total={arrearsList.total}
            />
          )}
          <Lines
            name="Charges"
            columns={['Paid', 'Balance after']}
            rows={chargeList.items.map(({ member, paid, balanceAfter }) => ({ member, figures: [paid, balanceAfter] }))}
            total={chargeList.total}
          />
        </Box>
        <Card component="section" aria-label="Facts">
          <CardContent>
            <Facts
              facts={[
                ['State', <StateChip key="state" state={run.state} />],
                ['Period ended', momentInWords(run.endsAt)],
                ['Rate', `${rateInWords(run.ratePpm)} a ${run.period.toLowerCase()}`],
                ['Allowance', moneyInWords(run.allowance)],
                ['Days of grace', run.graceDays],
                ['Accounts', run.accounts.toLocaleString()],
                ['Charged', `${run.chargedAccounts.toLocaleString()} accounts, ${moneyInWords(run.charged)}`],
                ['Arrears', `${run.arrearsAccounts.toLocaleString()} accounts, ${moneyInWords(run.arrears)}`],
                ['Begun', momentInWords(run.startedAt)],
                ['Done', momentInWords(run.finishedAt)],
              ]}
            />
          </CardContent>
        </Card>
      </Box>
    </>
  );
}

interface LinesProps {
  name: string;
  columns: [string, string];
  rows: { member: { id: string; displayName: string | null }; figures: { amount: string; currencyCode: string }[] }[];
  total: number;
}
const Lines = ({ name, columns, rows, total }: LinesProps) => (
  <Card component="section" aria-label={name}>
    <CardContent>
      <Typography variant="h2" sx={{ mb: 1 }}>
        {name}
      </Typography>
      {rows.length === 0 && <Typography color="textSecondary">Nobody owed anything.</Typography>}
      {rows.length > 0 && (
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>Member</TableCell>
              {columns.map((column) => (
                <TableCell key={column} align="right">
                  {column}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map(({ member, figures }) => (
              <TableRow key={member.id}>
                <TableCell>
                  <Link to={`/members/${encodeURIComponent(member.id)}/show`}>{member.displayName}</Link>
                </TableCell>
                {figures.map((figure, at) => (
                  <TableCell key={at} align="right">
                    {moneyInWords(figure)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {total > rows.length && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          The first {rows.length} of {total.toLocaleString()}.
        </Typography>
      )}
    </CardContent>
  </Card>
);
