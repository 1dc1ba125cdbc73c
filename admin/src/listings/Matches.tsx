import {
  Alert,
  Box,
  Button,
  Card,
  CardContent,
  Chip,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Tooltip,
  Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';
import { Link } from 'react-router-dom';
import { inWords } from '../common/StateChip.tsx';
import { useRefusal } from '../common/useRefusal.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import { words } from '../errors.ts';
import type { Listing, Match } from './listings.ts';

/** Why this listing is suggested to whom, or why not: every part of each score. Reckoned when it is asked for. */
export function Matches({ listing: { id, state } }: { listing: Listing }) {
  const [isAsked, ask] = useState(false);
  const refusal = useRefusal('matchingExplain');
  const reason = refusal ?? (state === 'PUBLISHED' ? undefined : 'Only published listings are matched.');
  return (
    <Card component="section" aria-label="Matches" sx={{ mt: 2 }}>
      <CardContent>
        <Typography variant="h2" gutterBottom>
          Matches
        </Typography>
        {isAsked ? (
          <Best id={id} />
        ) : (
          <Tooltip title={reason ?? ''}>
            <span tabIndex={reason ? 0 : undefined}>
              <Button variant="outlined" size="small" disabled={reason !== undefined} onClick={() => ask(true)}>
                Explain matches
              </Button>
            </span>
          </Tooltip>
        )}
      </CardContent>
    </Card>
  );
}

function Best({ id }: { id: string }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, error } = useQuery({ queryKey: ['matches', id], queryFn: () => dataProvider.matches(id) });
  if (error) return <Alert severity="error">{words(error)}</Alert>;
  if (!data) return <Typography role="status">One moment.</Typography>;
  if (!data.length) return <Typography>Nothing in the community comes near.</Typography>;
  return data.map((match) => {
    const counterpart = match.want.id === id ? match.offer : match.want;
    return <Explained key={counterpart.id} match={match} counterpart={counterpart} />;
  });
}

const number = (value: number | null) => (value === null ? '–' : value.toFixed(2));

function Explained({ match, counterpart }: { match: Match; counterpart: Match['want'] }) {
  const { score, least, passes, reasons, parts } = match;
  return (
    <Box component="details" sx={{ borderTop: 1, borderColor: 'divider', py: 1 }}>
      <Box component="summary" sx={{ cursor: 'pointer' }}>
        {number(score)} <Link to={`/listings/${encodeURIComponent(counterpart.id)}/show`}>{counterpart.title}</Link>{' '}
        <Chip
          size="small"
          variant="outlined"
          color={passes ? 'success' : 'default'}
          label={passes ? 'Suggested' : `Below ${number(least)}`}
        />
      </Box>
      <Typography variant="body2" color="textSecondary" sx={{ my: 1 }}>
        {reasons.join('; ') || 'There is no reason a member would read.'}
      </Typography>
      <Table size="small" aria-label={`Parts of the score with ${counterpart.title}`}>
        <TableHead>
          <TableRow>
            <TableCell>Part</TableCell>
            <TableCell align="right">Value</TableCell>
            <TableCell align="right">Weight</TableCell>
            <TableCell align="right">Brings</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {parts.map(({ part, value, weight, contribution }) => (
            <TableRow key={part}>
              <TableCell>{inWords(part)}</TableCell>
              <TableCell align="right">{number(value)}</TableCell>
              <TableCell align="right">{number(weight)}</TableCell>
              <TableCell align="right">{number(contribution)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
