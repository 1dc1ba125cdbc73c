import { Box, Card, CardContent, Typography } from '@mui/material';
import { momentInWords } from '../common/dates.ts';
import { changeInWords, type Rules } from './demurrage.ts';

type Change = Rules['changes'][number];

/** How the rules came about: what was decided at once stands together, with its one reason. */
export const Changes = ({ changes }: Pick<Rules, 'changes'>) => (
  <Card component="section" aria-label="How the rules came about" sx={{ mt: 2 }}>
    <CardContent>
      <Typography variant="h2" sx={{ mb: 1 }}>
        How the rules came about
      </Typography>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {decisionsOf(changes).map((decided) => (
          <Decision key={`${decided[0]!.effectiveAt} ${decided[0]!.policy}`} decided={decided} />
        ))}
      </Box>
    </CardContent>
  </Card>
);

function Decision({ decided }: { decided: Change[] }) {
  const { effectiveAt, decidedBy, reason } = decided[0]!;
  const by = [decidedBy?.displayName, reason && `“${reason}”`].filter(Boolean).join(': ');
  return (
    <Typography component="li" variant="body2" sx={{ overflowWrap: 'anywhere' }}>
      {Date.parse(effectiveAt) > Date.now() ? 'From' : 'Since'} {momentInWords(effectiveAt)}:{' '}
      {decided.map(changeInWords).join('; ')}.
      {by && (
        <Box component="span" sx={{ display: 'block', color: 'text.secondary' }}>
          {by}
        </Box>
      )}
    </Typography>
  );
}

/** Changes of one moment, by one person for one reason, as one. */
function decisionsOf(changes: readonly Change[]): Change[][] {
  const decisions = new Map<string, Change[]>();
  for (const change of changes) {
    const one = JSON.stringify([change.effectiveAt, change.decidedBy?.displayName, change.reason]);
    // The last that was written comes first; on, rate and period read better in the order of the form.
    decisions.set(one, [change, ...(decisions.get(one) ?? [])]);
  }
  return [...decisions.values()];
}
