import { Card, CardContent, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import { ActButton } from '../common/ActButton.tsx';
import { dateInWords } from '../common/dates.ts';
import type { KithDataProvider } from '../dataProvider.ts';
import type { Learned } from './understanding.ts';

const STATES = {
  ADOPTED: 'In use',
  WORSE: 'Not better, not used',
  REPLACED: 'Replaced by a newer one',
  TAKEN_BACK: 'Taken back',
} as const;

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What the nights brought, with its figures, and the way back. */
export function LearnedCategories({ learned }: { learned: readonly Learned[] }) {
  const dataProvider = useDataProvider<KithDataProvider>();
  const queries = useQueryClient();
  const afresh = () => queries.invalidateQueries({ queryKey: ['platformUnderstanding'] });
  const isAdopted = learned.some(({ state }) => state === 'ADOPTED');
  return (
    <Card>
      <CardContent>
        <Typography variant="h2" gutterBottom>
          Learned categories
        </Typography>
        <Typography variant="body2" color="textSecondary" sx={{ mb: 2 }}>
          Every night categories are learned from what authors ticked. What is not better in communities left out of the
          learning is not used.
        </Typography>
        <ActButton
          label="Learn now"
          question="Learn categories now?"
          explanation="It takes about a minute in the background. What is better is used at once."
          run={async () => (await dataProvider.learnCategories(), afresh())}
          done="Learning has begun."
        />{' '}
        <ActButton
          label="Go back to what ships"
          color="error"
          question="Go back to the categories that ship?"
          explanation="What was learned here is no longer used, until another night brings something better."
          disabledBecause={isAdopted ? undefined : 'What ships is in use.'}
          run={async () => (await dataProvider.takeBackLearnedCategories(), afresh())}
          done="What ships is in use again."
        />
        {learned.length > 0 && (
          <Table size="small" sx={{ mt: 2 }}>
            <TableHead>
              <TableRow>
                <TableCell>Learned</TableCell>
                <TableCell>State</TableCell>
                <TableCell align="right">Listings</TableCell>
                <TableCell align="right">Communities</TableCell>
                <TableCell align="right">Right first, as it ships</TableCell>
                <TableCell align="right">Right first, learned</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {learned.map(({ id, createdAt, state, listings, communities, before, after }) => (
                <TableRow key={id}>
                  <TableCell>{dateInWords(createdAt)}</TableCell>
                  <TableCell>{STATES[state]}</TableCell>
                  <TableCell align="right">{listings.toLocaleString()}</TableCell>
                  <TableCell align="right">{communities}</TableCell>
                  <TableCell align="right">{percent(before)}</TableCell>
                  <TableCell align="right">{percent(after)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </CardContent>
    </Card>
  );
}
