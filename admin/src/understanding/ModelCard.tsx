import { Alert, Box, Card, CardContent, LinearProgress, Typography } from '@mui/material';
import { Facts } from '../common/Facts.tsx';
import type { Progress } from './understanding.ts';

const STATES = {
  OFF: 'Off, by configuration: words serve alone',
  ASLEEP: 'Not used yet',
  LOADING: 'Being loaded',
  READY: 'Ready',
  DOWN: 'Down: words serve alone, and it is asked again by itself',
} as const;

/** How the model stands, and how far it is. */
export function ModelCard({ progress }: { progress: Progress }) {
  const { state, notice, model, listings, done, behind } = progress;
  return (
    <Card>
      <CardContent sx={{ display: 'grid', gap: 2 }}>
        <Facts
          facts={[
            ['Model', model],
            ['State', STATES[state]],
            ['Communities to do', progress.communitiesBehind || 'None'],
          ]}
        />
        {notice && (
          <Alert severity="warning" variant="outlined">
            {notice}
          </Alert>
        )}
        {listings > 0 && (
          <Box role="status">
            <Typography variant="body2" gutterBottom>
              {done.toLocaleString()} of {listings.toLocaleString()} listings; what was known before serves meanwhile.
            </Typography>
            <LinearProgress variant="determinate" value={(100 * done) / listings} aria-label="Listings looked at" />
          </Box>
        )}
        {behind.map((one) => (
          <Typography key={one.communityId} variant="body2" color="textSecondary">
            {one.name}: {one.done} of {one.listings}
            {one.serving ? ', the model before serves' : ', words serve'}
          </Typography>
        ))}
      </CardContent>
    </Card>
  );
}
