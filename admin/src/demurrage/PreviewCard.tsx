import {
  Alert,
  Card,
  CardContent,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { Link } from 'react-router-dom';
import { momentInWords } from '../common/dates.ts';
import { Facts } from '../common/Facts.tsx';
import { moneyInWords } from '../common/moneyInWords.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import { rateInWords, type Proposal } from './demurrage.ts';

const SHOWN = 10;

/** Who would pay what at the next end of a period, of today's balances. */
export function PreviewCard({ proposal }: { proposal: Proposal }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error, isPending } = useQuery({
    queryKey: ['demurrage', 'preview', proposal],
    queryFn: () => dataProvider.demurragePreview(proposal, { skip: 0, take: SHOWN }),
  });
  return (
    <Card component="section" aria-label="Preview">
      <CardContent sx={{ display: 'grid', gap: 2 }}>
        <Typography variant="h2">Who would pay what</Typography>
        {proposal.demurrage === false && (
          <Typography variant="body2" color="textSecondary">
            It is switched off: nobody pays. This is what it would be if it were on.
          </Typography>
        )}
        {error && <Alert severity="error">{words(error)}</Alert>}
        {isPending && <Skeleton variant="rounded" height={160} />}
        {data && (
          <Facts
            facts={[
              ['At the end of', momentInWords(data.endsAt)],
              ['Rate', rateInWords(data.ratePpm)],
              ['Together', moneyInWords(data.charge)],
              ['Of it not available', moneyInWords(data.arrears)],
              ['Would pay', data.total.toLocaleString()],
              ['Would pay nothing', data.spared.toLocaleString()],
            ]}
          />
        )}
        {data && data.items.length > 0 && (
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>Member</TableCell>
                <TableCell align="right">Holds</TableCell>
                <TableCell align="right">Would pay</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {data.items.map(({ member, balance, charge }) => (
                <TableRow key={member.id}>
                  <TableCell>
                    <Link to={`/members/${encodeURIComponent(member.id)}/show`}>{member.displayName}</Link>
                  </TableCell>
                  <TableCell align="right">{moneyInWords(balance)}</TableCell>
                  <TableCell align="right">{moneyInWords(charge)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
        {data && data.total > data.items.length && (
          <Typography variant="body2" color="textSecondary">
            The {data.items.length} who would pay most.
          </Typography>
        )}
      </CardContent>
    </Card>
  );
}
